package kvit.rules;

import static kvit.rules.RulesProblem.COUNTRY_NOT_SERVED;
import static kvit.rules.RulesProblem.CURRENCY_NOT_ALLOWED;
import static kvit.rules.TestRules.ALL;
import static kvit.rules.TestRules.NO;
import static kvit.rules.TestRules.NOW;
import static kvit.rules.TestRules.TELEGRAM;
import static kvit.rules.TestRules.WEB;
import static kvit.rules.TestRules.made;
import static kvit.rules.TestRules.max;
import static kvit.rules.TestRules.of;
import static kvit.rules.TestRules.refusal;
import static kvit.rules.TestRules.requiring;
import static kvit.rules.TestRules.sending;
import static kvit.rules.TestRules.subject;
import static kvit.rules.TestRules.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How one verdict is made of many rules. */
class RuleSetTest {

    static final Rule CONFIRMED =
            made("t/confirmed", Kind.CURRENCY, Effect.REQUIRE, requiring(Requirement.CONFIRMATION));
    static final Rule REVIEWED = made("t/reviewed", Kind.CURRENCY, Effect.HOLD, Condition.NONE);
    static final Rule DENIED = made("t/denied", Kind.CURRENCY, Effect.DENY, Condition.NONE);
    static final Rule PROVED =
            made("t/proved", Kind.CURRENCY, Effect.REQUIRE, requiring(Requirement.VERIFICATION));

    static Facts paying(Tier tier) {
        return sending("FR", "FR").amount(1_00).tier(tier).facts();
    }

    @Test
    void anEmptySetRefusesEverybody() {
        var verdict = new RuleSet(0, List.of()).decide(sending("US", "US").facts());
        assertThat(verdict.refusal().type()).isEqualTo(COUNTRY_NOT_SERVED);
        assertThat(verdict.matched()).isEmpty();
    }

    /** Without any rule of one kind nothing passes, whatever the others say. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SANCTION", "CLOSURE", "CONFIRMATION", "ARRIVAL"})
    void refusesWhereTheRulesOfAKindAreMissing(Kind kind) {
        var others = ALL.stream().filter(it -> it.kind() != kind).toList();
        var verdict = new RuleSet(2, others).decide(sending("FR", "FR").facts());
        assertThat(verdict.refusal().type()).isEqualTo(kind.problem());
    }

    /** Of those that say how long, the newest speaks; a card is demanded whichever that is. */
    @Test
    void anArrivalSaysHowLongMoneyWaitsAndForWhat() {
        var card = made("t/card", Kind.ARRIVAL, Effect.REQUIRE, requiring(Requirement.CARD));
        var hours =
                made(
                        "t/hours",
                        Kind.ARRIVAL,
                        Effect.ALLOW,
                        new Condition(null, null, Duration.ofHours(3), null, null, null));
        var receiving = of(Operation.RECEIVE, "FR").facts();
        var verdict = with(card, hours).decide(receiving);

        assertThat(verdict.refusal()).isNull();
        assertThat(verdict.demands()).containsExactly(Map.entry(Demand.CARD, card));
        assertThat(verdict.arrivesWithin()).isEqualTo(Duration.ofHours(3));
        assertThat(verdict.matched()).contains("t/card@1");
        assertThat(with(card).decide(receiving).arrivesWithin()).isNull();
        // Whoever sends is asked about nothing of it.
        var sending = with(card, hours).decide(sending("FR", "FR").facts());
        assertThat(sending.demands()).isEmpty();
        assertThat(sending.arrivesWithin()).isNull();
    }

    @Test
    void whatIsDemandedDoesNotRefuse() {
        var confirmed = with(CONFIRMED).decide(paying(Tier.PHONE));
        assertThat(confirmed.refusal()).isNull();
        assertThat(confirmed.demands()).containsExactly(Map.entry(Demand.CONFIRMATION, CONFIRMED));
        assertThat(confirmed.matched())
                .contains("t/confirmed@1", "amount/EEA@1")
                .doesNotContain("currency/EEA@1");
        assertThat(confirmed.limits()).isNotEmpty();

        var reviewed = with(REVIEWED).decide(paying(Tier.PHONE));
        assertThat(reviewed.refusal()).isNull();
        assertThat(reviewed.demands()).containsExactly(Map.entry(Demand.REVIEW, REVIEWED));
    }

