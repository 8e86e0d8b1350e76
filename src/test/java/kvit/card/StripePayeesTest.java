package kvit.card;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static kvit.card.StripeAnswers.error;
import static kvit.card.StripeAnswers.okay;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.UUID;
import kvit.source.Clock;
import kvit.source.Ids;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of cards that Stripe takes, which can be paid out to; the others are still charged. */
@Timeout(20)
class StripePayeesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID CARD = Ids.at(InstantSource.fixed(NOW)).next();
    private static final UUID ANNA = UUID.fromString("019a0000-0000-7000-8000-000000000002");
    private static final String NUMBER = "4000056655665556";
    private static final String ACCOUNTS = "/v1/accounts";
    private static final String CARDS = ACCOUNTS + "/acct_1/external_accounts";
    private static final String KNOWN = "acct_1/card_7/USD";
    private static final Payee PAYEE = payee("US", "203.0.113.7", null);

    @RegisterExtension
    static final WireMockExtension stripe =
            WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

    @BeforeEach
    void takesTheCard() {
        is("debit");
        answer("/v1/customers", okay("{'id': 'cus_1'}"));
        answer("/v1/setup_intents", okay("{'id': 'seti_1', 'status': 'succeeded'}"));
        answer(ACCOUNTS, okay("{'id': 'acct_1', 'object': 'account'}"));
        answer(CARDS, okay("{'id': 'card_1', 'object': 'card', 'currency': 'usd'}"));
    }

    private static void is(String funding) {
        answer(
                "/v1/payment_methods",
                okay("{'id': 'pm_1', 'card': {'funding': '" + funding + "'}}"));
    }

    @Test
    void aDebitCardBecomesACardOfAnAccountOfItsOwner() {
        assertThat(register(PAYEE)).isEqualTo(registered(WayOut.by("acct_1/card_1/USD")));

        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(ACCOUNTS))
                        .withHeader("Idempotency-Key", equalTo(CARD + ":acct"))
                        .withHeader("Stripe-Account", absent())
                        .withFormParam("type", equalTo("custom"))
                        .withFormParam("country", equalTo("US"))
                        .withFormParam("business_type", equalTo("individual"))
                        .withFormParam("individual[first_name]", equalTo("Ada King"))
                        .withFormParam("individual[last_name]", equalTo("Lovelace"))
                        .withFormParam("individual[dob][day]", equalTo("17"))
                        .withFormParam("individual[dob][month]", equalTo("5"))
                        .withFormParam("individual[dob][year]", equalTo("1990"))
                        .withFormParam("capabilities[transfers][requested]", equalTo("true"))
                        .withFormParam("settings[payouts][schedule][interval]", equalTo("manual"))
                        .withFormParam("tos_acceptance[service_agreement]", equalTo("full"))
                        .withFormParam("tos_acceptance[ip]", equalTo("203.0.113.7"))
                        .withFormParam(
                                "tos_acceptance[date]",
                                equalTo(String.valueOf(NOW.getEpochSecond())))
                        .withFormParam("metadata[kvit_customer]", equalTo(ANNA.toString())));
        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(CARDS))
                        .withHeader("Idempotency-Key", equalTo(CARD + ":out"))
                        .withFormParam("external_account[object]", equalTo("card"))
                        .withFormParam("external_account[number]", equalTo(NUMBER))
                        .withFormParam("external_account[currency]", equalTo("usd"))
                        .withFormParam("external_account[exp_month]", equalTo("3"))
                        .withFormParam("metadata[kvit_card]", equalTo(CARD.toString())));
    }

    @Test
    void theNextCardIsOneOfTheSameAccountAndNobodyAcceptsTheTermsAgain() {
        assertThat(register(payee("US", null, KNOWN)))
                .isEqualTo(registered(WayOut.by("acct_1/card_1/USD")));

        stripe.verify(0, postRequestedFor(urlEqualTo(ACCOUNTS)));
    }

    @Test
    void aNameOfOneWordIsAFirstName() {
        processor(true).register(CARD, details("Ada", PAYEE));

        stripe.verify(
                postRequestedFor(urlEqualTo(ACCOUNTS))
                        .withFormParam("individual[first_name]", equalTo("Ada"))
                        .withFormParam("individual[last_name]", absent()));
    }

    @ParameterizedTest(name = "{0} in {1}, terms {2}: {3}")
    @CsvSource({
        "credit, US, 203.0.113.7, card_not_debit",
        "prepaid, US, 203.0.113.7, card_not_debit",
        "debit, DE, 203.0.113.7, country_not_supported",
        "debit, US, , terms_not_accepted"
    })
    void whoOrWhatStripePaysNothingOutToIsToldSo(
            String funding, String country, String acceptedFrom, String reason) {
        is(funding);

        var registration = (Registration.Registered) register(payee(country, acceptedFrom, null));

        assertThat(registration.wayOut()).isEqualTo(WayOut.none(reason));
        stripe.verify(0, postRequestedFor(urlEqualTo(ACCOUNTS)));
    }

    @ParameterizedTest
    @CsvSource({"CA, CAD", "SG, SGD", "US, USD"})
    void theCurrencyIsThatOfTheCountry(String country, String currency) {
        assertThat(register(payee(country, "203.0.113.7", null)))
                .isEqualTo(registered(WayOut.by("acct_1/card_1/" + currency)));
    }

    @Test
    void whereNobodyHasOpenedTheAccountForItNothingIsSent() {
        assertThat(processor(false).register(CARD, details("Ada Lovelace", PAYEE)))
                .isEqualTo(registered(WayOut.none("not_offered")));
        assertThat(register(null)).isEqualTo(registered(WayOut.none("not_offered")));
        stripe.verify(0, postRequestedFor(urlEqualTo(ACCOUNTS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCOUNTS, CARDS})
    void aCardThatIsDeclinedAsADestinationIsChargedAllTheSame(String path) {
        answer(path, error(402, "card_error", "card_declined", null));
        assertThat(register(PAYEE)).isEqualTo(registered(WayOut.none("card_declined")));

        answer(path, error(400, "invalid_request_error", "invalid_card_type", null));
        assertThat(register(PAYEE)).isEqualTo(registered(WayOut.none("invalid_card_type")));
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCOUNTS, CARDS})
    void whatStripeRefusesAsNonsenseOrFailsAtKeepsNoCardFromBeingCharged(String path) {
        answer(path, error(400, "invalid_request_error", "parameter_unknown", null));
        assertThat(register(PAYEE)).isEqualTo(registered(WayOut.none("not_set_up")));

        answer(path, aResponse().withStatus(500));
        assertThat(register(PAYEE)).isEqualTo(registered(WayOut.none("not_set_up")));
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCOUNTS, CARDS})
    void whatIsNotAnsweredIsSentAgainAsItWas(String path) {
        answer(path, aResponse().withFault(Fault.EMPTY_RESPONSE));

        assertThat(register(PAYEE)).isEqualTo(new Registration.Unknown(Reason.CONNECTION_LOST));

        takesTheCard();
        var later = new Clock(InstantSource.fixed(NOW.plusSeconds(60)));
        var patient = new StripeProcessor(StripeSettings.at(stripe.baseUrl()), later);
        assertThat(patient.register(CARD, details("Ada King Lovelace", PAYEE)))
                .isEqualTo(registered(WayOut.by("acct_1/card_1/USD")));
        var sent = stripe.findAll(postRequestedFor(urlEqualTo(path)));
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).getBodyAsString()).isEqualTo(sent.get(0).getBodyAsString());
        assertThat(sent.get(1).getHeader("Idempotency-Key"))
                .isEqualTo(sent.get(0).getHeader("Idempotency-Key"));
    }

    @Test
    void noStringTellsWhoSomebodyIs() {
        assertThat(PAYEE.toString() + details("Ada", PAYEE))
                .doesNotContain("203.0.113.7", "1990", NUMBER);
    }

    private static Registration register(Payee payee) {
        return processor(true).register(CARD, details("Ada King Lovelace", payee));
    }

    private static Registration registered(WayOut wayOut) {
        return new Registration.Registered("cus_1/pm_1", Funding.DEBIT, wayOut);
    }

    private static Payee payee(String country, String acceptedFrom, String known) {
        return new Payee(ANNA, country, LocalDate.of(1990, 5, 17), acceptedFrom, known);
    }

    private static CardDetails details(String holder, Payee payee) {
        return new CardDetails(
                CardNumber.parse(NUMBER).orElseThrow(),
                YearMonth.of(2031, 3),
                "314",
                holder,
                payee);
    }

    private static StripeProcessor processor(boolean payouts) {
        var settings = StripeSettings.at(stripe.baseUrl());
        return new StripeProcessor(
                payouts ? settings : settings.withoutPayouts(),
                new Clock(InstantSource.fixed(NOW)));
    }

    private static void answer(String path, ResponseDefinitionBuilder response) {
        stripe.stubFor(post(path).willReturn(response));
    }
}
