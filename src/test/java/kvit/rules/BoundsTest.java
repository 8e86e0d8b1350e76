package kvit.rules;

import static kvit.rules.RulesProblem.AGE_NOT_ALLOWED;
import static kvit.rules.RulesProblem.AMOUNT_OUT_OF_RANGE;
import static kvit.rules.TestRules.ALL;
import static kvit.rules.TestRules.RULES;
import static kvit.rules.TestRules.SERVED;
import static kvit.rules.TestRules.of;
import static kvit.rules.TestRules.refusal;
import static kvit.rules.TestRules.sending;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kvit.problem.Members;
import kvit.rules.TestRules.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Amounts, ages and limits: the figures that Kvit comes with. */
class BoundsTest {

    @ParameterizedTest
    @CsvSource({
        "FR, PHONE, 50000, ",
        "FR, VERIFIED, 50000, ",
        "DE, PHONE, 50000, ",
        "GB, PHONE, 250000, ",
        "GB, VERIFIED, 250000, ",
        "US, PHONE, 1000000, ",
        "US, VERIFIED, 1000000, ",
        "RU, PHONE, 1500000, verification",
        "RU, VERIFIED, 6000000, ",
        "BY, PHONE, 100000, ",
        "UA, PHONE, 500000, ",
        "CN, PHONE, 20000, verification",
        "CN, VERIFIED, 5000000, "
    })
    void oneTransferCarriesSoMuchToTheCent(String country, Tier tier, long max, String required) {
        var transfer = sending(country, country).tier(tier);
        assertThat(refusal(transfer.amount(max))).isNull();
        var beyond = refusal(transfer.amount(max + 1));
        assertThat(beyond.type()).isEqualTo(AMOUNT_OUT_OF_RANGE);
        assertThat(Members.of(beyond).get("required")).isEqualTo(required);
    }

    @ParameterizedTest
    @CsvSource({"2008-11-22, true", "2008-11-23, false", "1950-01-01, true", ", true"})
    void everybodyIsOfAge(LocalDate birthDate, boolean isAllowed) {
        for (var operation : Operation.values()) {
            for (var country : SERVED) {
                var refusal = refusal(of(operation, country).born(birthDate));
                if (isAllowed) {
                    assertThat(refusal).isNull();
                } else {
                    assertThat(refusal.type()).isEqualTo(AGE_NOT_ALLOWED);
                }
            }
        }
    }

    /** The zone of the rule is UTC: the same birthday for all, wherever they are. */
    @Test
    void somebodyIsOfAgeFromTheMidnightOfTheirBirthday() {
        var birthday = Instant.parse("2026-11-22T00:00:00Z");
        var person = sending("FR", "FR").born(LocalDate.of(2008, 11, 22));
        assertThat(refusal(person.at(birthday))).isNull();
        assertThat(refusal(person.at(birthday.minusSeconds(1))).type()).isEqualTo(AGE_NOT_ALLOWED);
    }

    /** Days of the window, then minor units or a number of times; the figures with a source. */
    @ParameterizedTest
    @CsvSource({
        "FR, SEND, PHONE, 30, 150000, ",
        "IT, SEND, PHONE, 30, 150000, ",
        "FR, SEND, VERIFIED, 30, 500000, ",
        "FR, SEND, VERIFIED, 365, 3000000, ",
        "FR, SEND, PHONE, 1, , 100",
        "FR, SEND, VERIFIED, 1, , 200",
        "FR, TOP_UP, PHONE, 1, , 10",
        "FR, PAY_OUT, PHONE, 1, , 5",
        "GB, SEND, PHONE, 30, 1000000, ",
        "GB, SEND, VERIFIED, 30, 2000000, ",
        "US, SEND, PHONE, 7, 6000000, 20000",
        "US, SEND, VERIFIED, 7, 6000000, 20000",
        "US, PAY_OUT, PHONE, 7, 99999, ",
        "US, PAY_OUT, VERIFIED, 7, 499999, ",
        "RU, SEND, PHONE, 30, 4000000, ",
        "RU, SEND, VERIFIED, 30, 20000000, ",
        "BY, SEND, PHONE, 30, 300000, ",
        "UA, SEND, PHONE, 30, 1400000, ",
        "CN, SEND, PHONE, 1, 20000, ",
        "CN, SEND, PHONE, 365, 100000, ",
        "CN, RECEIVE, PHONE, 1, 300000, ",
        "CN, SEND, VERIFIED, 1, 5000000, ",
        "CN, SEND, VERIFIED, 365, 20000000, ",
    })
    void overSoManyDaysSoMuch(
            String country, Operation operation, Tier tier, int days, Long max, Long count) {
        assertThat(conditions(of(operation, country).tier(tier)))
                .anyMatch(
                        it ->
                                Duration.ofDays(days).equals(it.window())
                                        && Objects.equals(max, it.max())
                                        && Objects.equals(count, it.count()));
    }

