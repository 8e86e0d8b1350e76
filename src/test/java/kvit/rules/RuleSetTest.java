package kvit.rules;

import static kvit.rules.RulesProblem.AGE_NOT_ALLOWED;
import static kvit.rules.RulesProblem.AMOUNT_OUT_OF_RANGE;
import static kvit.rules.RulesProblem.CHANNEL_NOT_ALLOWED;
import static kvit.rules.RulesProblem.CORRIDOR_NOT_ALLOWED;
import static kvit.rules.RulesProblem.COUNTRY_NOT_SERVED;
import static kvit.rules.RulesProblem.CURRENCY_NOT_ALLOWED;
import static kvit.rules.RulesProblem.LIMIT_EXCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Members;
import kvit.problem.Problem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that Kvit comes with, against the world as it was. */
class RuleSetTest {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    static final Set<String> EEA =
            Set.of(
                    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
                    "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT",
                    "RO", "SE", "SI", "SK");

    static final Channel WEB = new Channel("web", "US", Set.of());
    static final Channel TELEGRAM =
            new Channel("telegram", "AE", Set.of(DataClass.PERSONAL_DATA, DataClass.TRANSFER_DATA));

    static Seed seed;
    static RuleSet rules;

    @BeforeAll
    static void read() throws IOException {
        try (var json = RuleSetTest.class.getResourceAsStream("/kvit-rules.json")) {
            seed =
                    new ObjectMapper()
                            .registerModule(new JavaTimeModule())
                            .readValue(json, Seed.class);
        }
        rules = new RuleSet(1, seed.all());
    }

    static Currency currency(String country) {
        return switch (country) {
            case "US" -> Currency.USD;
            case "GB" -> Currency.GBP;
            case "RU" -> Currency.RUB;
            case "BY" -> Currency.BYN;
            case "UA" -> Currency.UAH;
            case "CN" -> Currency.CNY;
            default -> Currency.EUR;
        };
    }

    static Party party(String country) {
        return new Party(new UUID(0, 1), country, null, Tier.PHONE, "en");
    }

    static Facts sending(String from, String to, Channel channel, long minor, Instant at) {
        return new Facts(
                Operation.SEND,
                party(from),
                to,
                channel,
                Actor.BANK,
                new Money(minor, currency(from)),
                at);
    }

    static Problem refusal(Facts facts) {
        return rules.decide(facts).refusal();
    }

    static Set<String> countries() {
        return Stream.concat(
                        seed.notServed().stream(),
                        seed.rules().stream()
                                .filter(it -> it.kind() == Kind.COUNTRY)
                                .flatMap(it -> it.subject().countries().stream()))
                .collect(Collectors.toSet());
    }

    @Test
    void hasARowForEachOfThe249Countries() {
        assertThat(countries()).hasSize(249);
        assertThat(seed.all())
                .filteredOn(it -> it.kind() == Kind.COUNTRY)
                .extracting(Rule::id)
                .doesNotHaveDuplicates()
                .hasSize(249);
    }

    @Test
    void everyRuleNamesItsSourceAndSpeaksThreeLanguages() {
        assertThat(seed.all()).allMatch(it -> !it.legalReference().isBlank());
        assertThat(seed.all())
                .filteredOn(it -> it.effect() != Effect.ALLOW)
                .allMatch(it -> it.texts().keySet().equals(Set.of("en", "fr", "ru")));
        assertThat(seed.all()).extracting(Rule::id).doesNotHaveDuplicates();
    }

    @Test
    void hasEveryKindButClosure() {
        assertThat(seed.all())
                .extracting(Rule::kind)
                .containsAll(EnumSet.complementOf(EnumSet.of(Kind.CLOSURE)));
    }

    /** 62,001 pairs: no exception, and nothing outside of the corridors that are listed. */
    @Test
    void refusesEveryPairOfCountriesButTheListedOnes() {
        var allowed = new HashSet<String>();
        for (var from : countries()) {
            for (var to : countries()) {
                if (refusal(sending(from, to, WEB, 1, NOW)) == null) {
                    allowed.add(from + to);
                }
            }
        }
        var domestic =
                Stream.concat(EEA.stream(), Stream.of("US", "GB", "RU", "BY", "UA", "CN"))
                        .map(it -> it + it)
                        .collect(Collectors.toSet());
        assertThat(allowed).isEqualTo(domestic);
    }

