package kvit.payout;

import static kvit.card.CardProblem.CARD_NOT_FOUND;
import static kvit.payout.PayoutProblem.INSTANT_NOT_OFFERED;
import static kvit.payout.PayoutProblem.PAYOUT_TOO_SMALL;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import kvit.card.Card;
import kvit.card.Cards;
import kvit.card.Speed;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.ClientApp;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Outcome;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Takes money out of a wallet for a card.
 *
 * <p>In one transaction, and the processor is not called by it: the money has left the wallet and
 * waits in a clearing account until {@link CarryOutPayouts} hands it over. So the answer does not
 * depend on the processor, and there is a time in which it can be taken back.
 */
@ApplicationScoped
class PayOut {

    /** What is asked for. Its JSON is what a replay is recognised by. */
    record Order(UUID card, Money amount, Speed speed) {}

    /**
     * A request to pay out under a key.
     *
     * @param client the front end that it came through
     * @param requestId of the HTTP request, for the answer
     */
    record Attempt(
            UUID customer, ClientApp client, IdempotencyKey key, String requestId, Order order) {}

    private final PayoutStore store;
    private final PayoutKeys keys;
    private final Cards cards;
    private final PayoutRules rules;
    private final PayoutFees fees;
    private final PayoutTimes times;
    private final PayoutMetrics metrics;
    private final Ledger ledger;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final Clock clock;
    private final Ids ids;

    PayOut(
            PayoutStore store,
            PayoutKeys keys,
            Cards cards,
            PayoutRules rules,
            PayoutFees fees,
            PayoutTimes times,
            PayoutMetrics metrics,
            Ledger ledger,
            Outbox outbox,
            MoneyTransactions transactions,
            Answers answers,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.keys = keys;
        this.cards = cards;
        this.rules = rules;
        this.fees = fees;
        this.times = times;
        this.metrics = metrics;
        this.ledger = ledger;
        this.outbox = outbox;
        this.transactions = transactions;
        this.answers = answers;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Answers 201 with the payout in transit, or 422 with the refusal, each as first given.
     *
     * @throws Problem CARD_NOT_FOUND, which leaves the key free
     */
    Answer payOut(Attempt attempt) {
        var claim =
                keys.claim(
                        attempt.customer(),
                        attempt.key(),
                        PayoutResource.PATH,
                        attempt.order(),
                        attempt.requestId());
        var id = ids.next();
        return transactions.keyed(
                () -> keys.answer(claim, id).orElseGet(() -> take(attempt, claim, id)));
    }

    private Answer take(Attempt attempt, PayoutKeys.Claim claim, UUID id) {
        var card =
                cards.find(attempt.customer(), attempt.order().card())
                        .orElseThrow(() -> CARD_NOT_FOUND.because("No such card of yours."));
        var fee = fees.of(attempt.order().amount(), attempt.order().speed());
        var intended = intended(id, card, attempt.order(), fee);
        var verdict = rules.decide(intended, card.funding(), attempt.client());
        var refusal = verdict.refusal() == null ? refusal(intended, fee) : verdict.refusal();
        var outcome = refusal == null ? post(intended) : null;
        if (outcome != null) {
            refusal = withFee(outcome.refusal(), intended);
        }
        var payout = refusal == null ? intended : intended.refused(refusal.type().code());
        var answer =
                refusal == null
                        ? answers.of(201, PayoutView.of(payout))
                        : answers.of(refusal.with("payoutId", id), claim.requestId());
        keys.take(claim, id);
        if (!store.insert(
                payout,
                claim.key().value(),
                claim.fingerprint(),
                verdict.said() == null ? null : answers.write(verdict.said()),
                refusal == null ? payout.handOverAt() : null,
                answer)) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        if (outcome != null && refusal == null) {
            count(payout, Objects.requireNonNull(verdict.count()), outcome.at());
        }
        announce(payout);
        return answer;
    }

    private Payout intended(UUID id, Card card, Order order, Optional<Money> fee) {
        var now = clock.instant();
        var handOverAt = times.handOver(order.speed(), now);
        return Payout.intended(
                id,
                card,
                order.amount(),
                fee.orElse(Money.zero(order.amount().currency())),
                order.speed(),
                now,
                handOverAt,
                times.arrival(order.speed(), rules.country(card.customer()), handOverAt));
    }

    private static @Nullable Problem refusal(Payout payout, Optional<Money> fee) {
        if (fee.isEmpty()) {
            return INSTANT_NOT_OFFERED.because("Take the standard speed.");
        }
        return payout.amount().minor() > fee.get().minor() || !fee.get().isPositive()
                ? null
                : PAYOUT_TOO_SMALL
                        .because("Being quick costs " + fee.get() + ".")
                        .with("fee", fee.get());
    }

    private Outcome post(Payout payout) {
        return ledger.post(List.of(new PayoutPostings(payout).out(payout.createdAt()))).get(0);
    }

    /** Whoever has as much as they want to have paid out wonders otherwise. */
    private static @Nullable Problem withFee(@Nullable Problem refusal, Payout payout) {
        return refusal == null || !payout.fee().isPositive()
                ? refusal
                : refusal.with("fee", payout.fee());
    }

    /** Counted when it leaves the wallet. Money that comes back does not give back the limit. */
    private static void count(Payout payout, kvit.rules.Limits.Count count, Instant at) {
        count.add(List.of(payout.tally()), payout.id(), payout.amount(), at);
        count.write();
    }

    private void announce(Payout payout) {
        metrics.countWhenCommitted(payout);
        outbox.add(
                List.of(
                        payout.isInTransit()
                                ? new PayoutRequested(
                                        payout.id(),
                                        payout.customer(),
                                        payout.card(),
                                        payout.amount(),
                                        payout.fee(),
                                        payout.speed(),
                                        payout.handOverAt(),
                                        payout.createdAt())
                                : new PayoutDeclined(
                                        payout.id(),
                                        payout.customer(),
                                        payout.card(),
                                        payout.amount(),
                                        Objects.requireNonNull(payout.declineCode()))));
    }
}
