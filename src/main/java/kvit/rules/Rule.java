package kvit.rules;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a rule.
 *
 * @param effect what it does to whom it fits; for a bound, to whoever is beyond it
 * @param validFrom from when the law or the decision holds
 * @param validTo when it ceases to; null is never
 * @param zone in which its dates were written, and in which people grow older
 * @param legalReference where it comes from
 * @param texts what to say to a person, by language: en, fr, ru; empty for what is allowed
 */
record Rule(
        String id,
        int version,
        Kind kind,
        Subject subject,
        Condition condition,
        Effect effect,
        Instant validFrom,
        @Nullable Instant validTo,
        ZoneId zone,
        String legalReference,
        Map<String, String> texts) {

    boolean appliesTo(Facts facts) {
        return !facts.at().isBefore(validFrom)
                && (validTo == null || facts.at().isBefore(validTo))
                && subject.fits(facts);
    }

    /** What it does where it applies: a bound does nothing to whoever keeps to it. */
    Effect effectOn(Facts facts) {
        return kind.reading() == Kind.Reading.BOUND && condition.holds(facts, zone)
                ? Effect.ALLOW
                : effect;
    }

    /** Its name for the record of a decision. */
    String name() {
        return id + "@" + version;
    }

    String text(String locale) {
        return Wording.in(locale, texts);
    }
}
