package kvit.claim;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.PostingView;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A claim as operators see it.
 *
 * @param statement what the customer says
 * @param country whose time it is
 * @param due what is due by the deadline
 * @param legalReference where that is written
 * @param deadline when the next thing is due
 * @param daysLeft business days of that country until then, the day of the deadline counted; null
 *     of one that has ended
 * @param overdue whether it should have been done by now
 * @param lastAt the end for whoever has the money meanwhile; null where there is no such day
 * @param way how it was made good; null unless it was
 */
record ClaimView(
        UUID id,
        UUID transferId,
        UUID customerId,
        Money amount,
        ClaimKind kind,
        String statement,
        String country,
        ClaimPolicy.Due due,
        String legalReference,
        ClaimState state,
        Instant openedAt,
        String openedBy,
        Instant deadline,
        @Nullable Integer daysLeft,
        boolean overdue,
        @Nullable Instant lastAt,
        @Nullable Instant endedAt,
        @Nullable Way way) {

    /**
     * With all that was written for it.
     *
     * @param postings the transfer, what took it back, and what its payer had from us
     * @param credit what they have of ours meanwhile, or had; null where they had nothing
     */
    record ClaimDetail(ClaimView claim, List<PostingView> postings, @Nullable ClaimCredit credit) {}

    /**
     * @param daysLeft until its deadline
     */
    static ClaimView of(Claim claim, int daysLeft, Instant now) {
        var isOpen = claim.state().isOpen();
        return new ClaimView(
                claim.id(),
                claim.transfer(),
                claim.customer(),
                claim.amount(),
                claim.kind(),
                claim.statement(),
                claim.country(),
                claim.due(),
                claim.legalReference(),
                claim.state(),
                claim.openedAt(),
                claim.openedBy(),
                claim.deadline(),
                isOpen ? (Integer) daysLeft : null,
                isOpen && now.isAfter(claim.deadline()),
                claim.lastAt(),
                claim.endedAt(),
                claim.way());
    }
}