    @ParameterizedTest
    @CsvSource({"XX", "''", "fr", "001", "ZZ"})
    void refusesACountryThatThereIsNot(String country) {
        assertThat(refusal(sending(country, country, WEB, 1, NOW)).type())
                .isEqualTo(COUNTRY_NOT_SERVED);
    }

    @Test
    void anEmptySetRefusesEverybody() {
        var verdict = new RuleSet(0, List.of()).decide(sending("US", "US", WEB, 1, NOW));
        assertThat(verdict.refusal().type()).isEqualTo(COUNTRY_NOT_SERVED);
        assertThat(verdict.matched()).isEmpty();
    }

    /** Without any rule of one kind nothing passes, whatever the others say. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SANCTION", "CLOSURE"})
    void refusesWhereTheRulesOfAKindAreMissing(Kind kind) {
        var others = seed.all().stream().filter(it -> it.kind() != kind).toList();
        var verdict = new RuleSet(2, others).decide(sending("FR", "FR", WEB, 1, NOW));
        assertThat(verdict.refusal().type()).isEqualTo(kind.problem());
    }

    @ParameterizedTest
    @CsvSource({
        "FR, 500_00",
        "DE, 500_00",
        "GB, 2500_00",
        "US, 10000_00",
        "RU, 15000_00",
        "BY, 1000_00",
        "UA, 5000_00",
        "CN, 200_00"
    })
    void oneTransferCarriesSoMuchToTheCent(String country, String max) {
        var minor = Long.parseLong(max.replace("_", ""));
        assertThat(refusal(sending(country, country, WEB, minor, NOW))).isNull();
        assertThat(refusal(sending(country, country, WEB, minor + 1, NOW)).type())
                .isEqualTo(AMOUNT_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({"FR, USD", "US, EUR", "GB, EUR", "RU, USD", "CN, EUR", "SE, USD"})
    void refusesAnotherCurrencyThanTheCountrys(String country, Currency currency) {
        var facts =
                new Facts(
                        Operation.SEND,
                        party(country),
                        country,
                        WEB,
                        Actor.BANK,
                        new Money(1, currency),
                        NOW);
        assertThat(refusal(facts).type()).isEqualTo(CURRENCY_NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({"FR, DE", "FR, GB", "US, FR", "RU, BY", "UA, RU"})
    void refusesAnotherCountry(String from, String to) {
        assertThat(refusal(sending(from, to, WEB, 1, NOW)).type()).isEqualTo(CORRIDOR_NOT_ALLOWED);
    }

    @Test
    void thePassportIsASwitchThatOpensTheWholeArea() {
        var from = Instant.parse("2026-11-22T23:00:00Z");
        var passport = rule("corridor/EEA");
        var switched = new ArrayList<>(seed.all());
        switched.remove(passport);
        switched.add(dated(passport, 2, from, null));
        var open = new RuleSet(2, switched);

        var transfer = sending("FR", "DE", WEB, 1, from);
        assertThat(open.decide(transfer).refusal()).isNull();
        assertThat(open.decide(sending("FR", "DE", WEB, 1, from.minusNanos(1_000))).refusal())
                .isNotNull();
        assertThat(refusal(transfer).type()).isEqualTo(CORRIDOR_NOT_ALLOWED);
        assertThat(open.decide(sending("FR", "GB", WEB, 1, from)).refusal().type())
                .isEqualTo(CORRIDOR_NOT_ALLOWED);
    }

    static Stream<Channel> bannedIn2023() {
        return Stream.of(
                        "discord",
                        "teams",
                        "skype",
                        "snapchat",
                        "telegram",
                        "threema",
                        "viber",
                        "whatsapp",
                        "wechat")
                .map(it -> new Channel(it, "US", Set.of(DataClass.TRANSFER_DATA)));
    }

    /** 584-FZ: from 2023-03-01 00:00 in Moscow. */
    @ParameterizedTest
    @MethodSource("bannedIn2023")
    void theBanOfForeignMessengersBeginsAtItsSecond(Channel messenger) {
        var ban = Instant.parse("2023-02-28T21:00:00Z");
        assertThat(refusal(sending("RU", "RU", messenger, 1, ban.minusSeconds(1)))).isNull();
        assertThat(refusal(sending("RU", "RU", messenger, 1, ban)).type())
                .isEqualTo(CHANNEL_NOT_ALLOWED);
        assertThat(refusal(sending("RU", "RU", WEB, 1, ban.minusSeconds(1)))).isNull();
        assertThat(refusal(sending("RU", "RU", WEB, 1, ban))).isNull();
        assertThat(refusal(sending("UA", "UA", messenger, 1, ban))).isNull();
    }

