package kvit.card;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static kvit.card.StripeAnswers.error;
import static kvit.card.StripeAnswers.list;
import static kvit.card.StripeAnswers.okay;
import static kvit.money.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.Optional;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers have the shapes that Stripe documents, and ids of our own. */
@Timeout(20)
class StripeProcessorTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID ID = UUID.fromString("019a0000-0000-7000-8000-000000000001");
    private static final UUID CARD = Ids.at(InstantSource.fixed(NOW)).next();
    private static final String NUMBER = "4242424242424242";
    private static final String CVC = "314";
    private static final String REFERENCE = "cus_1/pm_1";
    private static final String INTENTS = "/v1/payment_intents";

    private static final Operation CHARGE = charge(NOW);
    private static final Operation REFUND =
            new Operation.Refund(ID, NOW, "pi_1", new Money(500, EUR));

    @RegisterExtension
    static final WireMockExtension stripe =
            WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

    @Test
    void aCardIsRegisteredAsAPaymentMethodOfACustomerOfItsOwn() {
        answer("/v1/payment_methods", "{'id': 'pm_1', 'object': 'payment_method'}");
        answer("/v1/customers", "{'id': 'cus_1', 'object': 'customer'}");
        answer("/v1/setup_intents", "{'id': 'seti_1', 'status': 'succeeded'}");

        assertThat(register()).isEqualTo(registered(Funding.UNKNOWN));

        stripe.verify(
                postRequestedFor(urlEqualTo("/v1/payment_methods"))
                        .withHeader("Authorization", equalTo("Bearer " + StripeSettings.KEY))
                        .withHeader("Idempotency-Key", equalTo(CARD + ":pm"))
                        .withFormParam("card[number]", equalTo(NUMBER))
                        .withFormParam("card[cvc]", equalTo(CVC))
                        .withFormParam("card[exp_month]", equalTo("3"))
                        .withFormParam("card[exp_year]", equalTo("2031")));
        stripe.verify(
                postRequestedFor(urlEqualTo("/v1/setup_intents"))
                        .withHeader("Idempotency-Key", equalTo(CARD.toString()))
                        .withFormParam("customer", equalTo("cus_1"))
                        .withFormParam("payment_method", equalTo("pm_1"))
                        .withFormParam("confirm", equalTo("true"))
                        .withFormParam("usage", equalTo("off_session")));
    }

    @ParameterizedTest
    @CsvSource({
        "debit, DEBIT",
        "credit, CREDIT",
        "prepaid, PREPAID",
        "unknown, UNKNOWN",
        "something_new, UNKNOWN"
    })
    void whereTheMoneyOfACardComesFromIsKept(String word, Funding funding) {
        answer("/v1/payment_methods", "{'id': 'pm_1', 'card': {'funding': '" + word + "'}}");
        answer("/v1/customers", "{'id': 'cus_1', 'object': 'customer'}");
        answer("/v1/setup_intents", "{'id': 'seti_1', 'status': 'succeeded'}");

        assertThat(register()).isEqualTo(registered(funding));
    }

    @Test
    void aCardThatItsIssuerRefusesIsDeclined() {
        answer("/v1/payment_methods", "{'id': 'pm_1'}");
        answer("/v1/customers", "{'id': 'cus_1'}");
        stripe.stubFor(
                post("/v1/setup_intents")
                        .willReturn(error(402, "card_error", "incorrect_cvc", null)));

        assertThat(register()).isEqualTo(new Registration.Declined("incorrect_cvc"));
    }

    @Test
    void aCardWhoseOwnerWouldHaveToSeeAPageIsDeclined() {
        answer("/v1/payment_methods", "{'id': 'pm_1'}");
        answer("/v1/customers", "{'id': 'cus_1'}");
        answer("/v1/setup_intents", setup("requires_action", ""));
        answerGet("/v1/setup_intents/seti_1", setup("requires_action", ""));

        assertThat(register()).isEqualTo(new Registration.Declined("authentication_required"));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    succeeded               |                             | Registered
                    processing              |                             | Unknown
                    requires_confirmation   |                             | Unknown
                    requires_payment_method |                             | Unknown
                    requires_payment_method | 'last_setup_error':{'code':'a'}, | Declined
                    canceled                |                             | Declined
                    """)
    void whatHadNoEndInTheFirstAnswerIsRead(String status, String more, String kind) {
        answer("/v1/payment_methods", "{'id': 'pm_1'}");
        answer("/v1/customers", "{'id': 'cus_1'}");
        answer("/v1/setup_intents", setup("processing", ""));
        answerGet("/v1/setup_intents/seti_1", setup(status, more == null ? "" : more));

        assertThat(register().getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void behindAStoredFailureTheCheckIsReadFromTheListOfItsCustomer() {
        answer("/v1/payment_methods", "{'id': 'pm_1'}");
        answer("/v1/customers", "{'id': 'cus_1'}");
        stripe.stubFor(post("/v1/setup_intents").willReturn(aResponse().withStatus(500)));
        answerGet("/v1/setup_intents", list(""));

        assertThat(register()).isEqualTo(new Registration.Unknown(Reason.SERVER_ERROR));

        answerGet("/v1/setup_intents", list(setup("succeeded", "")));
        assertThat(register()).isEqualTo(registered(Funding.UNKNOWN));
        stripe.verify(
                getRequestedFor(urlPathEqualTo("/v1/setup_intents"))
                        .withQueryParam("customer", equalTo("cus_1")));
    }

    @Test
    void onceSomethingWasSentARegistrationIsNeverSaidToBeNotSent() throws IOException {
        try (var once = FirstAnswersOnly.of("{'id': 'pm_1'}")) {
            var settings = StripeSettings.at(once.base());

            assertThat(processor(settings, NOW).register(CARD, details()))
                    .isEqualTo(new Registration.Unknown(Reason.NOT_CONNECTED));
        }
    }

    @Test
    void anOldRegistrationIsNotSentAgain() {
        var late = processor(StripeSettings.at(stripe.baseUrl()), NOW.plus(Duration.ofHours(24)));

        assertThat(late.register(CARD, details()))
                .isEqualTo(new Registration.NotSent(Reason.TOO_OLD));
        stripe.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void aRegistrationWithoutAnAnswerIsUnknown() {
        stripe.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(500)));

        assertThat(register()).isEqualTo(new Registration.Unknown(Reason.SERVER_ERROR));
    }

    @Test
    void aChargeIsOneConfirmedPaymentIntentUnderOurId() {
        answer(INTENTS, intent("succeeded", ""));

        assertThat(processor().carryOut(CHARGE)).isEqualTo(new Result.Done("pi_1"));

        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(INTENTS))
                        .withHeader("Idempotency-Key", equalTo(ID.toString()))
                        .withHeader("Stripe-Version", equalTo(com.stripe.Stripe.API_VERSION))
                        .withHeader("X-Stripe-Client-User-Agent", absent())
                        .withHeader("X-Stripe-Client-Telemetry", absent())
                        .withFormParam("amount", equalTo("1250"))
                        .withFormParam("currency", equalTo("eur"))
                        .withFormParam("customer", equalTo("cus_1"))
                        .withFormParam("payment_method", equalTo("pm_1"))
                        .withFormParam("confirm", equalTo("true"))
                        .withFormParam("off_session", equalTo("true"))
                        .withFormParam("error_on_requires_action", equalTo("true"))
                        .withFormParam("capture_method", equalTo("automatic"))
                        .withFormParam("metadata[kvit_id]", equalTo(ID.toString())));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource({
        "card_declined, generic_decline, generic_decline",
        "card_declined, insufficient_funds, insufficient_funds",
        "expired_card, , expired_card",
        "authentication_required, , authentication_required"
    })
    void aDeclineTellsTheMostExactCode(String code, String declineCode, String told) {
        stripe.stubFor(post(INTENTS).willReturn(error(402, "card_error", code, declineCode)));

        assertThat(processor().carryOut(CHARGE)).isEqualTo(new Result.Declined(told));
    }

    @ParameterizedTest(name = "HTTP {0}: {1}")
    @CsvSource({
        "409, CONFLICT",
        "429, BUSY",
        "500, SERVER_ERROR",
        "502, SERVER_ERROR",
        "503, SERVER_ERROR",
        "408, TIME_OUT",
        "424, SERVER_ERROR",
        "302, UNREADABLE"
    })
    void aStatusThatLeavesItOpenIsUnknown(int status, Reason reason) {
        // The body of a proxy on the way: no JSON, and sometimes nothing.
        stripe.stubFor(
                any(anyUrl())
                        .willReturn(
                                aResponse()
                                        .withStatus(status)
                                        .withHeader("Stripe-Should-Retry", "true")
                                        .withBody("<html>")));

        assertThat(processor().carryOut(CHARGE)).isEqualTo(new Result.Unknown(reason));
        assertThat(processor().find(CHARGE)).isEqualTo(new Result.Unknown(reason));

        stripe.verify(1, postRequestedFor(anyUrl()));
        stripe.verify(1, getRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "null", "{'id': 'pi_1'}", "{'error': {}}"})
    void anAnswerThatIsNoneIsUnknown(String body) {
        answer(INTENTS, body);

        assertThat(processor().carryOut(CHARGE)).isEqualTo(new Result.Unknown(Reason.UNREADABLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}"})
    void aRefusalThatStripeDidNotWriteIsUnknown(String body) {
        stripe.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(403).withBody(body)));

        assertThat(processor().carryOut(CHARGE)).isEqualTo(new Result.Unknown(Reason.UNREADABLE));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aConnectionThatBreaksIsUnknownAndNothingIsSentTwice(Fault fault) {
        stripe.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));

        var result = processor().carryOut(CHARGE);

        assertThat(result)
                .isIn(
                        new Result.Unknown(Reason.CONNECTION_LOST),
                        new Result.Unknown(Reason.UNREADABLE));
        stripe.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsUnknown() {
        stripe.stubFor(
                any(anyUrl())
                        .willReturn(
                                okay(intent("succeeded", ""))
                                        // Trickles in: each piece alone is fast enough.
                                        .withChunkedDribbleDelay(20, 2_000)));
        var impatient =
                processor(StripeSettings.at(stripe.baseUrl()).timeout(Duration.ofMillis(300)), NOW);

        assertThat(impatient.carryOut(CHARGE)).isEqualTo(new Result.Unknown(Reason.TIME_OUT));
    }

    @Test
    void whereNothingListensNothingWasSent() throws IOException {
        var nowhere = StripeSettings.at("http://127.0.0.1:" + closedPort());

        assertThat(processor(nowhere, NOW).carryOut(CHARGE))
                .isEqualTo(new Result.NotSent(Reason.NOT_CONNECTED));
        assertThat(processor(nowhere, NOW).register(CARD, details()))
                .isEqualTo(new Registration.NotSent(Reason.NOT_CONNECTED));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "400, idempotency_error",
        "400, invalid_request_error",
        "401, invalid_request_error",
        "403, invalid_request_error",
        "404, invalid_request_error"
    })
    void whatWeAskWronglyIsABugAndTellsNoSecret(int status, String type) {
        stripe.stubFor(any(anyUrl()).willReturn(error(status, type, "parameter_unknown", null)));

        assertThatExceptionOfType(NonsenseRefused.class)
                .isThrownBy(() -> processor().carryOut(CHARGE))
                .withMessageContaining("HTTP " + status)
                .withMessageContaining(type)
                .withMessageNotContaining("quoted")
                .withNoCause();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "402, invalid_request_error, UNREADABLE",
        "402, api_error, SERVER_ERROR",
        "400, card_error, UNREADABLE",
        "400, api_error, SERVER_ERROR",
        "401, authentication_error, UNREADABLE",
        "403, api_error, SERVER_ERROR",
        "404, api_error, SERVER_ERROR",
        "405, invalid_request_error, UNREADABLE",
        "422, invalid_request_error, UNREADABLE"
    })
    void aRefusalThatSaysNeitherWhoNorWhyIsUnknown(int status, String type, Reason reason) {
        // Even with a code that would be a decline elsewhere.
        stripe.stubFor(any(anyUrl()).willReturn(error(status, type, "amount_too_small", null)));

        assertThat(processor().carryOut(CHARGE)).isEqualTo(new Result.Unknown(reason));
        assertThat(processor().find(CHARGE)).isEqualTo(new Result.Unknown(reason));
    }

    @Test
    void aSecondSendingIsTheSameRequest() {
        answer(INTENTS, intent("succeeded", ""));

        var first = processor().carryOut(CHARGE);
        var second = processor(StripeSettings.at(stripe.baseUrl()), NOW.plusSeconds(3_600));

        assertThat(second.carryOut(CHARGE)).isEqualTo(first);
        var sent = stripe.findAll(postRequestedFor(urlEqualTo(INTENTS)));
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).getBodyAsString()).isEqualTo(sent.get(0).getBodyAsString());
        assertThat(sent.get(1).getHeader("Idempotency-Key"))
                .isEqualTo(sent.get(0).getHeader("Idempotency-Key"));
    }

    @Test
    void whatIsOlderThanStripesMemoryIsLookedForAndNotSent() {
        answerGet(INTENTS, list(""));
        var later = processor(StripeSettings.at(stripe.baseUrl()), NOW.plus(Duration.ofHours(24)));

        assertThat(later.carryOut(CHARGE)).isEqualTo(new Result.NotSent(Reason.TOO_OLD));

        answerGet(INTENTS, list(intent("succeeded", "")));
        assertThat(later.carryOut(CHARGE)).isEqualTo(new Result.Done("pi_1"));
        stripe.verify(0, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    succeeded               |                                        | Done
                    processing              |                                        | Pending
                    requires_confirmation   |                                        | Pending
                    canceled                |                                        | Declined
                    requires_action         |                                        | Pending
                    requires_action         | 'last_payment_error':{'code':'a'}      | Declined
                    requires_payment_method | 'last_payment_error':{'code':'a'}      | Declined
                    requires_payment_method |                                        | Pending
                    """)
    void aChargeIsFoundByTheListOfItsCustomer(String status, String more, String kind) {
        answerGet(
                INTENTS,
                list(
                        intent("succeeded", "").replace(ID.toString(), "another")
                                + ","
                                + intent(status, more == null ? "" : more + ",")));

        assertThat(processor().find(CHARGE).getClass().getSimpleName()).isEqualTo(kind);

        stripe.verify(
                getRequestedFor(urlPathEqualTo(INTENTS))
                        .withQueryParam("customer", equalTo("cus_1"))
                        .withQueryParam("limit", equalTo("100")));
    }

    @Test
    void anotherPageIsReadWhileThatMayStillHoldIt() {
        var other = intent("succeeded", "").replace(ID.toString(), "another");
        stripe.stubFor(
                get(urlPathEqualTo(INTENTS))
                        .withQueryParam("starting_after", absent())
                        .willReturn(okay(list(other).replace("false", "true"))));
        stripe.stubFor(
                get(urlPathEqualTo(INTENTS))
                        .withQueryParam("starting_after", equalTo("pi_1"))
                        .willReturn(okay(list(intent("succeeded", "")))));

        assertThat(processor().find(CHARGE)).isEqualTo(new Result.Done("pi_1"));
        assertThat(processor().find(charge(NOW.plus(Duration.ofDays(2)))))
                .isEqualTo(new Result.NotFound());
    }

    @ParameterizedTest
    @ValueSource(strings = {"requires_confirmation", "requires_action", "requires_payment_method"})
    void aChargeThatGoesOnNoMoreIsEndedAndReadAgain(String status) {
        answerGet(INTENTS, list(intent(status, "")));
        answer(INTENTS + "/pi_1/cancel", intent("canceled", ""));
        answerGet(INTENTS + "/pi_1", intent("canceled", ""));
        var atOnce = processor(StripeSettings.at(stripe.baseUrl()), NOW.plusSeconds(899));
        var later = processor(StripeSettings.at(stripe.baseUrl()), NOW.plusSeconds(900));

        assertThat(atOnce.find(CHARGE)).isEqualTo(new Result.Pending("pi_1"));
        stripe.verify(0, postRequestedFor(anyUrl()));
        assertThat(later.find(CHARGE)).isEqualTo(new Result.Declined("canceled"));

        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(INTENTS + "/pi_1/cancel"))
                        .withHeader("Idempotency-Key", equalTo(ID + ":cancel")));
    }

    @Test
    void aChargeThatWentOnBeforeItCouldBeEndedIsDone() {
        answerGet(INTENTS, list(intent("requires_confirmation", "")));
        stripe.stubFor(
                post(INTENTS + "/pi_1/cancel")
                        .willReturn(
                                error(
                                        400,
                                        "invalid_request_error",
                                        "payment_intent_unexpected_state",
                                        null)));
        answerGet(INTENTS + "/pi_1", intent("succeeded", ""));
        var later = processor(StripeSettings.at(stripe.baseUrl()), NOW.plusSeconds(900));

        assertThat(later.find(CHARGE)).isEqualTo(new Result.Done("pi_1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"processing", "succeeded", "canceled"})
    void aChargeThatGoesOnOrHasEndedIsLeftAlone(String status) {
        answerGet(INTENTS, list(intent(status, "")));

        processor(StripeSettings.at(stripe.baseUrl()), NOW.plusSeconds(86_400)).find(CHARGE);

        stripe.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void aRefusalThatComesAsAnErrorOfTheRequestIsADecline() {
        refuseRefunds();
        answerGet("/v1/refunds", list(""));

        assertThat(processor().carryOut(REFUND))
                .isEqualTo(new Result.Declined("charge_already_refunded"));
    }

    @Test
    void aRefundThatIsRefusedBecauseItWasMadeIsDone() {
        refuseRefunds();
        answerGet("/v1/refunds", list(refund("succeeded")));

        assertThat(processor().carryOut(REFUND)).isEqualTo(new Result.Done("re_1"));
    }

    @Test
    void aRefundThatIsRefusedAndCannotBeLookedForIsUnknown() {
        refuseRefunds();
        stripe.stubFor(get(urlPathEqualTo("/v1/refunds")).willReturn(aResponse().withStatus(500)));

        assertThat(processor().carryOut(REFUND)).isEqualTo(new Result.Unknown(Reason.SERVER_ERROR));
    }

    private static void refuseRefunds() {
        stripe.stubFor(
                post("/v1/refunds")
                        .willReturn(
                                error(
                                        400,
                                        "invalid_request_error",
                                        "charge_already_refunded",
                                        null)));
    }

    @Test
    void aRefundIsMadeAndFoundByItsCharge() {
        var refund = refund("succeeded");
        answer("/v1/refunds", refund);
        answerGet("/v1/refunds", list(refund));

        assertThat(processor().carryOut(REFUND)).isEqualTo(new Result.Done("re_1"));
        assertThat(processor().find(REFUND)).isEqualTo(new Result.Done("re_1"));

        stripe.verify(
                postRequestedFor(urlEqualTo("/v1/refunds"))
                        .withHeader("Idempotency-Key", equalTo(ID.toString()))
                        .withFormParam("payment_intent", equalTo("pi_1"))
                        .withFormParam("amount", equalTo("500")));
        stripe.verify(
                getRequestedFor(urlPathEqualTo("/v1/refunds"))
                        .withQueryParam("payment_intent", equalTo("pi_1")));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "1250, EUR, 1250",
        "1250, JPY, 1250",
        "5, ISK, 500",
        "5, UGX, 500",
        "500, MGA, 5",
        "501, MGA,",
        "5120, KWD, 5120",
        "5124, KWD,"
    })
    void amountsAreCountedAsStripeCountsThem(long minor, Currency currency, Long counted) {
        var money = new Money(minor, currency);

        assertThat(StripeAmount.of(money)).isEqualTo(Optional.ofNullable(counted));
        if (counted != null) {
            assertThat(StripeAmount.read(counted, StripeAmount.code(money))).isEqualTo(money);
        }
    }

    @Test
    void anAmountThatStripeCannotCountIsDeclinedAndNotSent() {
        var charge = new Operation.Charge(ID, NOW, REFERENCE, new Money(5124, Currency.KWD));

        assertThat(processor().carryOut(charge))
                .isEqualTo(new Result.Declined("amount_not_supported"));
        stripe.verify(0, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Currency.class,
            names = {"GHS", "IRR", "KPW", "IQD"})
    void aCurrencyThatStripeDoesNotTakeIsDeclinedAndNotSent(Currency currency) {
        var charge = new Operation.Charge(ID, NOW, REFERENCE, new Money(5_000, currency));

        assertThat(processor().carryOut(charge))
                .isEqualTo(new Result.Declined("amount_not_supported"));
        stripe.verify(0, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk_live_of_nobody", "rk_live_of_nobody", " sk_live_of_nobody"})
    void aSandboxTakesNoKeyThatCharges(String key) {
        var settings = StripeSettings.at(stripe.baseUrl()).key(key);

        assertThatIllegalStateException()
                .isThrownBy(() -> chosen(settings, "sandbox"))
                .withMessageContaining("kvit.card.stripe.secret-key")
                .withMessageNotContaining(key);
        assertThat(chosen(settings, "live")).isNotNull();
        assertThat(chosen(StripeSettings.at(stripe.baseUrl()), "sandbox")).isNotNull();
    }

    private static CardProcessor chosen(StripeSettings settings, String mode) {
        var clock = new Clock(InstantSource.fixed(NOW));
        return CardProcessors.stripe(settings, clock, mode);
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce() {
        var nothing =
                new StripeSettings(
                        Optional.of(" "),
                        Optional.empty(),
                        true,
                        URI.create(stripe.baseUrl()),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));

        assertThatIllegalStateException()
                .isThrownBy(() -> processor(nothing, NOW))
                .withMessage(
                        "kvit.card.processor=stripe also needs kvit.card.stripe.secret-key,"
                                + " kvit.card.stripe.webhook-secrets");
    }

    @Test
    void noStringTellsASecret() {
        assertThat(processor().toString() + details() + details().number())
                .doesNotContain(StripeSettings.KEY, NUMBER, CVC);
    }

    private static Registration registered(Funding funding) {
        return new Registration.Registered(REFERENCE, funding, WayOut.none("not_offered"));
    }

    private static Registration register() {
        return processor().register(CARD, details());
    }

    private static CardDetails details() {
        return new CardDetails(
                CardNumber.parse(NUMBER).orElseThrow(), YearMonth.of(2031, 3), CVC, "Ada Lovelace");
    }

    private static Operation charge(Instant since) {
        return new Operation.Charge(ID, since, REFERENCE, new Money(1250, EUR));
    }

    private static StripeProcessor processor() {
        return processor(StripeSettings.at(stripe.baseUrl()), NOW);
    }

    private static StripeProcessor processor(StripeSettings settings, Instant now) {
        return new StripeProcessor(settings, new Clock(InstantSource.fixed(now)));
    }

    private static void answer(String path, String json) {
        stripe.stubFor(post(path).willReturn(okay(json)));
    }

    private static void answerGet(String path, String json) {
        stripe.stubFor(get(urlPathEqualTo(path)).willReturn(okay(json)));
    }

    private static String intent(String status, String more) {
        return "{'id': 'pi_1', 'object': 'payment_intent', 'amount': 1250, 'currency': 'eur', "
                + more
                + "'status': '"
                + status
                + "', 'created': "
                + NOW.getEpochSecond()
                + ", 'metadata': {'kvit_id': '"
                + ID
                + "'}}";
    }

    private static String refund(String status) {
        return "{'id': 're_1', 'object': 'refund', 'status': '"
                + status
                + "', 'created': 1, 'metadata': {'kvit_id': '"
                + ID
                + "'}}";
    }

    private static String setup(String status, String more) {
        return "{'id': 'seti_1', 'object': 'setup_intent', " + more + "'status': '" + status + "'}";
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
