package kvit.identity;

import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What other capabilities know of a customer.
 *
 * @param country ISO 3166-1, as they say themselves; their phone's until they do
 * @param birthDate null while nobody has asked for it
 * @param locale BCP 47
 * @param visibility the most that this person wants to be seen of a transfer
 * @param tier how well we know them
 * @param mayMoveMoney false while the customer is frozen or blocked
 */
public record Person(
        UUID id,
        @Nullable String displayName,
        @Nullable String handle,
        String country,
        @Nullable LocalDate birthDate,
        String locale,
        Visibility visibility,
        CustomerTier tier,
        boolean mayMoveMoney) {

    public PersonView view() {
        return new PersonView(id, displayName, handle);
    }

    /** For a message: two people may show the same name, and nobody has another one's handle. */
    public String called() {
        var at = handle == null ? null : "@" + handle;
        var name =
                Stream.of(displayName, at)
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(" "));
        return name.isEmpty() ? id.toString() : name;
    }
}