    @Test
    void aConfirmationAndAReviewAreBothKeptInTheirOrderAndNamed() {
        var elsewhere = made("t/elsewhere", Kind.SANCTION, Effect.HOLD, Condition.NONE);
        for (var review : List.of(REVIEWED, elsewhere)) {
            var verdict = with(review, CONFIRMED).decide(paying(Tier.PHONE));
            assertThat(verdict.refusal()).isNull();
            assertThat(verdict.demands().keySet())
                    .containsExactly(Demand.CONFIRMATION, Demand.REVIEW);
            assertThat(verdict.matched())
                    .contains("t/confirmed@1", review.name())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aDenialBeatsWhateverIsDemandedAlsoThatOfALaterKind() {
        var late = made("t/late", Kind.AMOUNT, Effect.DENY, max(99));
        for (var denial : List.of(DENIED, late)) {
            var verdict = with(CONFIRMED, REVIEWED, denial).decide(paying(Tier.VERIFIED));
            assertThat(verdict.refusal().type()).isEqualTo(denial.kind().problem());
            assertThat(verdict.refusal()).hasMessage("No.");
            assertThat(verdict.demands()).isEmpty();
            assertThat(verdict.limits()).isEmpty();
        }
    }

    @Test
    void documentsAreAskedOfThoseWhoHaveNotShownThem() {
        var verdict = with(PROVED, REVIEWED).decide(paying(Tier.PHONE));
        assertThat(verdict.refusal().type()).isEqualTo(CURRENCY_NOT_ALLOWED);
        assertThat(Members.of(verdict.refusal()))
                .containsEntry("rule", "t/proved")
                .containsEntry("required", "verification");
        assertThat(verdict.demands()).isEmpty();

        var proved = with(PROVED).decide(paying(Tier.VERIFIED));
        assertThat(proved.refusal()).isNull();
        assertThat(proved.demands()).isEmpty();
    }

    /** Else somebody would show documents and be refused all the same. */
    @Test
    void nobodyIsAskedForDocumentsWhereTheyWouldNotHelp() {
        // One that comes before and one that comes after the denial in the order of names.
        for (var id : List.of("t/a", "t/z")) {
            var proved = made(id, PROVED.kind(), PROVED.effect(), PROVED.condition());
            var refusal = with(proved, DENIED).decide(paying(Tier.PHONE)).refusal();
            assertThat(Members.of(refusal))
                    .containsEntry("rule", "t/denied")
                    .doesNotContainKey("required");
        }
    }

    /** Only what is above the bound is held, confirmed or proved. */
    @ParameterizedTest
    @CsvSource({"HOLD, ", "REQUIRE, CONFIRMATION", "REQUIRE, VERIFICATION"})
    void whoKeepsToABoundIsAskedForNothing(Effect effect, Requirement requirement) {
        for (var bound : List.of(1_00L, 99L)) {
            var condition = new Condition(bound, null, null, null, requirement, null);
            var verdict =
                    with(made("t/bound", Kind.AMOUNT, effect, condition))
                            .decide(paying(Tier.PHONE));
            assertThat(verdict.refusal() == null && verdict.demands().isEmpty())
                    .isEqualTo(bound == 1_00);
        }
    }

    @Test
    void aLimitThatDocumentsLiftIsNotCountedForThoseWhoHaveShownThem() {
        var day = Duration.ofDays(1);
        var limit =
                made(
                        "t/limit",
                        Kind.LIMIT,
                        Effect.REQUIRE,
                        new Condition(1_00L, null, day, null, Requirement.VERIFICATION, null));
        assertThat(with(limit).decide(paying(Tier.PHONE)).limits()).contains(limit);
        assertThat(with(limit).decide(paying(Tier.VERIFIED)).limits()).doesNotContain(limit);
    }

    /**
     * Over all kinds that deny, and countries: one more prohibition never allows what was refused.
     */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CONFIRMATION", "ARRIVAL"})
    void aDenialMoreNeverAllowsMore(Kind kind) {
        var countries = Set.of("FR", "US");
        var denial =
                new Rule(
                        "t/denial",
                        1,
                        kind,
                        subject(countries, Set.of(Currency.EUR, Currency.USD)),
                        bound(kind),
                        Effect.DENY,
                        NOW,
                        null,
                        ZoneId.of("UTC"),
                        "a test",
                        NO);
        var stricter = with(denial);
        for (var from : List.of("FR", "US", "DE", "GB", "KP", "XX")) {
            for (var to : List.of("FR", "US", "DE", "KP")) {
                for (var channel : List.of(WEB, TELEGRAM)) {
                    var asked = sending(from, to).through(channel).amount(1_00);
                    if (refusal(asked) != null) {
                        assertThat(stricter.decide(asked.facts()).refusal()).isNotNull();
                    }
                }
            }
        }
    }

    private static Condition bound(Kind kind) {
        return switch (kind) {
            case AMOUNT -> max(0);
            case LIMIT -> new Condition(0L, null, Duration.ofDays(1), null, null, null);
            case AGE -> new Condition(null, null, null, 100, null, null);
            default -> Condition.NONE;
        };
    }

    /** And nobody who does nothing, and so comes through no front end. */
    @Test
    void aRuleAboutAPlatformsOwnerFitsThatOwnersFrontEndsOnly() {
        var abroad =
                new Subject(
                        Set.of(),
                        Set.of("FR"),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of("AE", "CN"));
        var rules =
                with(
                        new Rule(
                                "t/owner",
                                1,
                                Kind.SANCTION,
                                abroad,
                                Condition.NONE,
                                Effect.DENY,
                                NOW,
                                null,
                                ZoneId.of("UTC"),
                                "a test",
                                NO));
        assertThat(rules.decide(sending("FR", "FR").through(TELEGRAM).facts()).refusal())
                .isNotNull();
        assertThat(rules.decide(sending("FR", "FR").through(WEB).facts()).refusal()).isNull();
        assertThat(rules.decide(of(Operation.RECEIVE, "FR").facts()).refusal()).isNull();
    }

    /** The same of rules that nobody has written yet, about any property and several at once. */
    @Test
    void theSieveHoldsBackNothingThatFitsOfAnySubject() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        var fitting = 0;
        for (var i = 0; i < 20_000; i++) {
            var subject =
                    new Subject(
                            some(random, Operation.values()),
                            Set.of(),
                            some(random, "FR", "DE", "US", "KP", "CN"),
                            some(random, "web", "telegram", "viber", "an-app", "another"),
                            Set.of(),
                            some(random, Actor.values()),
                            some(random, Currency.values()),
                            some(random, Tier.values()),
                            some(random, Instrument.values()),
                            Set.of());
            var facts =
                    new Facts(
                            one(random, Operation.values()),
                            new Party(new UUID(0, i), "FR", null, one(random, Tier.values()), "en"),
                            random.nextInt(4) == 0 ? null : one(random, "FR", "DE", "US", "KP"),
                            random.nextInt(4) == 0
                                    ? null
                                    : new Channel(
                                            one(random, "web", "viber", "other"), "US", Set.of()),
                            one(random, Actor.values()),
                            new Money(1, one(random, Currency.values())),
                            NOW,
                            random.nextInt(4) == 0 ? null : one(random, Instrument.values()));
            if (subject.fitsButForCurrency(facts)) {
                assertThat(Sieve.passes(Sieve.ofAnyCurrency(subject), Sieve.of(facts)))
                        .as("seed %d: %s, %s in any currency", seed, subject, facts)
                        .isTrue();
            }
            if (subject.fits(facts)) {
                fitting++;
                assertThat(Sieve.passes(Sieve.of(subject), Sieve.of(facts)))
                        .as("seed %d: %s, %s", seed, subject, facts)
                        .isTrue();
            }
        }
        assertThat(fitting).isGreaterThan(100);
    }

    @SafeVarargs
    private static <T> T one(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    /** Mostly none, which fits everybody. */
    @SafeVarargs
    private static <T> Set<T> some(Random random, T... values) {
        var some = new HashSet<T>();
        for (var i = random.nextInt(6) - 2; i > 0; i--) {
            some.add(values[random.nextInt(values.length)]);
        }
        return some;
    }

    /** Whatever fits passes the sieve; what it holds back would not have fitted. */
    @Test
    void theSieveHoldsBackNothingThatFits() {
        var passed = 0;
        var asked = 0;
        for (var country : List.of("FR", "US", "CN", "RU", "KP")) {
            for (var operation : Operation.values()) {
                for (var tier : Tier.values()) {
                    for (var channel : new Channel[] {WEB, TELEGRAM, null}) {
                        for (var instrument : Instrument.values()) {
                            var facts =
                                    of(operation, country)
                                            .tier(tier)
                                            .through(channel)
                                            .with(instrument)
                                            .facts();
                            for (var rule : ALL) {
                                var passes =
                                        Sieve.passes(Sieve.of(rule.subject()), Sieve.of(facts));
                                assertThat(passes || !rule.appliesTo(facts)).isTrue();
                                passed += passes ? 1 : 0;
                                asked++;
                            }
                        }
                    }
                }
            }
        }
        // Most of the seed's rules are told apart by their country, which has a shelf of its own.
        assertThat(passed).isLessThan(asked * 3 / 4);
    }
}
