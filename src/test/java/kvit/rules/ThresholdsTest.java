package kvit.rules;

import static kvit.rules.TestRules.ALL;
import static kvit.rules.TestRules.EEA;
import static kvit.rules.TestRules.NO;
import static kvit.rules.TestRules.NOW;
import static kvit.rules.TestRules.RULES;
import static kvit.rules.TestRules.SERVED;
import static kvit.rules.TestRules.WEB;
import static kvit.rules.TestRules.dated;
import static kvit.rules.TestRules.made;
import static kvit.rules.TestRules.of;
import static kvit.rules.TestRules.rule;
import static kvit.rules.TestRules.sending;
import static kvit.rules.TestRules.subject;
import static kvit.rules.TestRules.threshold;
import static kvit.rules.TestRules.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.rules.Limit.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How far a payer's word alone goes: the figures that Kvit comes with, and how they are read. */
class ThresholdsTest {

    /** From the second on from which the law wants it, in the country's own midnight. */
    @ParameterizedTest
    @CsvSource({
        "DE, 3000, 2019-09-13T22:00:00Z",
        "IS, 3000, 2019-09-13T22:00:00Z",
        "GB, 2500, 2026-01-01T00:00:00Z"
    })
    void oneTransferBeyondTheLowValueIsConfirmed(String country, long max, Instant from) {
        var transfer = sending(country, country);
        for (var at : List.of(NOW, from)) {
            assertThat(demands(RULES, transfer.amount(max).at(at))).isEmpty();
            assertThat(demands(RULES, transfer.amount(max + 1).at(at)))
                    .containsExactly(Demand.CONFIRMATION);
        }
    }

    @Test
    void theLawOfTheAreaDoesNotReachBackBehindItsFirstDay() {
        var before = Instant.parse("2019-09-13T21:59:59.999999Z");
        assertThat(demands(RULES, sending("DE", "DE").amount(500_00).at(before))).isEmpty();
        assertThat(thresholds(RULES, sending("DE", "DE").amount(1).at(before))).isEmpty();
        assertThat(rule("confirmation/GB").validFrom())
                .isEqualTo(Instant.parse("2021-01-01T00:00:00Z"));
    }

    /** And nobody who is paid, fills their wallet or empties it. */
    @Test
    void whereTheLawWantsNothingNothingIsAskedOrCounted() {
        for (var country : SERVED) {
            var isLaw = EEA.contains(country) || country.equals("GB");
            assertThat(thresholds(RULES, sending(country, country)).isEmpty())
                    .as(country)
                    .isEqualTo(!isLaw);
            for (var operation : Operation.values()) {
                var verdict = RULES.decide(of(operation, country).amount(400_00).facts());
                if (operation != Operation.SEND) {
                    assertThat(verdict.thresholds()).isEmpty();
                    assertThat(verdict.demands()).isEmpty();
                }
            }
        }
        assertThat(demands(RULES, sending("US", "US").amount(10_000_00))).isEmpty();
    }

    @Test
    void whatIsBelowIsCountedInItsCurrencyAndWhatIsConfirmedAnywayIsNot() {
        var payer = new UUID(0, 1);
        assertThat(thresholds(RULES, sending("FR", "FR").amount(30_00)))
                .containsExactly(
                        new Threshold(
                                "confirmation/EEA",
                                new Tally(payer, Currency.EUR, Operation.SEND),
                                100_00L,
                                5L));
        assertThat(thresholds(RULES, sending("GB", "GB").amount(25_00)))
                .containsExactly(
                        new Threshold(
                                "confirmation/GB",
                                new Tally(payer, Currency.GBP, Operation.SEND),
                                85_00L,
                                5L));
        assertThat(thresholds(RULES, sending("FR", "FR").amount(30_01))).isEmpty();
        var verdict = RULES.decide(sending("FR", "FR").amount(30_01).facts());
        assertThat(verdict.thresholds()).isEmpty();
        assertThat(verdict.matched()).contains("confirmation/EEA@1").doesNotHaveDuplicates();
    }

    /** The one in hand is among them: that much and that often, and not once more. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 30_00, true",
        "70_00, 2, 30_00, true",
        "70_01, 2, 30_00, false",
        "100_00, 4, 1, false",
        "4, 4, 1, true",
        "5, 5, 1, false",
        "9_000_000_000_000_000, 0, 1, false"
    })
    void aTotalAndACountLeaveSoMuch(String used, long moves, String amount, boolean isLeft) {
        var threshold = thresholds(RULES, sending("FR", "FR")).get(0);
        assertThat(
                        threshold.leaves(
                                Long.parseLong(used.replace("_", "")),
                                moves,
                                new Money(Long.parseLong(amount.replace("_", "")), Currency.EUR)))
                .isEqualTo(isLeft);
    }

    /** Nothing says how many euros they are. */
    @Test
    void anotherCurrencyThanTheThresholdsIsConfirmedWhateverTheAmount() {
        var dollars = inDollars();
        var cent = sending("FR", "FR").amount(new Money(1, Currency.USD));
        assertThat(dollars.decide(cent.facts()).refusal()).isNull();
        assertThat(demands(dollars, cent)).containsExactly(Demand.CONFIRMATION);
        assertThat(dollars.decide(cent.facts()).matched()).contains("confirmation/EEA@1");
        assertThat(thresholds(dollars, cent)).isEmpty();
        assertThat(demands(dollars, sending("FR", "FR").amount(30_00))).isEmpty();

        var own =
                about(
                        "t/dollars",
                        Kind.CONFIRMATION,
                        Effect.REQUIRE,
                        threshold(50_00L, null, null));
        var compared = dollars.with(own);
        assertThat(demands(compared, cent)).isEmpty();
        assertThat(demands(compared, cent.amount(50_01))).containsExactly(Demand.CONFIRMATION);
        // Somebody else's dollars are compared with nothing.
        assertThat(demands(compared, sending("US", "US").amount(10_000_00))).isEmpty();
    }

