package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Outcome;
import kvit.ledger.Posting;
import kvit.ledger.Promise;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.payout.StopPayouts;
import org.jspecify.annotations.Nullable;

/**
 * Holds what is contested, as far as its owner has it: what is in the wallet, and what has left it
 * for a card and was not handed over yet. Those payouts are stopped, the newest first, and no more
 * of them than it takes.
 */
@ApplicationScoped
class HoldContested {

    private final DisputeStore disputes;
    private final StopPayouts payouts;
    private final Ledger ledger;

    HoldContested(DisputeStore disputes, StopPayouts payouts, Ledger ledger) {
        this.disputes = disputes;
        this.payouts = payouts;
        this.ledger = ledger;
    }

    /** What stops a payout each, the newest first; before any dispute is locked. */
    List<Runnable> lockWaiting(UUID customer, Currency currency) {
        return payouts.lock(customer, currency);
    }

    /**
     * Posts, and holds as much of the amount as there is, under the id of the posting.
     *
     * @param waiting what stops a payout each, all of them of the customer and in this currency
     * @return what is held
     */
    Money postAndHold(Posting posting, UUID customer, Money amount, List<Runnable> waiting) {
        var wallet = Account.wallet(customer, amount.currency());
        if (!waiting.isEmpty()) {
            lockAll(posting, wallet);
        }
        var promise = new Promise(posting.id(), wallet, amount, null);
        var outcomes = ledger.post(List.of(posting, promise));
        written(outcomes.get(0));
        var available = availableInstead(outcomes.get(1));
        for (var stop : waiting) {
            if (available == null) {
                break;
            }
            stop.run();
            available = availableInstead(ledger.post(List.of(promise)).get(0));
        }
        if (available == null) {
            return amount;
        }
        if (available.isPositive()) {
            // Under lock by now, so nobody takes any of it.
            var rest = new Promise(posting.id(), wallet, available, null);
            written(ledger.post(List.of(rest)).get(0));
        }
        return available;
    }

    /**
     * Also what payouts give back, because accounts are locked in their order or not at all; and
     * before them the disputes that what is given back may be held for.
     */
    private void lockAll(Posting posting, Account wallet) {
        var currency = wallet.currency();
        disputes.lockLacking(Objects.requireNonNull(wallet.owner()), currency, Instant.EPOCH);
        var accounts = new ArrayList<>(posting.accounts());
        accounts.addAll(List.of(wallet, Account.payoutClearing(currency), Account.fees(currency)));
        ledger.release(accounts, Set.of());
    }

    /** Null where it is promised. */
    private static @Nullable Money availableInstead(Outcome outcome) {
        var refusal = outcome.refusal();
        return refusal == null ? null : (Money) Objects.requireNonNull(refusal.member("available"));
    }

    /**
     * When it was.
     *
     * @throws IllegalStateException when it was refused
     */
    static Instant written(Outcome outcome) {
        if (outcome.refusal() != null) {
            throw new IllegalStateException(
                    "dispute: " + outcome.move().id() + " cannot be posted", outcome.refusal());
        }
        return outcome.at();
    }
}
