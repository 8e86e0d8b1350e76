package kvit.settlement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A file.
 *
 * @param sha256 of its bytes, in hexadecimal
 * @param fault why it was refused; null where it was not
 * @param batch of a processor's file, the payout that it explains
 * @param account of a statement, whose
 * @param opening of statements, what the first opens with; null of a processor's file
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
        @Nullable Integer lineCount) {

    /** Whether it counts. */
    public enum State {
        VALIDATED,
        REJECTED
    }
}
