package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.settlement.LineType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, or has done.
 *
 * @param id null of a dry run, which nobody can find again
 * @param planSha256 of all that it does: the same lines against the same books have the same one
 * @param lines of the processor
 * @param matched of these lines; a match with a wrong amount is a break
 * @param entries of the bank
 * @param expected what should have been in these files by its day and was not
 * @param resolved earlier breaks that end by it
 * @param postings what it writes into the books, all amounts positive
 * @param found the first of the breaks; the others are found by their run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
        @Nullable UUID id,
        Currency currency,
        State state,
        long ruleSet,
        List<UUID> fileIds,
        String planSha256,
        long lines,
        long matched,
        long entries,
        long breaks,
        long expected,
        long resolved,
        List<PostingView> postings,
        List<FoundView> found,
        @Nullable String reason,
        @Nullable String createdBy,
        @Nullable Instant createdAt,
        @Nullable String approvedBy,
        @Nullable Instant endedAt) {

    /** How far it is. */
    @Schema(name = "RunState")
    enum State {
        @JsonProperty("dry_run")
        DRY_RUN,
        @JsonProperty("planned")
        PLANNED,
        @JsonProperty("posted")
        POSTED,
        @JsonProperty("cancelled")
        CANCELLED
    }

    /** One posting, as accountants write it. */
    @Schema(name = "PlannedPosting")
    record PostingView(String debit, String credit, Money amount) {}

    /** A break before it has an owner. */
    record FoundView(
            Fault type,
            UUID fileId,
            int lineNumber,
            LineType lineType,
            @Nullable UUID item,
            Money amount) {}

    RunView ended(State newState, @Nullable String by, @Nullable Instant at) {
        return new RunView(
                id,
                currency,
                newState,
                ruleSet,
                fileIds,
                planSha256,
                lines,
                matched,
                entries,
                breaks,
                expected,
                resolved,
                postings,
                found,
                reason,
                createdBy,
                createdAt,
                by,
                at);
    }
}
