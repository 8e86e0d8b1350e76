package kvit.cases;

import java.util.UUID;
import kvit.identity.CustomerFile;
import org.jspecify.annotations.Nullable;

/**
 * A customer in a list.
 *
 * @param phone masked; null of one who is closed
 */
record CustomerSummary(
        UUID id,
        CustomerFile.State state,
        @Nullable String phone,
        @Nullable String displayName,
        @Nullable String handle,
        String country) {

    static CustomerSummary of(CustomerFile file) {
        return new CustomerSummary(
                file.id(),
                file.state(),
                file.phone(),
                file.displayName(),
                file.handle(),
                file.country());
    }
}
