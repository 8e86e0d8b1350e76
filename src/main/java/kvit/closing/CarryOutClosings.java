package kvit.closing;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.card.RemoveAllCards;
import kvit.friend.Friends;
import kvit.identity.CustomerFile;
import kvit.identity.FormerCustomers;
import kvit.identity.LeavingCustomers;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.request.EndRequests;
import kvit.source.Clock;
import kvit.transfer.TakeBackWaiting;
import org.jboss.logging.Logger;

/**
 * Closes accounts of which nothing is left, looks whether money has come to them since, and forgets
 * who they were when the time is over. Runs on every replica; each takes what no other is at.
 *
 * <p>A closed account is looked at for good: a payout comes back weeks later, a dispute is won.
 * Each look comes after twice the age of the one before, and at the latest a month later.
 */
@ApplicationScoped
class CarryOutClosings {

    private static final Logger LOG = Logger.getLogger(CarryOutClosings.class);

    /**
     * Whatever has found a customer who was not closing yet has ended by then, one way or another:
     * no transaction commits after six seconds, and what hangs in it ends with its statement.
     */
    static final Duration ARRIVES = Duration.ofSeconds(30);

    private static final int PORTION = 20;
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration LOOK_FIRST = Duration.ofSeconds(5);
    private static final Duration LOOK_OPEN = Duration.ofMinutes(15);
    private static final Duration LOOK_CLOSED = Duration.ofMinutes(1);
    private static final Duration LOOK_MAX = Duration.ofDays(30);

    private final ClosingStore store;
    private final Obstacles obstacles;
    private final LeavingCustomers leaving;
    private final FormerCustomers former;
    private final RemoveAllCards removeAllCards;
    private final TakeBackWaiting takeBackWaiting;
    private final EndRequests endRequests;
    private final Friends friends;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final ClosingConfig config;
    private final Clock clock;

    CarryOutClosings(
            ClosingStore store,
            Obstacles obstacles,
            LeavingCustomers leaving,
            FormerCustomers former,
            RemoveAllCards removeAllCards,
            TakeBackWaiting takeBackWaiting,
            EndRequests endRequests,
            Friends friends,
            MoneyTransactions transactions,
            Outbox outbox,
            ClosingConfig config,
            Clock clock) {
        this.store = store;
        this.obstacles = obstacles;
        this.leaving = leaving;
        this.former = former;
        this.removeAllCards = removeAllCards;
        this.takeBackWaiting = takeBackWaiting;
        this.endRequests = endRequests;
        this.friends = friends;
        this.transactions = transactions;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    static Duration atLeast(Duration wanted) {
        return wanted.compareTo(ARRIVES) < 0 ? ARRIVES : wanted;
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (carryOutDue() == PORTION) {
            Thread.onSpinWait();
        }
    }

    private int carryOutDue() {
        var due =
                transactions.once(
                        () -> {
                            var now = clock.instant();
                            return store.claimDue(now, now.plus(LEASE), PORTION);
                        });
        due.forEach(it -> carryOut(it.customer()));
        return due.size();
    }

    /** The next step of one. */
    void carryOut(UUID customer) {
        try {
            var state = transactions.once(() -> store.standing(customer).map(Closing::state));
            if (state.equals(Optional.of(ClosingState.CLOSING))) {
                // Of one who was frozen meanwhile nothing is taken back; what is next withdraws it.
                if (transactions.once(() -> leaving.lock(customer)) == CustomerFile.State.CLOSING) {
                    takeBackWaiting.of(customer);
                    endRequests.of(customer);
                }
                leaving.signedOut(transactions.once(() -> closeIfNothingIsLeft(customer)));
            } else if (state.isPresent()) {
                transactions.once(() -> lookAgain(customer));
            }
        } catch (RuntimeException e) {
            // One that cannot be closed must not keep the others; it is due again later.
            LOG.errorf(e, "the closing of %s cannot be carried out", customer);
        }
    }

    /** The sessions that have ended with it; none where it goes on. */
    private List<UUID> closeIfNothingIsLeft(UUID customer) {
        var state = leaving.lock(customer);
        var standing = store.lock(customer);
        if (standing.isEmpty() || standing.get().state() != ClosingState.CLOSING) {
            return List.of();
        }
        var closing = standing.get();
        var now = clock.instant();
        if (state != CustomerFile.State.CLOSING) {
            // An operator has stopped all their money; what comes of that is to be seen first.
            store.update(closing.withdrawn(now), null);
            return List.of();
        }
        if (now.isBefore(closing.closesAfter()) || !obstacles.of(customer).isEmpty()) {
            store.update(closing, nextOf(closing, now));
            return List.of();
        }
        removeAllCards.of(customer);
        friends.forget(customer);
        var ended = leaving.close(customer, now.plus(config.handleRests()));
        store.update(closing.closed(now), now.plus(LOOK_CLOSED));
        outbox.add(List.of(new AccountClosed(customer, now)));
        return ended;
    }

    private static Instant nextOf(Closing closing, Instant now) {
        var wait = between(LOOK_FIRST, age(closing.askedAt(), now).dividedBy(8), LOOK_OPEN);
        var next = now.plus(wait);
        return next.isBefore(closing.closesAfter()) ? closing.closesAfter() : next;
    }

    private boolean lookAgain(UUID customer) {
        var closing = store.lock(customer).orElseThrow();
        var now = clock.instant();
        var closedAt = closing.closedAt();
        if (closedAt == null) {
            return false;
        }
        var isOwed = obstacles.of(customer).contains(Obstacle.MONEY);
        var next = closing;
        if (isOwed && closing.state() == ClosingState.CLOSED) {
            LOG.warnf(
                    "money has come for %s, who has left%s",
                    customer,
                    closing.forgottenAt() == null ? "" : ", and of whom nothing is known");
            next = closing.owed();
        } else if (!isOwed && closing.state() == ClosingState.OWED) {
            next = closing.settled();
        }
        if (next.state() == ClosingState.CLOSED && isToBeForgotten(customer, now)) {
            former.forget(customer);
            next = next.forgotten(now);
        }
        store.update(next, now.plus(between(LOOK_CLOSED, age(closedAt, now), LOOK_MAX)));
        return true;
    }

    /** As long as anything of theirs is contested it has to be known who they are. */
    private boolean isToBeForgotten(UUID customer, Instant now) {
        return former.find(customer).filter(it -> !now.isBefore(it.keepUntil())).isPresent()
                && obstacles.of(customer).isEmpty();
    }

    private static Duration age(Instant since, Instant now) {
        return Duration.between(since, now);
    }

    private static Duration between(Duration min, Duration wanted, Duration max) {
        if (wanted.compareTo(min) < 0) {
            return min;
        }
        return wanted.compareTo(max) > 0 ? max : wanted;
    }
}
