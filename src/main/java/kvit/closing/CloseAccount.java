package kvit.closing;

import static kvit.closing.ClosingProblem.CLOSING_CHARGING;
import static kvit.closing.ClosingProblem.CLOSING_CONTESTED;
import static kvit.closing.ClosingProblem.MONEY_LEFT;
import static kvit.closing.ClosingProblem.MONEY_NOT_PAID_OUT;
import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.identity.ClientApp;
import kvit.identity.CustomerFile;
import kvit.identity.LeavingCustomers;
import kvit.ledger.Balance;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.payout.PayOutRest;
import kvit.problem.Problem;
import kvit.request.EndRequests;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.transfer.TakeBackWaiting;
import org.jspecify.annotations.Nullable;

/**
 * Begins to close an account: money goes to a card first, and from then on nobody finds the
 * customer. That nothing is left is found out again by {@link CarryOutClosings}, which closes it;
 * so whatever comes in between is theirs, and keeps it open.
 *
 * <p>Needs no key: there is one account to close, and money that was paid out is not there to be
 * paid out again.
 */
@ApplicationScoped
class CloseAccount {

    private final ClosingStore store;
    private final Obstacles obstacles;
    private final LeavingCustomers leaving;
    private final Ledger ledger;
    private final PayOutRest payOutRest;
    private final TakeBackWaiting takeBackWaiting;
    private final EndRequests endRequests;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final ClosingConfig config;
    private final Clock clock;
    private final Ids ids;

    CloseAccount(
            ClosingStore store,
            Obstacles obstacles,
            LeavingCustomers leaving,
            Ledger ledger,
            PayOutRest payOutRest,
            TakeBackWaiting takeBackWaiting,
            EndRequests endRequests,
            MoneyTransactions transactions,
            Outbox outbox,
            ClosingConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.obstacles = obstacles;
        this.leaving = leaving;
        this.ledger = ledger;
        this.payOutRest = payOutRest;
        this.takeBackWaiting = takeBackWaiting;
        this.endRequests = endRequests;
        this.transactions = transactions;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Of one that is closing already, what is left is paid out once more, and nothing else.
     *
     * @param client the front end that it came through
     * @param card where money that is left goes; null where there is none
     * @throws Problem CUSTOMER_FROZEN, CLOSING_CONTESTED, CLOSING_CHARGING, MONEY_LEFT,
     *     CARD_NOT_FOUND, MONEY_NOT_PAID_OUT; then the account is open, and whatever was paid out
     *     before is on its way
     */
    ClosingView close(UUID customer, ClientApp client, @Nullable UUID card) {
        transactions.once(() -> mayBegin(customer, card != null));
        if (card != null) {
            takeBackWaiting.of(customer);
            // What a card has paid goes back to it first, and that takes a moment.
            transactions.once(() -> mayBegin(customer, true));
            payOut(customer, client, card);
        }
        transactions.once(() -> begin(customer));
        takeBackWaiting.of(customer);
        endRequests.of(customer);
        return transactions.once(() -> view(customer));
    }

    /**
     * How it stands.
     *
     * @throws Problem CLOSING_NOT_FOUND
     */
    ClosingView view(UUID customer) {
        return store.standing(customer)
                .map(it -> ClosingView.of(it, obstacles.of(customer), ledger.balances(customer)))
                .orElseThrow(WithdrawClosing::notFound);
    }

    /** Says whether it is to begin: not when it has. */
    private boolean mayBegin(UUID customer, boolean hasCard) {
        var state = leaving.lock(customer);
        if (state == CustomerFile.State.CLOSING) {
            return false;
        }
        if (state != CustomerFile.State.ACTIVE) {
            throw CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        requireNothingOf(obstacles.of(customer), hasCard, customer);
        return true;
    }

    /** In the order of {@link ClosingProblem}. */
    private void requireNothingOf(Set<Obstacle> found, boolean hasCard, UUID customer) {
        var contested = EnumSet.of(Obstacle.DISPUTE, Obstacle.CLAIM);
        contested.retainAll(found);
        if (!contested.isEmpty()) {
            throw CLOSING_CONTESTED
                    .because("It may cost you money, or give you some; wait for its end.")
                    .with("waitsFor", contested);
        }
        if (found.contains(Obstacle.CHARGE)) {
            throw CLOSING_CHARGING.because("Wait a moment for what becomes of it.");
        }
        if (found.contains(Obstacle.MONEY) && !hasCard) {
            throw MONEY_LEFT
                    .because("Name a card that it goes to, or send it to somebody.")
                    .with("left", ClosingView.left(ledger.balances(customer)));
        }
    }

    private void payOut(UUID customer, ClientApp client, UUID card) {
        for (var left : available(ledger.balances(customer))) {
            payOutRest
                    .payOut(customer, client, card, left)
                    .ifPresent(
                            refused -> {
                                throw MONEY_NOT_PAID_OUT
                                        .because(refused.detail())
                                        .with("reason", refused.code())
                                        .with("amount", left);
                            });
        }
    }

    private static List<Money> available(List<Balance> balances) {
        return balances.stream().map(Balance::available).filter(Money::isPositive).toList();
    }

    /**
     * Asked again, because things happen meanwhile. What comes later than this does not find the
     * customer, but for what has found them before: it has arrived when the account may be closed.
     */
    private boolean begin(UUID customer) {
        if (!mayBegin(customer, false)) {
            return false;
        }
        var now = clock.instant();
        var closing =
                Closing.asked(
                        customer,
                        ids.next(),
                        now,
                        now.plus(CarryOutClosings.atLeast(config.closesAfter())));
        leaving.begin(customer);
        // Of one who was frozen meanwhile, and is not any more, before anybody came to it.
        store.lock(customer).ifPresent(it -> store.update(it.withdrawn(now), null));
        store.insert(closing, now);
        outbox.add(List.of(new ClosingBegun(customer, closing.closesAfter())));
        return true;
    }
}
