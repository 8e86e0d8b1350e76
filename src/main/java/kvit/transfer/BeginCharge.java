package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import kvit.problem.Problem;
import kvit.rules.Limits;
import kvit.source.Clock;
import kvit.topup.Charges;
import org.jspecify.annotations.Nullable;

/**
 * Lets a card be charged for a transfer that has waited: for its payer's confirmation, or for
 * somebody who has looked at it. In the transaction of whoever has it under lock, and with {@link
 * Charges#carryOut} after that.
 *
 * <p>What may have changed while it waited is asked again before the card is charged, and once more
 * when it was. What the wallet is to add is held from the beginning: which of the two pays how much
 * is what the payer has confirmed.
 */
@ApplicationScoped
class BeginCharge {

    private final TransferStore store;
    private final UnderWay underWay;
    private final ShareClaims shareClaims;
    private final Frozen frozen;
    private final Limits limits;
    private final Charges charges;
    private final Settlement settlement;
    private final Clock clock;

    BeginCharge(
            TransferStore store,
            UnderWay underWay,
            ShareClaims shareClaims,
            Frozen frozen,
            Limits limits,
            Charges charges,
            Settlement settlement,
            Clock clock) {
        this.store = store;
        this.underWay = underWay;
        this.shareClaims = shareClaims;
        this.frozen = frozen;
        this.limits = limits;
        this.charges = charges;
        this.settlement = settlement;
        this.clock = clock;
    }

    /**
     * Writes that its card is charged next; or declines it, and then nothing is left of it.
     *
     * @param review who has let it through; null where its payer has just confirmed it
     * @throws Problem CARD_PROCESSOR_UNAVAILABLE: it waits as before, if the transaction is undone
     */
    Settlement.Settled begin(StoredTransfer stored, @Nullable Review review, Charges.Call call) {
        var waiting = stored.transfer();
        var funding = Objects.requireNonNull(waiting.funding());
        shareClaims.lock(List.of(waiting));
        var refusal = refusal(stored, funding);
        if (refusal != null) {
            var declined = settlement.decline(waiting, refusal.type().code(), review);
            return new Settlement.Settled(declined, refusal);
        }
        if (review == null) {
            limits.confirmed(WithinLimits.Candidate.sending(waiting));
        }
        var charging = waiting.charging();
        store.update(List.of(new TransferStore.Change(charging, review)));
        charges.intend(waiting.id(), waiting.payer(), funding.card(), funding.charged(), call);
        return new Settlement.Settled(charging, null);
    }

    /** One rule a line, in the order of problems. */
    private @Nullable Problem refusal(StoredTransfer stored, Funding funding) {
        var waiting = stored.transfer();
        var ofCard = charges.refusal(waiting.payer(), funding.card());
        if (ofCard != null) {
            return ofCard;
        }
        var held = frozen.refusal(waiting);
        return held != null ? held : exceeded(stored);
    }

    /** Not counted yet: it is, when it moves. */
    private @Nullable Problem exceeded(StoredTransfer stored) {
        var waiting = stored.transfer();
        var now = clock.instant();
        var candidate =
                new WithinLimits.Candidate(
                        waiting,
                        underWay.limits(stored),
                        List.of(),
                        WithinLimits.Word.CONFIRMED_BEFORE);
        var withinLimits =
                new WithinLimits(limits, List.of(candidate), UnaryOperator.identity(), now);
        withinLimits.expecting(underWay.charging(Set.of(waiting.payer())), now);
        return withinLimits.refusal(waiting);
    }
}
