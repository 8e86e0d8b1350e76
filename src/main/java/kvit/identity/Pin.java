package kvit.identity;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of somebody's PIN, and of them what bears on it.
 *
 * @param birthDate null where we were not told
 * @param stored null where there is none
 */
record Pin(UUID customer, String phone, @Nullable LocalDate birthDate, @Nullable Stored stored) {

    /**
     * @param hash in PHC format
     * @param pepper the name of what was mixed in
     * @param payoutsHeldUntil nothing may be paid out to a card before; null where there was no
     *     reset
     */
    record Stored(String hash, String pepper, Instant setAt, @Nullable Instant payoutsHeldUntil) {

        @Override
        public String toString() {
            return "Stored";
        }
    }
}
