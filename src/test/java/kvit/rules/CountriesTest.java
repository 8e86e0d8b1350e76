package kvit.rules;

import static kvit.rules.RulesProblem.CORRIDOR_NOT_ALLOWED;
import static kvit.rules.RulesProblem.COUNTRY_NOT_SERVED;
import static kvit.rules.RulesProblem.CURRENCY_NOT_ALLOWED;
import static kvit.rules.TestRules.ALL;
import static kvit.rules.TestRules.RULES;
import static kvit.rules.TestRules.SERVED;
import static kvit.rules.TestRules.TELEGRAM;
import static kvit.rules.TestRules.WEB;
import static kvit.rules.TestRules.countries;
import static kvit.rules.TestRules.dated;
import static kvit.rules.TestRules.of;
import static kvit.rules.TestRules.refusal;
import static kvit.rules.TestRules.rule;
import static kvit.rules.TestRules.sending;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Countries, corridors, currencies, sanctions and closures, against the world as it was. */
class CountriesTest {

    @Test
    void hasARowForEachOfThe249Countries() {
        assertThat(countries()).hasSize(249).containsExactlyInAnyOrder(Locale.getISOCountries());
        assertThat(ALL)
                .filteredOn(it -> it.kind() == Kind.COUNTRY)
                .extracting(Rule::id)
                .doesNotHaveDuplicates()
                .hasSize(249);
    }

