package kvit.card;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
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
import static kvit.money.Currency.USD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import kvit.money.Money;
import kvit.source.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers have the shapes that Stripe documents, and ids of our own. */
@Timeout(30)
class StripePayoutsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID ID = UUID.fromString("019a0000-0000-7000-8000-000000000001");
    private static final String TO = "acct_1/card_1/USD";
    private static final String TRANSFERS = "/v1/transfers";
    private static final String REVERSALS = TRANSFERS + "/tr_1/reversals";
    private static final String PAYOUTS = "/v1/payouts";
    private static final Operation PUSH = push(Speed.STANDARD);
    private static final Result.Trip BACK = new Result.Trip("tr_1", "trr_1");

    /** By somebody else, or by an earlier call. */
    private static final Result.Trip BACK_BEFORE = new Result.Trip("tr_1", "trr_0");

    @RegisterExtension
    static final WireMockExtension stripe =
            WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

    @BeforeEach
    void everythingWorksAndNothingIsThere() {
        has(TRANSFERS, "");
        has(PAYOUTS, "");
        answer(TRANSFERS, okay(transfer(false)));
        answer(PAYOUTS, okay(payout("pending")));
        answer(REVERSALS, okay("{'id': 'trr_1', 'object': 'transfer_reversal'}"));
    }

    @ParameterizedTest
    @EnumSource(Speed.class)
    void aPushIsATransferAndAPayoutOfItToTheCard(Speed speed) {
        assertThat(processor().carryOut(push(speed))).isEqualTo(new Result.Pending("po_1", "tr_1"));

        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(TRANSFERS))
                        .withHeader("Idempotency-Key", equalTo(ID.toString()))
                        .withHeader("Stripe-Account", absent())
                        .withFormParam("amount", equalTo("500"))
                        .withFormParam("currency", equalTo("usd"))
                        .withFormParam("destination", equalTo("acct_1"))
                        .withFormParam("metadata[kvit_id]", equalTo(ID.toString())));
        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(PAYOUTS))
                        .withHeader("Idempotency-Key", equalTo(ID + ":payout"))
                        .withHeader("Stripe-Account", equalTo("acct_1"))
                        .withFormParam("amount", equalTo("500"))
                        .withFormParam("currency", equalTo("usd"))
                        .withFormParam("destination", equalTo("card_1"))
                        .withFormParam("method", equalTo(speed.name().toLowerCase(Locale.ROOT)))
                        .withFormParam("metadata[kvit_id]", equalTo(ID.toString())));
    }

    @ParameterizedTest(name = "transfer {0}, payout {1}: {2} {3}")
    @CsvSource({
        "none, none, NotFound,",
        "there, none, NotFound,",
        "back, none, Declined, payout_declined",
        "there, pending, Pending, po_1",
        "there, in_transit, Pending, po_1",
        "there, something_new, Pending, po_1",
        "there, paid, Done, po_1",
        "there, failed, Declined, account_closed",
        "there, canceled, Declined, canceled",
        "back, failed, Declined, account_closed"
    })
    void whatHasBecomeOfItIsReadFromTwoLists(
            String transfer, String payout, String kind, String word) {
        has(TRANSFERS, transfer.equals("none") ? "" : transfer(transfer.equals("back")));
        has(PAYOUTS, payout.equals("none") ? "" : payout(payout));
        Result expected =
                switch (kind) {
                    case "NotFound" -> new Result.NotFound();
                    case "Pending" -> new Result.Pending(word, "tr_1");
                    case "Done" -> new Result.Done(word, "tr_1");
                    default ->
                            new Result.Declined(word, transfer.equals("back") ? BACK_BEFORE : BACK);
                };

        assertThat(processor().find(PUSH)).isEqualTo(expected);

        stripe.verify(
                getRequestedFor(urlPathEqualTo(TRANSFERS))
                        .withQueryParam("destination", equalTo("acct_1")));
        // Only what failed and lies at the connected account is brought back.
        stripe.verify(
                transfer.equals("there") && kind.equals("Declined") ? 1 : 0,
                postRequestedFor(anyUrl()));
        if (!transfer.equals("none")) {
            stripe.verify(
                    getRequestedFor(urlPathEqualTo(PAYOUTS))
                            .withHeader("Stripe-Account", equalTo("acct_1"))
                            .withQueryParam("destination", equalTo("card_1")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "balance_insufficient",
                "insufficient_capabilities_for_transfer",
                "transfers_not_allowed",
                "account_closed"
            })
    void aTransferThatIsRefusedIsAWordAboutThePush(String code) {
        answer(TRANSFERS, error(400, "invalid_request_error", code, null));

        assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Declined(code));

        stripe.verify(1, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "400, invalid_request_error, instant_payouts_unsupported",
        "400, invalid_request_error, payouts_not_allowed",
        "400, invalid_request_error, balance_insufficient",
        "404, invalid_request_error, resource_missing",
        "402, card_error, card_declined"
    })
    void aPayoutThatIsRefusedIsDeclinedOnceItsMoneyIsBack(int status, String type, String code) {
        answer(PAYOUTS, error(status, type, code, null));

        assertThat(processor().carryOut(push(Speed.INSTANT)))
                .isEqualTo(new Result.Declined(code, BACK));

        stripe.verify(
                1,
                postRequestedFor(urlEqualTo(REVERSALS))
                        .withHeader("Idempotency-Key", equalTo(ID + ":back:2026-11-22T12:00:00Z"))
                        .withHeader("Stripe-Account", absent())
                        .withFormParam("metadata[kvit_id]", equalTo(ID.toString())));
    }

    @Test
    void whatDoesNotComeBackIsNotSaidToBeDeclined() {
        answer(PAYOUTS, error(402, "card_error", "card_declined", null));
        answer(REVERSALS, error(400, "invalid_request_error", "balance_insufficient", null));
        stripe.stubFor(get(TRANSFERS + "/tr_1").willReturn(okay(transfer(false))));

        assertThat(processor().carryOut(PUSH))
                .isEqualTo(new Result.Unknown(Reason.CONFLICT, "tr_1"));

        // Somebody else has brought it back.
        stripe.stubFor(get(TRANSFERS + "/tr_1").willReturn(okay(transfer(true))));
        assertThat(processor().carryOut(PUSH))
                .isEqualTo(new Result.Declined("card_declined", BACK_BEFORE));
    }

    /** Stripe gives the answer to a key again for a day, also where it was refused too soon. */
    @Test
    void whatWasRefusedAMomentTooEarlyIsAskedForAgainInAnotherHour() {
        has(TRANSFERS, transfer(false));
        has(PAYOUTS, payout("failed"));
        stripe.stubFor(get(TRANSFERS + "/tr_1").willReturn(okay(transfer(false))));
        stripe.stubFor(
                post(REVERSALS)
                        .withHeader("Idempotency-Key", containing("T12:00:00Z"))
                        .willReturn(
                                error(400, "invalid_request_error", "balance_insufficient", null)));
        var settings = StripeSettings.at(stripe.baseUrl());
        for (var minute = 0; minute < 60; minute += 20) {
            assertThat(processor(settings, NOW.plusSeconds(60L * minute)).carryOut(PUSH))
                    .isEqualTo(new Result.Unknown(Reason.CONFLICT, "tr_1"));
        }

        assertThat(processor(settings, NOW.plusSeconds(3_600)).carryOut(PUSH))
                .isEqualTo(new Result.Declined("account_closed", BACK));

        assertThat(stripe.findAll(postRequestedFor(urlEqualTo(REVERSALS))))
                .extracting(it -> it.getHeader("Idempotency-Key"))
                .containsOnly(ID + ":back:2026-11-22T12:00:00Z", ID + ":back:2026-11-22T13:00:00Z");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, /v1/transfers",
        "POST, /v1/transfers",
        "GET, /v1/payouts",
        "POST, /v1/payouts",
        "POST, /v1/transfers/tr_1/reversals"
    })
    void whatIsNotAnsweredIsUnknownAndGoesOnWhereItWas(String method, String path) {
        // Each at a point where this call is made.
        if (path.equals(PAYOUTS) && method.equals("GET")) {
            has(TRANSFERS, transfer(false));
        }
        if (path.equals(REVERSALS)) {
            answer(PAYOUTS, error(402, "card_error", "card_declined", null));
        }
        var lost = aResponse().withFault(Fault.EMPTY_RESPONSE);
        stripe.stubFor(
                method.equals("GET")
                        ? get(urlPathEqualTo(path)).willReturn(lost)
                        : post(path).willReturn(lost));

        assertThat(processor().carryOut(PUSH))
                .isEqualTo(
                        new Result.Unknown(
                                Reason.CONNECTION_LOST, path.equals(TRANSFERS) ? null : "tr_1"));

        var transferred = !path.equals(TRANSFERS) || method.equals("POST");
        everythingWorksAndNothingIsThere();
        has(TRANSFERS, transferred ? transfer(false) : "");
        if (path.equals(REVERSALS)) {
            answer(PAYOUTS, error(402, "card_error", "card_declined", null));
            assertThat(processor().carryOut(PUSH))
                    .isEqualTo(new Result.Declined("card_declined", BACK));
        } else {
            assertThat(processor().find(PUSH)).isEqualTo(new Result.NotFound());
            assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Pending("po_1", "tr_1"));
        }
        stripe.verify(
                path.equals(PAYOUTS) && method.equals("GET") ? 0 : 1,
                postRequestedFor(urlEqualTo(TRANSFERS)));
        // One transfer, one payout and maybe one reversal, whatever was sent how often.
        var sent = stripe.findAll(postRequestedFor(anyUrl()));
        assertThat(
                        sent.stream()
                                .map(it -> it.getUrl() + it.getHeader("Idempotency-Key"))
                                .distinct())
                .hasSize((int) sent.stream().map(LoggedRequest::getUrl).distinct().count());
    }

    @Test
    void whatIsNotAnsweredInTimeIsUnknown() {
        answer(PAYOUTS, okay(payout("pending")).withFixedDelay(6_000));
        var hasty = StripeSettings.at(stripe.baseUrl()).timeout(Duration.ofSeconds(2));

        assertThat(processor(hasty, NOW).carryOut(PUSH))
                .isEqualTo(new Result.Unknown(Reason.TIME_OUT, "tr_1"));
    }

    @Test
    void onceItIsTransferredAPushIsNeverSaidToBeNotSent() throws IOException {
        try (var stripe = FirstAnswersOnly.of(list(""), transfer(false))) {
            var settings = StripeSettings.at(stripe.base());

            assertThat(processor(settings, NOW).carryOut(PUSH))
                    .isEqualTo(new Result.Unknown(Reason.NOT_CONNECTED, "tr_1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TRANSFERS, PAYOUTS})
    void behindAFailureThatStripeHasStoredTheListTellsHowFarItIs(String path) {
        answer(path, aResponse().withStatus(500));
        assertThat(processor().carryOut(PUSH))
                .isEqualTo(
                        new Result.Unknown(
                                Reason.SERVER_ERROR, path.equals(TRANSFERS) ? null : "tr_1"));

        has(TRANSFERS, transfer(false));
        if (path.equals(PAYOUTS)) {
            has(PAYOUTS, payout("paid"));
            assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Done("po_1", "tr_1"));
        } else {
            assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Pending("po_1", "tr_1"));
        }
        stripe.verify(1, postRequestedFor(urlEqualTo(path)));
    }

    @Test
    void whatIsDoneIsNotDoneAgain() {
        has(TRANSFERS, transfer(false));
        has(PAYOUTS, payout("in_transit"));

        assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Pending("po_1", "tr_1"));

        has(TRANSFERS, transfer(true));
        has(PAYOUTS, "");
        assertThat(processor().carryOut(PUSH))
                .isEqualTo(new Result.Declined("payout_declined", BACK_BEFORE));
        stripe.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void whatIsPaidByTheTimeOfItsAnswerIsFoundPaid() {
        answer(PAYOUTS, okay(payout("paid")));

        assertThat(processor().carryOut(push(Speed.INSTANT)))
                .isEqualTo(new Result.Done("po_1", "tr_1"));
    }

    @Test
    void whatFailsInItsFirstAnswerComesBackAtOnce() {
        answer(PAYOUTS, okay(payout("failed")));

        assertThat(processor().carryOut(PUSH))
                .isEqualTo(new Result.Declined("account_closed", BACK));
        stripe.verify(1, postRequestedFor(urlEqualTo(REVERSALS)));
    }

    @Test
    void aPayoutThatStripeRefusesAsNonsenseIsNoWordAboutThePush() {
        answer(PAYOUTS, error(400, "invalid_request_error", "parameter_unknown", null));

        assertThat(processor().carryOut(PUSH))
                .isEqualTo(new Result.Unknown(Reason.UNREADABLE, "tr_1"));

        stripe.verify(0, postRequestedFor(urlEqualTo(REVERSALS)));
    }

    @Test
    void aTransferThatStripeRefusesAsNonsenseHasDoneNothing() {
        answer(TRANSFERS, error(400, "invalid_request_error", "parameter_unknown", null));

        assertThatExceptionOfType(NonsenseRefused.class)
                .isThrownBy(() -> processor().carryOut(PUSH));
        stripe.verify(0, postRequestedFor(urlEqualTo(PAYOUTS)));
    }

    /** Of an account that was deleted before anything went there. */
    @Test
    void whereStripeDoesNotSayWhatWasTransferredItIsSentAndHearsWhy() {
        stripe.stubFor(get(urlPathEqualTo(TRANSFERS)).willReturn(refused("account_invalid")));
        answer(TRANSFERS, refused("account_invalid"));

        assertThat(processor().find(PUSH)).isEqualTo(new Result.NotFound());
        assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Declined("account_invalid"));
        stripe.verify(0, postRequestedFor(urlEqualTo(PAYOUTS)));

        // Now it might be done a second time, if it had been done.
        var late = processor(StripeSettings.at(stripe.baseUrl()), NOW.plus(Duration.ofHours(24)));
        assertThatExceptionOfType(NonsenseRefused.class).isThrownBy(() -> late.carryOut(PUSH));
        stripe.verify(1, postRequestedFor(anyUrl()));
    }

    /** Somebody brings it back by hand, and that is its end. */
    @Test
    void whatIsTransferredToAnAccountThatClosesEndsWhenItIsBack() {
        has(TRANSFERS, transfer(false));
        stripe.stubFor(get(urlPathEqualTo(PAYOUTS)).willReturn(refused("account_invalid")));

        assertThat(processor().find(PUSH)).isEqualTo(new Result.Unknown(Reason.CONFLICT, "tr_1"));
        assertThat(processor().carryOut(PUSH))
                .isEqualTo(new Result.Unknown(Reason.CONFLICT, "tr_1"));

        has(TRANSFERS, transfer(true));
        assertThat(processor().find(PUSH))
                .isEqualTo(new Result.Declined("payout_declined", BACK_BEFORE));
        stripe.verify(0, postRequestedFor(anyUrl()));
    }

    private static ResponseDefinitionBuilder refused(String code) {
        return error(403, "invalid_request_error", code, null);
    }

    @Test
    void whatIsOlderThanStripesMemoryIsNotSentButEnded() {
        var late = processor(StripeSettings.at(stripe.baseUrl()), NOW.plus(Duration.ofHours(24)));

        assertThat(late.carryOut(PUSH)).isEqualTo(new Result.NotSent(Reason.TOO_OLD));
        stripe.verify(0, postRequestedFor(anyUrl()));

        has(TRANSFERS, transfer(false));
        assertThat(late.carryOut(PUSH)).isEqualTo(new Result.Declined("payout_not_in_time", BACK));
        stripe.verify(1, postRequestedFor(urlEqualTo(REVERSALS)));

        has(PAYOUTS, payout("paid"));
        assertThat(late.carryOut(PUSH)).isEqualTo(new Result.Done("po_1", "tr_1"));
        stripe.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void otherPushesOfTheSamePersonAreNotTakenForIt() {
        has(TRANSFERS, transfer(true).replace(ID.toString(), "another"));
        has(PAYOUTS, payout("paid").replace(ID.toString(), "another"));

        assertThat(processor().find(PUSH)).isEqualTo(new Result.NotFound());
        assertThat(processor().carryOut(PUSH)).isEqualTo(new Result.Pending("po_1", "tr_1"));
    }

    @Test
    void anotherCurrencyThanTheCardsIsDeclinedAndNotSent() {
        var euros = new Operation.Push(ID, NOW, TO, new Money(500, EUR), Speed.STANDARD);

        assertThat(processor().carryOut(euros))
                .isEqualTo(new Result.Declined("currency_not_supported"));
        stripe.verify(0, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cus_1/pm_1", "sim_works_1", "acct_1/card_1", "acct_1/card_1/EURO"})
    void toWhatIsNoWayOutNothingIsPaidOutAndNothingIsSent(String reference) {
        var push = new Operation.Push(ID, NOW, reference, new Money(500, USD), Speed.STANDARD);

        assertThat(processor().carryOut(push))
                .isEqualTo(new Result.Declined("payout_not_supported"));
        assertThat(processor().find(push)).isEqualTo(new Result.Declined("payout_not_supported"));
        stripe.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void whereNothingListensNothingWasSent() throws IOException {
        var nowhere = StripeSettings.at("http://127.0.0.1:" + closedPort());

        assertThat(processor(nowhere, NOW).carryOut(PUSH))
                .isEqualTo(new Result.NotSent(Reason.NOT_CONNECTED));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Operation push(Speed speed) {
        return new Operation.Push(ID, NOW, TO, new Money(500, USD), speed);
    }

    private static StripeProcessor processor() {
        return processor(StripeSettings.at(stripe.baseUrl()), NOW);
    }

    private static StripeProcessor processor(StripeSettings settings, Instant now) {
        return new StripeProcessor(settings, new Clock(InstantSource.fixed(now)));
    }

    private static void answer(String path, ResponseDefinitionBuilder response) {
        stripe.stubFor(post(path).willReturn(response));
    }

    private static void has(String path, String items) {
        stripe.stubFor(get(urlPathEqualTo(path)).willReturn(okay(list(items))));
    }

    private static String transfer(boolean isBack) {
        return """
               {'id': 'tr_1', 'object': 'transfer', 'amount': 500, 'currency': 'usd',
                'destination': 'acct_1', 'reversed': %s, 'created': %d,
                'metadata': {'kvit_id': '%s'}, 'reversals': {'object': 'list', 'data': [%s]}}
               """
                .formatted(
                        isBack,
                        NOW.getEpochSecond(),
                        ID,
                        isBack ? "{'id': 'trr_0', 'object': 'transfer_reversal'}" : "");
    }

    private static String payout(String status) {
        return """
               {'id': 'po_1', 'object': 'payout', 'amount': 500, 'currency': 'usd',
                'destination': 'card_1', 'status': '%s', 'failure_code': %s, 'created': %d,
                'metadata': {'kvit_id': '%s'}}
               """
                .formatted(
                        status,
                        status.equals("failed") ? "'account_closed'" : "null",
                        NOW.getEpochSecond(),
                        ID);
    }
}
