package kvit.rules;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rules that Kvit comes with, in kvit-rules.json: they are data that people review, and every
 * figure names its source.
 *
 * @param notServed countries that have a rule of their own saying so
 */
record Seed(List<String> notServed, List<RuleDraft> rules) {

    List<Rule> all() {
        var all = new ArrayList<Rule>();
        notServed.forEach(it -> all.add(notServed(it)));
        rules.forEach(it -> all.add(it.rule(1)));
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
