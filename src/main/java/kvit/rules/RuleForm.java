package kvit.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What any rule has to be like, whoever wrote it: a seed, an operator, a row of the table. A rule
 * that means nothing would be kept, published and asked, and nobody would notice.
 */
class RuleForm {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9/_-]{1,100}");
    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Set<String> LANGUAGES = Set.of("en", "fr", "ru");
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int OLDEST = 150;
    private static final Instant ERA_BEGIN = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant ERA_END = Instant.parse("9999-01-01T00:00:00Z");

    private RuleForm() {}

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static boolean isCountry(String text) {
        return COUNTRIES.contains(text);
    }

    static void check(
            String id,
            int version,
            Kind kind,
            Subject subject,
            Condition condition,
            Effect effect) {
        require(isId(id), "id", "1 to 100 letters, digits, / _ -");
        require(version > 0, "version", "counted from 1");
        checkCountries("subject.countries", subject.countries());
        checkCountries("subject.counterparties", subject.counterparties());
        checkCountries("subject.owners", subject.owners());
        require(
                subject.platforms().stream().allMatch(it -> PLATFORM.matcher(it).matches()),
                "subject.platforms",
                "lower case, digits and hyphens, as front ends are registered");
        checkBounds(kind, condition);
        require(
                (condition.max() == null && kind != Kind.CONFIRMATION)
                        || !subject.currencies().isEmpty(),
                "subject.currencies",
                "a bound in minor units is one of a currency, and a threshold of the one it counts");
        require(
                (effect == Effect.REQUIRE) == (condition.requires() != null),
                "condition.requires",
                "REQUIRE says what it requires, and no other effect does");
        // Counted inside the money's transaction, when it is too late to ask for anything.
        require(
                kind != Kind.LIMIT
                        || effect == Effect.DENY
                        || condition.requires() == Requirement.VERIFICATION,
                "effect",
                "a limit denies, or requires verification");
        require(
                kind != Kind.CONFIRMATION || condition.requires() == Requirement.CONFIRMATION,
                "condition.requires",
                "a threshold requires confirmation");
        require(
                (kind == Kind.ARRIVAL) == (condition.requires() == Requirement.CARD)
                        || (kind == Kind.ARRIVAL && effect == Effect.ALLOW),
                "condition.requires",
                "ARRIVAL requires a card or allows, and no other kind requires one");
        require(
                kind != Kind.ARRIVAL || condition.window() != null || effect == Effect.REQUIRE,
                "condition.window",
                "how long money waits, or what for");
        require(
                kind != Kind.ARRIVAL
                        || subject.operations().isEmpty()
                        || subject.operations().contains(Operation.RECEIVE),
                "subject.operations",
                "what waits for a payee is theirs to receive");
        require(
                kind != Kind.CONFIRMATION
                        || subject.operations().isEmpty()
                        || subject.operations().contains(Operation.SEND),
                "subject.operations",
                "a threshold is one of who sends");
    }

    private static void checkCountries(String field, Set<String> countries) {
        var unknown = new TreeSet<>(countries);
        unknown.removeAll(COUNTRIES);
        require(unknown.isEmpty(), field, "codes of ISO 3166-1, which these are not: " + unknown);
    }

    /** Each bound where it means something, and only there. */
    private static void checkBounds(Kind kind, Condition condition) {
        var max = condition.max();
        var count = condition.count();
        var window = condition.window();
        var age = condition.age();
        var total = condition.total();
        var isLimit = kind == Kind.LIMIT;
        var isThreshold = kind == Kind.CONFIRMATION;
        require(max == null || max >= 0, "condition.max", "not below zero");
        require(count == null || count >= 0, "condition.count", "not below zero");
        require(total == null || total >= 0, "condition.total", "not below zero");
        require(
                switch (kind) {
                    case LIMIT -> max != null || count != null;
                    case CONFIRMATION -> max != null || count != null || total != null;
                    default -> (max != null) == (kind == Kind.AMOUNT);
                },
                "condition.max",
                "AMOUNT has one, LIMIT this or a count, CONFIRMATION these or a total, others none");
        require(
                isLimit || isThreshold || count == null,
                "condition.count",
                "for LIMIT and CONFIRMATION only");
        require(isThreshold || total == null, "condition.total", "for CONFIRMATION only");
        require(
                kind == Kind.ARRIVAL || (window != null) == isLimit,
                "condition.window",
                "LIMIT has one, ARRIVAL may, other kinds have none");
        require(
                window == null
                        || (!window.isZero()
                                && !window.isNegative()
                                && window.compareTo(LONGEST) <= 0),
                "condition.window",
                "positive, and at most 366 days");
        require((age != null) == (kind == Kind.AGE), "condition.age", "AGE has one, others none");
        require(age == null || (age > 0 && age <= OLDEST), "condition.age", "1 to 150 years");
    }

    static void checkDates(Instant validFrom, @Nullable Instant validTo) {
        requireEra("validFrom", validFrom);
        if (validTo != null) {
            requireEra("validTo", validTo);
            require(validTo.isAfter(validFrom), "validTo", "after validFrom");
        }
    }

    /** PostgreSQL counts neither as far back nor as far on as Java. */
    private static void requireEra(String field, Instant time) {
        require(time.isAfter(ERA_BEGIN) && time.isBefore(ERA_END), field, "a time of our era");
    }

    static void checkWords(Effect effect, String legalReference, Map<String, String> texts) {
        require(!legalReference.isBlank(), "legalReference", "where it comes from");
        require(
                (effect == Effect.ALLOW && texts.isEmpty()) || texts.keySet().equals(LANGUAGES),
                "texts",
                "in en, fr and ru; none are needed for ALLOW");
        require(texts.values().stream().noneMatch(String::isBlank), "texts", "not blank");
    }

    private static void require(boolean isSo, String field, String expected) {
        if (!isSo) {
            throw new IllegalArgumentException(field + ": " + expected);
        }
    }
}
