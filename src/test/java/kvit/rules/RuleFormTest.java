package kvit.rules;

import static kvit.rules.TestRules.NO;
import static kvit.rules.TestRules.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kvit.money.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no rule, and by which field that is told. */
class RuleFormTest {

    /** One that is right, to be spoilt in one thing at a time. */
    private String id = "t/rule";

    private int version = 1;
    private Subject subject = TestRules.subject(Set.of("FR"), Set.of(Currency.EUR));
    private Instant validTo;
    private String legalReference = "a test";
    private Map<String, String> texts = NO;

    private Rule rule(Kind kind, Effect effect, Condition condition) {
        return new Rule(
                id,
                version,
                kind,
                subject,
                condition,
                effect,
                NOW,
                validTo,
                ZoneId.of("UTC"),
                legalReference,
                texts);
    }

    private void assertRefused(String field) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule(Kind.CURRENCY, Effect.DENY, Condition.NONE))
                .withMessageStartingWith(field + ": ");
    }

    /** Kind, effect, max, count, window, age, what is required, total; then the field at fault. */
    @ParameterizedTest
    @CsvSource({
        "AMOUNT, DENY, 1, , , , , , ",
        "AMOUNT, DENY, 0, , , , , , ",
        "AMOUNT, HOLD, 1, , , , , , ",
        "AMOUNT, REQUIRE, 1, , , , CONFIRMATION, , ",
        "AMOUNT, DENY, , , , , , , condition.max",
        "AMOUNT, DENY, -1, , , , , , condition.max",
        "AMOUNT, DENY, 1, 1, , , , , condition.count",
        "AMOUNT, DENY, 1, , PT24H, , , , condition.window",
        "AMOUNT, DENY, 1, , , 18, , , condition.age",
        "AGE, DENY, , , , 18, , , ",
        "AGE, DENY, , , , , , , condition.age",
        "AGE, DENY, , , , 0, , , condition.age",
        "AGE, DENY, , , , 151, , , condition.age",
        "AGE, DENY, 1, , , 18, , , condition.max",
        "LIMIT, DENY, 1, , PT24H, , , , ",
        "LIMIT, DENY, , 1, PT24H, , , , ",
        "LIMIT, DENY, 1, 1, PT8784H, , , , ",
        "LIMIT, REQUIRE, 1, , PT24H, , VERIFICATION, , ",
        "LIMIT, DENY, 1, , , , , , condition.window",
        "LIMIT, DENY, 1, , PT0S, , , , condition.window",
        "LIMIT, DENY, 1, , PT-24H, , , , condition.window",
        "LIMIT, DENY, 1, , PT8784H0.000001S, , , , condition.window",
        "LIMIT, DENY, , , PT24H, , , , condition.max",
        "LIMIT, DENY, , -1, PT24H, , , , condition.count",
        "LIMIT, REQUIRE, 1, , PT24H, , CONFIRMATION, , effect",
        "LIMIT, HOLD, 1, , PT24H, , , , effect",
        "LIMIT, ALLOW, 1, , PT24H, , , , effect",
        "COUNTRY, DENY, 1, , , , , , condition.max",
        "SANCTION, DENY, , 1, , , , , condition.count",
        "CHANNEL, DENY, , , PT24H, , , , condition.window",
        "CORRIDOR, DENY, , , , 18, , , condition.age",
        "CURRENCY, REQUIRE, , , , , CONFIRMATION, , ",
        "CURRENCY, REQUIRE, , , , , , , condition.requires",
        "CURRENCY, HOLD, , , , , CONFIRMATION, , condition.requires",
        "CURRENCY, DENY, , , , , VERIFICATION, , condition.requires",
        "INSTRUMENT, DENY, , , , , , , ",
        "CONFIRMATION, REQUIRE, 1, , , , CONFIRMATION, , ",
        "CONFIRMATION, REQUIRE, , 1, , , CONFIRMATION, , ",
        "CONFIRMATION, REQUIRE, , , , , CONFIRMATION, 1, ",
        "CONFIRMATION, REQUIRE, 0, 0, , , CONFIRMATION, 0, ",
        "CONFIRMATION, REQUIRE, , , , , CONFIRMATION, , condition.max",
        "CONFIRMATION, REQUIRE, -1, , , , CONFIRMATION, 1, condition.max",
        "CONFIRMATION, REQUIRE, 1, -1, , , CONFIRMATION, , condition.count",
        "CONFIRMATION, REQUIRE, 1, , , , CONFIRMATION, -1, condition.total",
        "CONFIRMATION, REQUIRE, 1, , PT24H, , CONFIRMATION, , condition.window",
        "CONFIRMATION, REQUIRE, 1, , , , VERIFICATION, , condition.requires",
        "CONFIRMATION, REQUIRE, 1, , , , , , condition.requires",
        "CONFIRMATION, DENY, 1, , , , , , condition.requires",
        "CONFIRMATION, HOLD, 1, , , , , , condition.requires",
        "CONFIRMATION, ALLOW, 1, , , , , , condition.requires",
        "AMOUNT, DENY, 1, , , , , 1, condition.total",
        "LIMIT, DENY, 1, , PT24H, , , 1, condition.total"
    })
    void aBoundStandsWhereItMeansSomething(
            Kind kind,
            Effect effect,
            Long max,
            Long count,
            Duration window,
            Integer age,
            Requirement requires,
            Long total,
            String field) {
        var condition = new Condition(max, count, window, age, requires, total);
        if (field == null) {
            assertThat(rule(kind, effect, condition).condition()).isEqualTo(condition);
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rule(kind, effect, condition))
                    .withMessageStartingWith(field + ": ");
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "a b", "a.b", "été", "'a\n'"})
    void anIdIsMadeOfLettersDigitsAndAFewSigns(String other) {
        id = other;
        assertRefused("id");
    }

    @Test
    void anIdHasAtMostAHundredSigns() {
        id = "a".repeat(100);
        rule(Kind.CURRENCY, Effect.DENY, Condition.NONE);
        id = "a".repeat(101);
        assertRefused("id");
    }

    @Test
    void versionsAreCountedFromOne() {
        version = 0;
        assertRefused("version");
    }

    /** Half of the world would be meant by a misprint that nobody sees. */
    @ParameterizedTest
    @CsvSource({"UK", "fr", "FRA", "XX", "''"})
    void countriesAreThoseThatThereAre(String country) {
        var none = Set.<String>of();
        var wrong = Set.of(country);
        subject = subject(wrong, none, none);
        assertRefused("subject.countries");
        subject = subject(none, wrong, none);
        assertRefused("subject.counterparties");
        subject = subject(none, none, wrong);
        assertRefused("subject.owners");
    }

    private static Subject subject(
            Set<String> countries, Set<String> counterparties, Set<String> owners) {
        return new Subject(
                Set.of(),
                countries,
                counterparties,
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                owners);
    }

    /** 500.00 euro are 50,000 yen. */
    @Test
    void minorUnitsAreThoseOfACurrency() {
        subject = Subject.ofCountries(Set.of("FR"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule(Kind.AMOUNT, Effect.DENY, TestRules.max(1)))
                .withMessageStartingWith("subject.currencies: ");
    }

    @Test
    void aThresholdIsOneOfACurrencyAndOfWhoSends() {
        var five = TestRules.threshold(null, null, 5L);
        for (var condition :
                List.of(
                        TestRules.threshold(1L, null, null),
                        TestRules.threshold(null, 1L, null),
                        five)) {
            subject = Subject.ofCountries(Set.of("FR"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rule(Kind.CONFIRMATION, Effect.REQUIRE, condition))
                    .withMessageStartingWith("subject.currencies: ");
        }
        for (var operation : Operation.values()) {
            subject =
                    new Subject(
                            Set.of(operation),
                            Set.of("FR"),
                            Set.of(),
                            Set.of(),
                            Set.of(),
                            Set.of(),
                            Set.of(Currency.EUR),
                            Set.of(),
                            Set.of(),
                            Set.of());
            if (operation == Operation.SEND) {
                rule(Kind.CONFIRMATION, Effect.REQUIRE, five);
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> rule(Kind.CONFIRMATION, Effect.REQUIRE, five))
                        .withMessageStartingWith("subject.operations: ");
            }
        }
    }

    @Test
    void aRuleEndsAfterItBegan() {
        validTo = NOW.plusNanos(1_000);
        rule(Kind.CURRENCY, Effect.DENY, Condition.NONE);
        validTo = NOW;
        assertRefused("validTo");
    }

    @Test
    void aRuleSaysWhereItComesFrom() {
        legalReference = " ";
        assertRefused("legalReference");
    }

    @Test
    void whatIsNotSimplyAllowedIsSaidInThreeLanguages() {
        texts = Map.of();
        rule(Kind.CURRENCY, Effect.ALLOW, Condition.NONE);
        assertRefused("texts");
        texts = Map.of("en", "No.", "fr", "Non.");
        assertRefused("texts");
        texts = Map.of("en", "No.", "fr", "Non.", "ru", " ");
        assertRefused("texts");
        texts = Map.of("en", "No.", "fr", "Non.", "ru", "Нет.", "de", "Nein.");
        assertRefused("texts");
    }
}