    /** A shell through which nothing passes is not what that law is about; the second one is. */
    @Test
    void theFirstBanIsAboutDataAndTheSecondAboutTalking() {
        var shell = new Channel("telegram", "AE", Set.of());
        var second = Instant.parse("2025-05-31T21:00:00Z");
        assertThat(refusal(sending("RU", "RU", shell, 1, second.minusSeconds(1)))).isNull();
        assertThat(refusal(sending("RU", "RU", shell, 1, second)).type())
                .isEqualTo(CHANNEL_NOT_ALLOWED);
        assertThat(
                        refusal(
                                        sending(
                                                "RU",
                                                "RU",
                                                new Channel("messenger", "US", Set.of()),
                                                1,
                                                second))
                                .type())
                .isEqualTo(CHANNEL_NOT_ALLOWED);
    }

    @Test
    void theBansAreAboutInstitutionsAndNotAboutEverybody() {
        var facts =
                new Facts(
                        Operation.SEND,
                        party("RU"),
                        "RU",
                        TELEGRAM,
                        Actor.OTHER,
                        new Money(1, Currency.RUB),
                        NOW);
        assertThat(refusal(facts)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "en, Since 1 June 2025 the law",
        "fr-CA, 'Depuis le 1er juin 2025, la loi'",
        "ru, С 1 июня 2025 года закон",
        "de, Since 1 June 2025 the law"
    })
    void saysWhyInThePersonsLanguage(String locale, String beginning) {
        var facts =
                new Facts(
                        Operation.SEND,
                        new Party(new UUID(0, 1), "RU", null, Tier.PHONE, locale),
                        "RU",
                        new Channel("telegram", "AE", Set.of()),
                        Actor.BANK,
                        new Money(1, Currency.RUB),
                        NOW);
        assertThat(refusal(facts)).hasMessageStartingWith(beginning);
    }

    @ParameterizedTest
    @CsvSource({"2008-11-22, true", "2008-11-23, false", "1950-01-01, true", ", true"})
    void bothSidesAreOfAge(LocalDate birthDate, boolean isAllowed) {
        for (var operation : List.of(Operation.SEND, Operation.RECEIVE)) {
            var facts =
                    new Facts(
                            operation,
                            new Party(new UUID(0, 1), "FR", birthDate, Tier.PHONE, "fr"),
                            "FR",
                            operation == Operation.SEND ? WEB : null,
                            Actor.BANK,
                            new Money(1, Currency.EUR),
                            NOW);
            if (isAllowed) {
                assertThat(refusal(facts)).isNull();
            } else {
                assertThat(refusal(facts).type()).isEqualTo(AGE_NOT_ALLOWED);
            }
        }
    }

    /** Messenger's own end in France: 15 June 2019. */
    @Test
    void aProductThatClosesTakesNoNewMoneyFromThatDayOn() {
        var end = Instant.parse("2019-06-14T22:00:00Z");
        var closure =
                new Rule(
                        "closure/FR",
                        1,
                        Kind.CLOSURE,
                        Subject.ofCountries(Set.of("FR")),
                        Condition.NONE,
                        Effect.DENY,
                        end,
                        null,
                        ZoneId.of("Europe/Paris"),
                        "End of service, announced on 16 April 2019",
                        Map.of("en", "Closed.", "fr", "Fermé.", "ru", "Закрыто."));
        var closing = with(closure);
        assertThat(closing.decide(sending("FR", "FR", WEB, 1, end.minusSeconds(1))).refusal())
                .isNull();
        assertThat(closing.decide(sending("FR", "FR", WEB, 1, end)).refusal().type())
                .isEqualTo(COUNTRY_NOT_SERVED);
        assertThat(closing.decide(sending("DE", "DE", WEB, 1, end)).refusal()).isNull();
    }

