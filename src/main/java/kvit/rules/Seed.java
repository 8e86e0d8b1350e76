package kvit.rules;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules that Kvit comes with, in kvit-rules.json: they are data that people review, and every
 * figure names its source.
 *
 * @param notServed countries that have a rule of their own saying so
 */
record Seed(List<String> notServed, List<Entry> rules) {

    /** A date without a time zone would be another moment for every reader. */
    record Entry(
            String id,
            Kind kind,
            Effect effect,
            Subject subject,
            @Nullable Condition condition,
            LocalDateTime validFrom,
            @Nullable LocalDateTime validTo,
            ZoneId zone,
            String legalReference,
            @Nullable Map<String, String> texts) {

        private Rule rule() {
            return new Rule(
                    id,
                    1,
                    kind,
                    subject,
                    condition == null ? Condition.NONE : condition,
                    effect,
                    validFrom.atZone(zone).toInstant(),
                    validTo == null ? null : validTo.atZone(zone).toInstant(),
                    zone,
                    legalReference,
                    texts == null ? Map.of() : texts);
        }
    }

    List<Rule> all() {
        var all = new ArrayList<Rule>();
        notServed.forEach(it -> all.add(notServed(it)));
        rules.forEach(it -> all.add(it.rule()));
        return all;
    }

    private static Rule notServed(String country) {
        return new Rule(
                "country/" + country,
                1,
                Kind.COUNTRY,
                Subject.ofCountries(Set.of(country)),
                Condition.NONE,
                Effect.DENY,
                Instant.EPOCH,
                null,
                ZoneId.of("UTC"),
                "ISO 3166-1; no licence, and no product",
                Wording.of(Kind.COUNTRY));
    }
}