    private static RuleSet inDollars() {
        return with(
                about("t/allowed", Kind.CURRENCY, Effect.ALLOW, Condition.NONE),
                about("t/amount", Kind.AMOUNT, Effect.DENY, TestRules.max(500_00)),
                about(
                        "t/limit",
                        Kind.LIMIT,
                        Effect.DENY,
                        new Condition(500_00L, null, Duration.ofDays(1), null, null, null)));
    }

    /** About France and its dollars. */
    private static Rule about(String id, Kind kind, Effect effect, Condition condition) {
        return new Rule(
                id,
                1,
                kind,
                subject(Set.of("FR"), Set.of(Currency.USD)),
                condition,
                effect,
                NOW,
                null,
                ZoneId.of("UTC"),
                "a test",
                NO);
    }

    @Test
    void ofSeveralThresholdsEachIsKept() {
        var low = made("t/low", Kind.CONFIRMATION, Effect.REQUIRE, threshold(10_00L, null, null));
        var few = made("t/few", Kind.CONFIRMATION, Effect.REQUIRE, threshold(null, null, 2L));
        var rules = with(low, few);
        var beyond = rules.decide(sending("FR", "FR").amount(10_01).facts());
        assertThat(beyond.demands().keySet()).containsExactly(Demand.CONFIRMATION);
        assertThat(beyond.matched()).contains("t/low@1").doesNotContain("t/few@1");
        // One that has nothing to count is not counted.
        assertThat(thresholds(rules, sending("FR", "FR").amount(10_00)))
                .extracting(Threshold::rule)
                .containsExactlyInAnyOrder("t/few", "confirmation/EEA");
    }

    /** Also where a rule leaves open of which operation it is. */
    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SEND"})
    void whoSendsNothingConfirmsNothing(Operation operation) {
        var open = made("t/open", Kind.CONFIRMATION, Effect.REQUIRE, threshold(0L, 0L, 0L));
        var verdict = with(open).decide(of(operation, "FR").amount(400_00).facts());
        assertThat(verdict.refusal()).isNull();
        assertThat(verdict.demands()).isEmpty();
        assertThat(verdict.thresholds()).isEmpty();
        assertThat(demands(with(open), sending("FR", "FR"))).containsExactly(Demand.CONFIRMATION);
    }

    @Test
    void oneThatHasEndedAsksForNothingAnyMore() {
        var rules = new ArrayList<>(ALL);
        var threshold = rule("confirmation/EEA");
        rules.remove(threshold);
        rules.add(dated(threshold, 2, threshold.validFrom(), NOW));
        var ended = new RuleSet(2, rules);
        assertThat(demands(ended, sending("FR", "FR").amount(500_00))).isEmpty();
        assertThat(demands(ended, sending("FR", "FR").amount(500_00).at(NOW.minusNanos(1_000))))
                .containsExactly(Demand.CONFIRMATION);
    }

    /** What is looked at is counted when it moves, and several at once would all keep to it. */
    @Test
    void whatIsLookedAtIsConfirmedAsWellWhereThereIsAThreshold() {
        var review = made("t/review", Kind.AMOUNT, Effect.HOLD, TestRules.max(10_00));
        var held = sending("FR", "FR").amount(10_01);
        assertThat(demands(with(review), held)).containsExactly(Demand.CONFIRMATION, Demand.REVIEW);
        assertThat(thresholds(with(review), held)).isEmpty();
        assertThat(demands(with(review), held.amount(10_00))).isEmpty();

        var elsewhere =
                with(review).with(dated(rule("confirmation/EEA"), 2, NOW.minusNanos(1_000), NOW));
        assertThat(demands(elsewhere, held)).containsExactly(Demand.REVIEW);
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void whoeverIsKnownWellConfirmsAllTheSame(Tier tier) {
        assertThat(demands(RULES, sending("FR", "FR").tier(tier).amount(30_01)))
                .containsExactly(Demand.CONFIRMATION);
    }

    private static Set<Demand> demands(RuleSet rules, TestRules.Case asked) {
        return ruling(rules, asked).demands();
    }

    private static List<Threshold> thresholds(RuleSet rules, TestRules.Case asked) {
        return ruling(rules, asked).thresholds();
    }

    private static Rules.Ruling ruling(RuleSet rules, TestRules.Case asked) {
        var payer = asked.facts().party();
        var payee = new Party(new UUID(0, 2), asked.counterparty(), null, Tier.PHONE, "en");
        var ruling =
                new Rules(null, null)
                        .onTransfer(
                                rules,
                                Actor.BANK,
                                payer,
                                payee,
                                WEB,
                                Instrument.WALLET,
                                asked.amount(),
                                asked.at());
        assertThat(ruling.refusal()).isNull();
        return ruling;
    }
}