    /** Newer than any of the seed, so that it would be asked first among equals. */
    static Rule test(String id, Kind kind, Effect effect, Condition condition) {
        return new Rule(
                id,
                1,
                kind,
                Subject.ofCountries(Set.of("FR")),
                condition,
                effect,
                NOW,
                null,
                ZoneId.of("UTC"),
                "a test",
                Map.of("en", "Not now.", "fr", "Pas maintenant.", "ru", "Не сейчас."));
    }

    static Condition requiring(Requirement requirement) {
        return new Condition(null, null, null, null, requirement);
    }

    static Facts paying(Tier tier) {
        return new Facts(
                Operation.SEND,
                new Party(new UUID(0, 1), "FR", null, tier, "en"),
                "FR",
                WEB,
                Actor.BANK,
                new Money(1_00, Currency.EUR),
                NOW);
    }

    static final Rule CONFIRMED =
            test("t/confirmed", Kind.CURRENCY, Effect.REQUIRE, requiring(Requirement.CONFIRMATION));
    static final Rule REVIEWED = test("t/reviewed", Kind.CURRENCY, Effect.HOLD, Condition.NONE);
    static final Rule DENIED = test("t/denied", Kind.CURRENCY, Effect.DENY, Condition.NONE);
    static final Rule PROVED =
            test("t/proved", Kind.CURRENCY, Effect.REQUIRE, requiring(Requirement.VERIFICATION));

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
        var elsewhere = test("t/elsewhere", Kind.SANCTION, Effect.HOLD, Condition.NONE);
        for (var review : List.of(REVIEWED, elsewhere)) {
            var verdict = with(review, CONFIRMED).decide(paying(Tier.PHONE));
            assertThat(verdict.refusal()).isNull();
            assertThat(verdict.demands().keySet())
                    .containsExactly(Demand.CONFIRMATION, Demand.REVIEW);
            assertThat(verdict.matched()).contains("t/confirmed@1", review.name());
            assertThat(verdict.matched()).doesNotHaveDuplicates();
        }
    }

    @Test
    void aDenialBeatsWhateverIsDemandedAlsoThatOfALaterKind() {
        var late = test("t/late", Kind.AMOUNT, Effect.DENY, bound(99L));
        for (var denial : List.of(DENIED, late)) {
            var verdict = with(CONFIRMED, REVIEWED, denial).decide(paying(Tier.VERIFIED));
            assertThat(verdict.refusal().type()).isEqualTo(denial.kind().problem());
            assertThat(verdict.demands()).isEmpty();
            assertThat(verdict.limits()).isEmpty();
        }
    }

    @Test
    void documentsAreAskedOfThoseWhoHaveNotShownThem() {
        var wide =
                test(
                        "t/wide",
                        Kind.LIMIT,
                        Effect.DENY,
                        new Condition(1_000_00L, null, Duration.ofDays(30), null, null));
        var verdict = with(PROVED, REVIEWED).decide(paying(Tier.PHONE));
        assertThat(verdict.refusal().type()).isEqualTo(CURRENCY_NOT_ALLOWED);
        assertThat(Members.of(verdict.refusal()))
                .containsEntry("rule", "t/proved")
                .containsEntry("required", "verification");
        assertThat(verdict.demands()).isEmpty();

        var proved = with(PROVED, wide).decide(paying(Tier.VERIFIED));
        assertThat(proved.refusal()).isNull();
        assertThat(proved.demands()).isEmpty();
    }

    /** Else somebody would show documents and be refused all the same. */
    @Test
    void nobodyIsAskedForDocumentsWhereTheyWouldNotHelp() {
        for (var rules : List.of(with(PROVED, DENIED), with(DENIED, PROVED))) {
            var refusal = rules.decide(paying(Tier.PHONE)).refusal();
            assertThat(Members.of(refusal)).containsEntry("rule", "t/denied");
            assertThat(Members.of(refusal)).doesNotContainKey("required");
        }
    }

    /** Only the part above the bound is held, confirmed or proved. */
    @ParameterizedTest
    @CsvSource({"HOLD, ", "REQUIRE, CONFIRMATION", "REQUIRE, VERIFICATION"})
    void whoKeepsToABoundIsAskedForNothing(Effect effect, Requirement requirement) {
        var bound =
                test(
                        "t/bound",
                        Kind.AMOUNT,
                        effect,
                        new Condition(1_00L, null, null, null, requirement));
        var within = with(bound).decide(paying(Tier.PHONE));
        assertThat(within.refusal()).isNull();
        assertThat(within.demands()).isEmpty();
        var lower =
                test(
                        "t/bound",
                        Kind.AMOUNT,
                        effect,
                        new Condition(99L, null, null, null, requirement));
        var beyond = with(lower).decide(paying(Tier.PHONE));
        assertThat(beyond.refusal() != null || !beyond.demands().isEmpty()).isTrue();
    }

    @Test
    void aLimitThatDocumentsLiftIsNotCountedForThoseWhoHaveShownThem() {
        var limit =
                test(
                        "t/limit",
                        Kind.LIMIT,
                        Effect.REQUIRE,
                        new Condition(
                                1_00L, null, Duration.ofDays(1), null, Requirement.VERIFICATION));
        assertThat(with(limit).decide(paying(Tier.PHONE)).limits()).contains(limit);
        assertThat(with(limit).decide(paying(Tier.VERIFIED)).limits()).doesNotContain(limit);
    }

    static Condition bound(long max) {
        return new Condition(max, null, null, null, null);
    }

    /** Over all kinds and countries: one more prohibition never allows what was refused. */
    @Test
    void aDenialMoreNeverAllowsMore() {
        for (var kind : Kind.values()) {
            var denial =
                    new Rule(
                            "denial/test",
                            1,
                            kind,
                            Subject.ofCountries(Set.of("FR", "US")),
                            new Condition(0L, null, null, null, null),
                            Effect.DENY,
                            Instant.EPOCH,
                            null,
                            ZoneId.of("UTC"),
                            "a test",
                            Map.of("en", "No."));
            var stricter = with(denial);
            for (var from : List.of("FR", "US", "DE", "GB", "KP", "XX")) {
                for (var to : List.of("FR", "US", "DE", "KP")) {
                    for (var channel : List.of(WEB, TELEGRAM)) {
                        var facts = sending(from, to, channel, 1_00, NOW);
                        if (refusal(facts) != null) {
                            assertThat(stricter.decide(facts).refusal()).isNotNull();
                        }
                    }
                }
            }
        }
    }

    @Test
    void limitsAreThoseOfTheCountryAndTheOperation() {
        var limits = rules.decide(sending("FR", "FR", WEB, 1, NOW)).limits();
        assertThat(limits).extracting(Rule::id).containsExactly("limit/EEA/SEND/PT720H");
        assertThat(rules.decide(sending("CN", "CN", WEB, 1, NOW)).limits())
                .extracting(Rule::id)
                .containsExactlyInAnyOrder("limit/CN/SEND/PT24H", "limit/CN/SEND/PT8760H");
        assertThat(LIMIT_EXCEEDED.status()).isEqualTo(422);
    }

    static Rule rule(String id) {
        return seed.all().stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
    }

    static RuleSet with(Rule... more) {
        var all = new ArrayList<>(seed.all());
        all.addAll(List.of(more));
        return new RuleSet(2, all);
    }

    static Rule dated(Rule rule, int version, Instant from, Instant to) {
        return new Rule(
                rule.id(),
                version,
                rule.kind(),
                rule.subject(),
                rule.condition(),
                rule.effect(),
                from,
                to,
                rule.zone(),
                rule.legalReference(),
                rule.texts());
    }
}
