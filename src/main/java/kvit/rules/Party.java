package kvit.rules;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One side of a transfer, as the rules see it.
 *
 * @param country ISO 3166-1 alpha-2; anything else is a country that is not served
 * @param birthDate null while nobody has asked for it
 * @param locale BCP 47, for the text of a refusal
 */
public record Party(
        UUID id, String country, @Nullable LocalDate birthDate, Tier tier, String locale) {

    /** The same, in the other's language: whoever asks is told, not whoever it is about. */
    Party spokenTo(Party other) {
        return new Party(id, country, birthDate, tier, other.locale());
    }
}