    @Test
    void everyRuleNamesItsSourceAndIsThereOnce() {
        assertThat(ALL).allMatch(it -> it.legalReference().length() > 10);
        assertThat(ALL).extracting(Rule::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void hasARuleOfEveryKind(Kind kind) {
        assertThat(ALL).extracting(Rule::kind).contains(kind);
    }

    /** 62,001 pairs: no exception, and nothing outside of the corridors that are listed. */
    @Test
    void refusesEveryPairOfCountriesButTheListedOnes() {
        var allowed = new HashSet<String>();
        for (var from : countries()) {
            for (var to : countries()) {
                if (refusal(sending(from, to)) == null) {
                    allowed.add(from + to);
                }
            }
        }
        assertThat(allowed)
                .isEqualTo(SERVED.stream().map(it -> it + it).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @CsvSource({"XX", "''", "fr", "001", "ZZ"})
    void refusesACountryThatThereIsNot(String country) {
        assertThat(refusal(sending(country, country)).type()).isEqualTo(COUNTRY_NOT_SERVED);
    }

    /** The dates of the products whose rules these are, to the second in their time zones. */
    @ParameterizedTest
    @CsvSource({
        "US, 2015-03-17T04:00:00Z",
        "FR, 2017-11-07T23:00:00Z",
        "PT, 2017-11-07T23:00:00Z",
        "GB, 2017-11-06T00:00:00Z",
        "RU, 2016-06-30T21:00:00Z",
        "BY, 2016-06-30T21:00:00Z",
        "UA, 2016-06-30T21:00:00Z",
        "CN, 2013-08-04T16:00:00Z"
    })
    void aCountryIsServedFromItsSecondOn(String country, Instant from) {
        assertThat(refusal(sending(country, country).at(from))).isNull();
        assertThat(refusal(sending(country, country).at(from.minusNanos(1_000))).type())
                .isEqualTo(COUNTRY_NOT_SERVED);
    }

    @ParameterizedTest
    @CsvSource({"FR, USD", "US, EUR", "GB, EUR", "RU, USD", "BY, RUB", "CN, EUR", "SE, SEK"})
    void refusesAnotherCurrencyThanTheCountrys(String country, Currency currency) {
        for (var operation : Operation.values()) {
            assertThat(refusal(of(operation, country).amount(new Money(1, currency))).type())
                    .isEqualTo(CURRENCY_NOT_ALLOWED);
        }
    }

    @ParameterizedTest
    @CsvSource({"FR, DE", "FR, GB", "US, FR", "RU, BY", "UA, RU"})
    void refusesAnotherCountry(String from, String to) {
        assertThat(refusal(sending(from, to)).type()).isEqualTo(CORRIDOR_NOT_ALLOWED);
    }

    /** One approved version of one rule with a nearer date. */
    @Test
    void thePassportIsASwitchThatOpensTheWholeArea() {
        var from = Instant.parse("2026-11-22T23:00:00Z");
        var passport = rule("corridor/EEA");
        var switched = new ArrayList<>(ALL);
        switched.remove(passport);
        switched.add(dated(passport, 2, from, null));
        var open = new RuleSet(2, switched);

        for (var pair : List.of("FR-DE", "IS-CY", "LI-NO")) {
            var transfer = sending(pair.substring(0, 2), pair.substring(3)).at(from);
            assertThat(open.decide(transfer.facts()).refusal()).isNull();
            assertThat(open.decide(transfer.at(from.minusNanos(1_000)).facts()).refusal().type())
                    .isEqualTo(CORRIDOR_NOT_ALLOWED);
            assertThat(refusal(transfer).type()).isEqualTo(CORRIDOR_NOT_ALLOWED);
        }
        assertThat(open.decide(sending("FR", "GB").at(from).facts()).refusal().type())
                .isEqualTo(CORRIDOR_NOT_ALLOWED);
    }

    /** Frozen: nothing in, nothing out, not even back to whom it came from. */
    @ParameterizedTest
    @CsvSource({"KP, 2006-10-14T00:00:00Z", "IR, 1995-05-07T04:00:00Z", "CU, 1963-07-08T04:00:00Z"})
    void nothingGoesToOrFromASanctionedCountry(String country, Instant from) {
        for (var operation : Operation.values()) {
            var asked = of(operation, country);
            var sanction = "sanction/" + country + "@1";
            assertThat(RULES.decide(asked.facts()).matched()).containsExactly(sanction);
            assertThat(RULES.decide(asked.at(from).facts()).matched()).containsExactly(sanction);
            assertThat(RULES.decide(asked.at(from.minusNanos(1_000)).facts()).matched())
                    .doesNotContain(sanction);
        }
        var paying = sending("FR", country);
        assertThat(RULES.decide(paying.facts()).matched())
                .contains("sanction/to-" + country + "@1");
        // Whoever is frozen is told no more than that.
        assertThat(refusal(paying)).hasMessage("We do not serve this country.");
        assertThat(Members.of(refusal(paying))).isEmpty();
    }

    /** Messenger's end in France and Britain, 15 June 2019, each in its own midnight. */
    @ParameterizedTest
    @CsvSource({
        "FR, 2019-06-14T22:00:00Z, 2025-12-31T23:00:00Z",
        "GB, 2019-06-14T23:00:00Z, 2026-01-01T00:00:00Z"
    })
    void aProductThatClosedTookNoNewMoneyAndLetOutWhatThereWas(
            String country, Instant end, Instant reopened) {
        for (var operation : List.of(Operation.SEND, Operation.RECEIVE, Operation.TOP_UP)) {
            var asked = of(operation, country);
            assertThat(refusal(asked.at(end.minusSeconds(1)))).isNull();
            assertThat(refusal(asked.at(end)).type()).isEqualTo(COUNTRY_NOT_SERVED);
            assertThat(Members.of(refusal(asked.at(reopened.minusSeconds(1)))))
                    .containsEntry("rule", "closure/" + country);
            assertThat(refusal(asked.at(reopened))).isNull();
        }
        assertThat(refusal(of(Operation.PAY_OUT, country).at(end))).isNull();
        assertThat(refusal(sending("DE", "DE").at(end))).isNull();
    }

    @Test
    void aProductOfOneFrontEndClosedThereOnly() {
        var end = Instant.parse("2018-08-30T04:00:00Z");
        var snapcash = sending("US", "US").through(new Channel("snapchat", "US", Set.of()));
        assertThat(refusal(snapcash.at(end.minusSeconds(1)))).isNull();
        assertThat(Members.of(refusal(snapcash.at(end))))
                .containsEntry("rule", "closure/US-snapchat");
        assertThat(refusal(snapcash.at(end).through(WEB))).isNull();
        assertThat(refusal(snapcash.at(end).through(TELEGRAM))).isNull();
        assertThat(refusal(snapcash)).isNull();
    }

    /** Nothing that closed in the past is closed today. */
    @Test
    void noClosureHoldsToday() {
        var today =
                Arrays.stream(Operation.values())
                        .flatMap(it -> SERVED.stream().map(country -> of(it, country)));
        assertThat(today).allMatch(it -> refusal(it) == null);
        assertThat(Stream.of("messenger", "telegram", "viber", "whatsapp", "wechat", "snapchat"))
                .map(it -> sending("US", "US").through(new Channel(it, "US", Set.of())))
                .allMatch(it -> refusal(it) == null);
    }
}
