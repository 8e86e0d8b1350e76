package kvit.closing;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import kvit.identity.FormerCustomers;
import org.jspecify.annotations.Nullable;

/**
 * One who leaves or has left, for operators.
 *
 * @param was who it was; null of one who has not left yet, or is forgotten
 */
record ClosingDetail(UUID customerId, ClosingView closing, @Nullable Was was) {

    /**
     * By which whoever asks for their money is known again.
     *
     * @param phone in full: nothing else is left to compare with
     */
    record Was(String phone, @Nullable LocalDate birthDate, Instant keepUntil) {

        static Was of(FormerCustomers.Former former) {
            return new Was(former.phone(), former.birthDate(), former.keepUntil());
        }
    }
}
