package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A break.
 *
 * @param item of ours that it is about, or names: the posting
 * @param amount by how much, positive where the processor owes us more by it; null of a file
 * @param parked what of it sits in suspense: above zero nobody has claimed it, below it is short
 * @param dueOn until when what is missing may still come
 * @param age in business days
 * @param owner e-mail
 * @param notes the oldest first; null in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BreakView(
        UUID id,
        Fault type,
        BreakState state,
        @Nullable String source,
        @Nullable UUID fileId,
        @Nullable Integer lineNumber,
        @Nullable UUID item,
        @Nullable Money amount,
        @Nullable Money parked,
        LocalDate bookedOn,
        @Nullable LocalDate dueOn,
        int age,
        Instant openedAt,
        @Nullable String owner,
        @Nullable Instant raisedAt,
        @Nullable BreakResolution resolution,
        @Nullable Instant resolvedAt,
        @Nullable UUID postingId,
        @Nullable UUID runId,
        @Nullable List<NoteView> notes) {

    /**
     * What was done about it.
     *
     * @param by e-mail; null where it was a run, or time
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NoteView(Instant at, @Nullable String by, String action, String text) {}

    BreakView with(List<NoteView> itsNotes) {
        return new BreakView(
                id,
                type,
                state,
                source,
                fileId,
                lineNumber,
                item,
                amount,
                parked,
                bookedOn,
                dueOn,
                age,
                openedAt,
                owner,
                raisedAt,
                resolution,
                resolvedAt,
                postingId,
                runId,
                itsNotes);
    }

    BreakView aged(int itsAge) {
        return new BreakView(
                id,
                type,
                state,
                source,
                fileId,
                lineNumber,
                item,
                amount,
                parked,
                bookedOn,
                dueOn,
                itsAge,
                openedAt,
                owner,
                raisedAt,
                resolution,
                resolvedAt,
                postingId,
                runId,
                notes);
    }
}
