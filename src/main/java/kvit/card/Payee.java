package kvit.card;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a processor has to know to pay out to their card; only ever on its way there.
 *
 * @param country ISO 3166-1, where they live
 * @param acceptedFrom the address from which they accepted the processor's terms for being paid out
 *     to; null where they did not
 * @param known the name by which money goes out to another card of theirs; null where none does
 */
record Payee(
        UUID customer,
        String country,
        @Nullable LocalDate birthDate,
        @Nullable String acceptedFrom,
        @Nullable String known) {

    /** Neither date nor address: what is printed is logged sooner or later. */
    @Override
    public String toString() {
        return "Payee[customer=" + customer + "]";
    }
}