    static Stream<Arguments> everybodysOperations() {
        return SERVED.stream()
                .flatMap(
                        country ->
                                Stream.of(Operation.values())
                                        .map(operation -> Arguments.of(country, operation)));
    }

    /** Bounded by amount and by number, and by each tier's own rules. */
    @ParameterizedTest
    @MethodSource("everybodysOperations")
    void eachOperationOfEachTierIsLimited(String country, Operation operation) {
        for (var tier : Tier.values()) {
            var verdict = RULES.decide(of(operation, country).tier(tier).facts());
            assertThat(verdict.refusal()).isNull();
            assertThat(verdict.limits())
                    .anyMatch(it -> it.condition().max() != null)
                    .anyMatch(it -> it.condition().count() != null)
                    .allMatch(it -> it.subject().operations().contains(operation))
                    .allMatch(it -> it.subject().tiers().contains(tier));
        }
    }

    @ParameterizedTest
    @MethodSource("everybodysOperations")
    void documentsNeverTakeAnythingAway(String country, Operation operation) {
        var asked = of(operation, country);
        var phone = conditions(asked);
        var verified = conditions(asked.tier(Tier.VERIFIED));
        assertBounds(phone, verified, Condition::max);
        assertBounds(phone, verified, Condition::count);
        for (var amount : amounts()) {
            if (refusal(asked.amount(amount)) == null) {
                assertThat(refusal(asked.amount(amount).tier(Tier.VERIFIED))).isNull();
            }
        }
    }

    /** What a phone lets through within a window is what its windows let through one by one. */
    private static void assertBounds(
            List<Condition> phone, List<Condition> verified, Function<Condition, Long> bound) {
        var before = byWindow(phone, bound);
        byWindow(verified, bound)
                .forEach(
                        (window, most) ->
                                assertThat(most)
                                        .isGreaterThanOrEqualTo(
                                                before.entrySet().stream()
                                                        .mapToLong(
                                                                it ->
                                                                        it.getValue()
                                                                                * times(
                                                                                        window,
                                                                                        it
                                                                                                .getKey()))
                                                        .min()
                                                        .orElseThrow()));
    }

    private static long times(Duration window, Duration other) {
        return (window.toSeconds() + other.toSeconds() - 1) / other.toSeconds();
    }

    private static Map<Duration, Long> byWindow(
            List<Condition> conditions, Function<Condition, Long> bound) {
        return conditions.stream()
                .filter(it -> bound.apply(it) != null)
                .collect(
                        Collectors.toMap(
                                it -> Objects.requireNonNull(it.window()), bound, Math::min));
    }

    private static List<Condition> conditions(Case asked) {
        return RULES.decide(asked.facts()).limits().stream().map(Rule::condition).toList();
    }

    /** The bounds of all countries, and one more. */
    private static List<Long> amounts() {
        return ALL.stream()
                .filter(it -> it.kind() == Kind.AMOUNT)
                .map(it -> Objects.requireNonNull(it.condition().max()))
                .flatMap(it -> Stream.of(it, it + 1))
                .distinct()
                .toList();
    }

    @Test
    void limitsAreThoseOfTheCountryTheOperationAndTheTier() {
        assertThat(limits(of(Operation.SEND, "FR")))
                .containsExactlyInAnyOrder("limit/EEA/SEND/PT720H", "limit/EEA/SEND/count/PT24H");
        assertThat(limits(of(Operation.PAY_OUT, "CN").tier(Tier.VERIFIED)))
                .containsExactlyInAnyOrder(
                        "limit/CN/PAY_OUT/VERIFIED/PT24H",
                        "limit/CN/PAY_OUT/VERIFIED/PT8760H",
                        "limit/CN/PAY_OUT/VERIFIED/count/PT24H");
    }

    private static List<String> limits(Case asked) {
        return RULES.decide(asked.facts()).limits().stream().map(Rule::id).toList();
    }
}
