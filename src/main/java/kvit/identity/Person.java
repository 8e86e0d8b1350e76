package kvit.identity;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What other capabilities know of a customer.
 *
 * @param visibility the most that this person wants to be seen of a transfer
 * @param mayMoveMoney false while the customer is frozen or blocked
 */
public record Person(
        UUID id,
        @Nullable String displayName,
        @Nullable String handle,
        Visibility visibility,
        boolean mayMoveMoney) {

    public PersonView view() {
        return new PersonView(id, displayName, handle);
    }
}
