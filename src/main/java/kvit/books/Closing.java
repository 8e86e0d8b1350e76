package kvit.books;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * That a day was closed, or opened again.
 *
 * @param closedBy e-mail of whoever closed it, or asked to open it again
 * @param approvedBy e-mail of whoever agreed that it is opened again; null of a closing
 * @param totals what the books said of all days up to this one: a line per kind and currency with
 *     debits and credits in minor units
 * @param sha256 of the totals, in hex
 */
record Closing(
        UUID id,
        LocalDate day,
        Action action,
        Instant at,
        String closedBy,
        @Nullable String approvedBy,
        String reason,
        String totals,
        String sha256) {

    @Schema(name = "ClosingAction")
    enum Action {
        CLOSED,
        REOPENED
    }
}
