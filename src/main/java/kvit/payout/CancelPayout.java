package kvit.payout;

import static kvit.payout.PayoutProblem.PAYOUT_NOT_CANCELLABLE;
import static kvit.payout.PayoutProblem.PAYOUT_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Takes back a payout that was not handed over yet.
 *
 * <p>Under the lock under which it would be handed over: of the two one comes first. A cancellation
 * is a row of its own, the record of its key, so that a refusal is replayed as well.
 */
@ApplicationScoped
class CancelPayout {

    /** Which payout its owner wants to take back. */
    record Order(UUID payout) {}

    /**
     * A request to take back under a key.
     *
     * @param requestId of the HTTP request, for the answer
     */
    record Attempt(UUID customer, IdempotencyKey key, String requestId, Order order) {}

    private final PayoutStore store;
    private final PayoutCancellations cancellations;
    private final PayoutKeys keys;
    private final PayoutSettlement settlement;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final Clock clock;

    CancelPayout(
            PayoutStore store,
            PayoutCancellations cancellations,
            PayoutKeys keys,
            PayoutSettlement settlement,
            MoneyTransactions transactions,
            Answers answers,
            Clock clock) {
        this.store = store;
        this.cancellations = cancellations;
        this.keys = keys;
        this.settlement = settlement;
        this.transactions = transactions;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * Answers 200 with the cancelled payout, or 422 with the refusal, each as first given.
     *
     * @throws Problem PAYOUT_NOT_FOUND, which leaves the key free
     */
    Answer cancel(Attempt attempt) {
        var payout = attempt.order().payout();
        var claim =
                keys.claim(
                        attempt.customer(),
                        attempt.key(),
                        PayoutResource.PATH + "/" + payout + "/cancellation",
                        attempt.order(),
                        attempt.requestId());
        return transactions.keyed(() -> keys.answer(claim).orElseGet(() -> decide(claim, payout)));
    }

    private Answer decide(PayoutKeys.Claim claim, UUID id) {
        var payout =
                store.lock(claim.customer(), id)
                        .map(PayoutStore.Stored::payout)
                        .orElseThrow(() -> PAYOUT_NOT_FOUND.because("No such payout of yours."));
        var answer = payout.isCancellable() ? cancelled(payout) : refused(payout, claim);
        keys.take(claim, id);
        if (!cancellations.insert(
                claim.customer(),
                claim.key().value(),
                claim.fingerprint(),
                id,
                answer,
                clock.instant())) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        return answer;
    }

    private Answer cancelled(Payout payout) {
        var cancelled = settlement.giveBack(payout, PayoutState.CANCELLED, null);
        return answers.of(200, PayoutView.of(cancelled));
    }

    private Answer refused(Payout payout, PayoutKeys.Claim claim) {
        return answers.of(
                PAYOUT_NOT_CANCELLABLE
                        .because("It was handed over, or has ended before.")
                        .with("payoutId", payout.id())
                        .with("state", payout.state()),
                claim.requestId());
    }
}
