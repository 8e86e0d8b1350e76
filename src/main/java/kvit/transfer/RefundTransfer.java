package kvit.transfer;

import static kvit.transfer.TransferProblem.NOT_THE_PAYEE;
import static kvit.transfer.TransferProblem.REFUND_EXCEEDS_TRANSFER;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_REFUNDABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.ledger.Ledger;
import kvit.money.Money;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** Gives money back to whoever sent it, in one piece or several, never more than was sent. */
@ApplicationScoped
class RefundTransfer {

    /**
     * What a payee wants to give back.
     *
     * @param amount null for all that is left
     */
    record Order(UUID transfer, @Nullable Money amount) {}

    private final OncePerKey oncePerKey;
    private final TransferStore store;
    private final Frozen frozen;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;

    RefundTransfer(
            OncePerKey oncePerKey,
            TransferStore store,
            Frozen frozen,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.oncePerKey = oncePerKey;
        this.store = store;
        this.frozen = frozen;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Refuses before the key is taken what can never become a refund of this caller's.
     *
     * @throws Problem TRANSFER_NOT_FOUND, NOT_THE_PAYEE, VALIDATION_FAILED for another currency
     */
    void requirePayee(UUID caller, Order order) {
        var original =
                store.find(order.transfer())
                        .filter(it -> it.isVisibleTo(caller))
                        .orElseThrow(
                                () -> TRANSFER_NOT_FOUND.because("No such transfer of yours."));
        if (!caller.equals(original.payee())) {
            throw NOT_THE_PAYEE.because("Ask the payee for it.");
        }
        var amount = order.amount();
        if (amount != null && amount.currency() != original.amount().currency()) {
            throw GeneralProblem.invalid(
                    "/amount/currency", "must be " + original.amount().currency());
        }
    }

    /** Answers each attempt: 201 with the refund, or 422 with the refusal, both as first given. */
    List<Answer> refund(List<Attempt<Order>> attempts) {
        return oncePerKey.carryOut(attempts, this::decide);
    }

    /**
     * In rounds with one refund of each transfer at the most: the second of a transfer depends on
     * what the ledger says of the first.
     */
    private List<Decision<Order>> decide(List<Attempt<Order>> attempts) {
        var originals = store.lock(attempts.stream().map(it -> it.order().transfer()).toList());
        var decided = new LinkedHashMap<Attempt<Order>, Decision<Order>>();
        var waiting = new ArrayList<>(attempts);
        while (!waiting.isEmpty()) {
            var round = new LinkedHashMap<UUID, Attempt<Order>>();
            waiting.forEach(it -> round.putIfAbsent(it.order().transfer(), it));
            waiting.removeAll(round.values());
            for (var decision : decideRound(List.copyOf(round.values()), originals)) {
                decided.put(decision.attempt(), decision);
                if (decision.isAllowed()) {
                    originals.computeIfPresent(
                            decision.attempt().order().transfer(),
                            (id, original) -> original.refundedBy(decision.transfer().amount()));
                }
            }
        }
        store.updateRefunded(
                decided.values().stream()
                        .filter(Decision::isAllowed)
                        .map(it -> original(it.attempt(), originals))
                        .distinct()
                        .toList());
        return attempts.stream().map(it -> Objects.requireNonNull(decided.get(it))).toList();
    }

    private List<Decision<Order>> decideRound(
            List<Attempt<Order>> round, Map<UUID, Transfer> originals) {
        var now = clock.instant();
        var parties = new HashSet<UUID>();
        for (var original : originals.values()) {
            parties.add(original.payer());
            parties.add(Objects.requireNonNull(original.payee()));
        }
        var known = frozen.know(parties);
        var decisions =
                round.stream().map(it -> decide(it, original(it, originals), known, now)).toList();
        var postings =
                decisions.stream()
                        .filter(Decision::isAllowed)
                        .map(it -> it.transfer().posting("refund"))
                        .toList();
        return postings.isEmpty() ? decisions : Decision.settle(decisions, ledger.post(postings));
    }

    private Decision<Order> decide(
            Attempt<Order> attempt, Transfer original, Frozen.Known known, Instant now) {
        var left = original.left();
        var asked = attempt.order().amount();
        // The record of a refused refund names an amount, too, also where nothing is left.
        var amount = asked != null ? asked : left.isPositive() ? left : original.amount();
        var refund = refund(attempt, original, amount, now);
        var refusal = refusal(original, amount, known);
        return refusal == null
                ? Decision.allowed(
                        attempt,
                        refund,
                        known.person(refund.payer()),
                        known.person(original.payer()))
                : Decision.refused(attempt, refund, refusal);
    }

    private static @Nullable Problem refusal(Transfer original, Money amount, Frozen.Known known) {
        var held =
                known.refusal(Objects.requireNonNull(original.payee()), original.payer(), amount);
        if (held != null) {
            return held;
        }
        if (!original.isRefundable()) {
            return TRANSFER_NOT_REFUNDABLE.because("It is not completed, or is a refund itself.");
        }
        if (amount.minor() > original.left().minor()) {
            return REFUND_EXCEEDS_TRANSFER
                    .because("Left to give back are " + original.left() + ".")
                    .with("remaining", original.left());
        }
        return null;
    }

    private Transfer refund(Attempt<Order> attempt, Transfer original, Money amount, Instant now) {
        return new Transfer(
                ids.next(),
                attempt.payer(),
                original.payer(),
                null,
                amount,
                null,
                original.visibility(),
                original.reference(),
                original.conversation(),
                TransferState.COMPLETED,
                null,
                original.id(),
                0,
                now,
                now,
                null,
                false,
                null,
                null,
                false);
    }

    private static Transfer original(Attempt<Order> attempt, Map<UUID, Transfer> originals) {
        return Objects.requireNonNull(originals.get(attempt.order().transfer()), "locked before");
    }
}
