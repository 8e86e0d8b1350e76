package kvit.dispute;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.HoldView;
import kvit.ledger.PostingView;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A dispute as operators see it.
 *
 * @param stage how far it is
 * @param charge the processor's name of what is contested
 * @param name the processor's name of the dispute
 * @param held what of the amount the wallet still had
 * @param reason the card scheme's word for why
 * @param deadline when it is lost, unless it was won
 * @param evidenceDueBy until when the processor takes what speaks for us, which is much sooner;
 *     null where it has not said so
 * @param daysLeft whole days until the next of these that counts: the former while nothing was
 *     handed in, where it is known, and then the latter; null of one that is won or lost
 */
record DisputeView(
        UUID id,
        Stage stage,
        UUID customerId,
        UUID cardId,
        UUID topUpId,
        String charge,
        String processor,
        String name,
        Money amount,
        Money held,
        String reason,
        Instant at,
        Instant receivedAt,
        Instant deadline,
        @Nullable Instant evidenceDueBy,
        @Nullable Long daysLeft,
        @Nullable Instant lostAt,
        @Nullable Instant submittedAt) {

    enum Stage {
        @JsonProperty("received")
        RECEIVED,
        /** What speaks for us was handed in. */
        @JsonProperty("evidence_submitted")
        EVIDENCE_SUBMITTED,
        @JsonProperty("won")
        WON,
        @JsonProperty("lost")
        LOST
    }

    /**
     * With all that was written for it.
     *
     * @param postings what the processor took, and what became of it
     * @param holds what is held of the wallet for it, or was
     * @param credit what its customer has of ours meanwhile, or had; null where they had nothing
     */
    record Detail(
            DisputeView dispute,
            List<PostingView> postings,
            List<HoldView> holds,
            List<Evidence.View> evidence,
            EvidenceStore.@Nullable Submission submission,
            @Nullable DisputeCredit credit) {}

    static DisputeView of(
            Dispute dispute, EvidenceStore.@Nullable Submission submission, Instant now) {
        return new DisputeView(
                dispute.id(),
                stage(dispute.state(), submission != null),
                dispute.customer(),
                dispute.card(),
                dispute.topUp(),
                dispute.charge(),
                dispute.processor(),
                dispute.name(),
                dispute.amount(),
                dispute.held(),
                dispute.reason(),
                dispute.at(),
                dispute.receivedAt(),
                dispute.deadline(),
                dispute.evidenceDueBy(),
                daysLeft(dispute, submission != null, now),
                dispute.lostAt(),
                submission == null ? null : submission.at());
    }

    private static @Nullable Long daysLeft(Dispute dispute, boolean isSubmitted, Instant now) {
        if (dispute.state() != DisputeState.RECEIVED) {
            return null;
        }
        var dueBy = dispute.evidenceDueBy();
        var next = dueBy == null || isSubmitted ? dispute.deadline() : dueBy;
        return Math.max(0, Duration.between(now, next).toDays());
    }

    private static Stage stage(DisputeState state, boolean isSubmitted) {
        return switch (state) {
            case RECEIVED -> isSubmitted ? Stage.EVIDENCE_SUBMITTED : Stage.RECEIVED;
            case WON -> Stage.WON;
            case LOST -> Stage.LOST;
        };
    }
}
