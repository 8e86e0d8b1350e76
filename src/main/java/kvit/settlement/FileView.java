package kvit.settlement;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A file.
 *
 * @param sha256 of its bytes, in hexadecimal
 * @param fault why it was refused; null where it was not
 * @param batch of a processor's file, the payout that it explains
 * @param account of a statement, whose
 * @param opening of statements, what the first opens with; null of a processor's file
 * @param withdrawal null where it was not withdrawn
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileView(
        UUID id,
        String source,
        int sourceVersion,
        String sha256,
        String name,
        long bytes,
        Instant receivedAt,
        String uploadedBy,
        State state,
        @Nullable FileFault fault,
        List<FileError> errors,
        @Nullable String batch,
        @Nullable Currency currency,
        @Nullable String account,
        @Nullable LocalDate bookedFrom,
        @Nullable LocalDate bookedTo,
        @Nullable Money opening,
        @Nullable Money closing,
        @Nullable Integer lineCount,
        @Nullable Withdrawal withdrawal) {

    /** Who did not want it to count any more, and why. */
    public record Withdrawal(Instant at, String proposedBy, String approvedBy, String reason) {}

    /** Whether it counts. */
    @Schema(name = "FileState")
    public enum State {
        @JsonProperty("validated")
        VALIDATED,
        @JsonProperty("rejected")
        REJECTED,
        /** It was good in form, and two have said that it is not what it says. */
        @JsonProperty("withdrawn")
        WITHDRAWN
    }

    /** Not looked at yet, and so no good so far. */
    static FileView received(
            UUID id,
            SettlementSource source,
            String sha256,
            String name,
            long bytes,
            Instant receivedAt,
            String uploadedBy) {
        return new FileView(
                id,
                source.code(),
                source.version(),
                sha256,
                name,
                bytes,
                receivedAt,
                uploadedBy,
                State.REJECTED,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    FileView good(SettlementSource by, Contents contents) {
        var statements = contents.statements();
        var isEmpty = statements.isEmpty();
        return new FileView(
                id,
                source,
                by.version(),
                sha256,
                name,
                bytes,
                receivedAt,
                uploadedBy,
                State.VALIDATED,
                null,
                List.of(),
                contents.batch(),
                contents.currency(),
                contents.account(),
                contents.from(),
                contents.to(),
                isEmpty ? null : statements.get(0).opening(),
                isEmpty ? null : statements.get(statements.size() - 1).closing(),
                contents.lineCount(),
                null);
    }

    FileView bad(SettlementSource by, FileRefused refusal) {
        return new FileView(
                id,
                source,
                by.version(),
                sha256,
                name,
                bytes,
                receivedAt,
                uploadedBy,
                State.REJECTED,
                refusal.fault(),
                refusal.errors(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
