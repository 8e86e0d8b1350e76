package kvit.rules;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The bound of a rule that sets one, and what a rule requires; nothing of it for the others.
 *
 * @param max minor units, of one transfer or, of a limit, within the window
 * @param count transfers within the window; of a threshold, since the last confirmation
 * @param window over which a limit rolls
 * @param age full years
 * @param requires what the effect REQUIRE asks for; no bound, and null with any other effect
 * @param total minor units of all transfers since the last confirmation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Condition(
        @Nullable Long max,
        @Nullable Long count,
        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration window,
        @Nullable Integer age,
        @Nullable Requirement requires,
        @Nullable Long total) {

    static final Condition NONE = new Condition(null, null, null, null, null, null);

    /**
     * Whether it is kept to. What has to be counted is counted elsewhere, and holds as far as this
     * can tell.
     */
    boolean holds(Facts facts, ZoneId zone) {
        if (age != null) {
            var birthDate = facts.party().birthDate();
            // Nobody has asked yet: enrolment does, before there is a card to pay with.
            return birthDate == null
                    || Period.between(birthDate, facts.at().atZone(zone).toLocalDate()).getYears()
                            >= age;
        }
        return window != null || max == null || facts.amount().minor() <= max;
    }
}
