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

/**
 * Holds what is contested, as far as its owner has it: what is in the wallet, and what has left it
 * for a card and was not handed over yet. Those payouts are stopped, the newest first, and no more
 * of them than it takes. What the contested charge itself has brought and nobody has got yet comes
 * before all of that ({@link kvit.topup.Charges#lockContested}).
 *
 * <p>What they have of ours, for another dispute that is open, is not theirs, and is left where it
 * is: what becomes of it is decided with that one.
 */
@ApplicationScoped
class HoldContested {

    private final DisputeStore disputes;
    private final DisputeCreditStore credits;
    private final StopPayouts payouts;
    private final Ledger ledger;

    HoldContested(
            DisputeStore disputes, DisputeCreditStore credits, StopPayouts payouts, Ledger ledger) {
        this.disputes = disputes;
        this.credits = credits;
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
     * @param freeing what makes the money of the very charge available, as far as it is here
     * @param waiting what stops a payout each, all of them of the customer and in this currency
     * @return what is held
     */
    Money postAndHold(
            Posting posting,
            UUID customer,
            Money amount,
            Runnable freeing,
            List<Runnable> waiting) {
        var wallet = Account.wallet(customer, amount.currency());
        lockAll(posting, wallet, !waiting.isEmpty());
        freeing.run();
        written(ledger.post(List.of(posting)).get(0));
        var theirs = theirs(wallet);
        for (var stop : waiting) {
            if (theirs >= amount.minor()) {
                break;
            }
            stop.run();
            theirs = theirs(wallet);
        }
        var held = new Money(Math.min(theirs, amount.minor()), amount.currency());
        if (held.isPositive()) {
            // Under lock by now, so nobody takes any of it.
            written(ledger.post(List.of(new Promise(posting.id(), wallet, held, null))).get(0));
        }
        return held;
    }

    /** What of a wallet is free and not ours, in minor units; under its lock. */
    long theirs(Account wallet) {
        var ours = credits.out(Objects.requireNonNull(wallet.owner()), wallet.currency());
        return Math.max(0, ledger.balance(wallet).available().minor() - ours);
    }

    /**
     * Also what payouts that are stopped give back, because accounts are locked in their order or
     * not at all; and before them the disputes that what is given back may be held for.
     */
    private void lockAll(Posting posting, Account wallet, boolean withPayouts) {
        var currency = wallet.currency();
        var accounts = new ArrayList<>(posting.accounts());
        accounts.add(wallet);
        if (withPayouts) {
            disputes.lockLacking(Objects.requireNonNull(wallet.owner()), currency, Instant.EPOCH);
            accounts.addAll(List.of(Account.payoutClearing(currency), Account.fees(currency)));
        }
        ledger.release(accounts, Set.of());
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
