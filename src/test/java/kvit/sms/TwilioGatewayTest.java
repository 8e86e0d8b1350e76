package kvit.sms;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class TwilioGatewayTest {

    private static final String ACCOUNT = "AC00000000000000000000000000000001";
    private static final String TOKEN = "correct-horse-battery-staple";
    private static final String NUMBER = "+15005550006";
    private static final String SERVICE = "MG0123456789abcdef0123456789abcdef";
    private static final String MESSAGES = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";
    private static final Sms SMS = new Sms("+33612345678", "Your code is 493817.", "493817");

    /**
     * For answers that come at once: generous, so that a busy machine does not turn them into
     * time-outs.
     */
    private static final Duration PATIENT = Duration.ofSeconds(5);

    private static final Duration IMPATIENT = Duration.ofMillis(200);

    @RegisterExtension
    static final WireMockExtension twilio =
            WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

    @Test
    void anAcceptedMessageIsSentAsOneAuthenticatedForm() throws SmsFailed {
        answer(aResponse().withStatus(201).withBody("{\"status\": \"queued\"}"));

        gateway().send(new Sms("+33612345678", "1 + 1 = 2 & é 🎉", null));

        twilio.verify(
                1,
                postRequestedFor(urlEqualTo(MESSAGES))
                        .withBasicAuth(new BasicCredentials(ACCOUNT, TOKEN))
                        .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
                        .withRequestBody(
                                equalTo(
                                        "To=%2B33612345678&From=%2B15005550006"
                                                + "&Body=1+%2B+1+%3D+2+%26+%C3%A9+%F0%9F%8E%89")));
    }

    @ParameterizedTest
    @CsvSource({
        SERVICE + ", MessagingServiceSid",
        NUMBER + ", From",
        "Kvit, From",
        "MGM Shop, From",
    })
    void onlyAMessagingServiceIsNamedAsOne(String from, String field) throws SmsFailed {
        answer(aResponse().withStatus(201));

        new TwilioGateway(settings().from(from)).send(SMS);

        twilio.verify(
                1, postRequestedFor(urlEqualTo(MESSAGES)).withFormParam(field, equalTo(from)));
    }

    @Test
    void aBaseUrlMayHaveAPathAndEndInASlash() throws SmsFailed {
        answer(aResponse().withStatus(201));

        new TwilioGateway(settings().baseUrl(twilio.baseUrl() + "/proxy/")).send(SMS);

        twilio.verify(1, postRequestedFor(urlEqualTo("/proxy" + MESSAGES)));
    }

    @ParameterizedTest(name = "{0} with error {1}: retryable {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    302 |       | false | Twilio refused the message (HTTP 302)
                    400 | 21211 | false | Twilio refused the message (HTTP 400, error 21211)
                    404 | 20404 | false | Twilio refused the message (HTTP 404, error 20404)
                    401 | 20003 | false | Twilio refused the credentials (HTTP 401, error 20003); check \
                    kvit.sms.twilio.account-sid and kvit.sms.twilio.auth-token
                    403 | 20003 | false | Twilio refused the credentials (HTTP 403, error 20003); check \
                    kvit.sms.twilio.account-sid and kvit.sms.twilio.auth-token
                    429 | 20429 | true  | Twilio cannot take the message now (HTTP 429, error 20429)
                    500 | 20500 | true  | Twilio cannot take the message now (HTTP 500, error 20500)
                    503 |       | true  | Twilio cannot take the message now (HTTP 503)
                    """)
    void aRefusalTellsStatusAndErrorButNotTwiliosText(
            int status, Integer error, boolean retryable, String message) {
        answer(
                aResponse()
                        .withStatus(status)
                        .withBody(
                                error == null
                                        ? ""
                                        : """
                                        {"code": %d, "status": %d, "message": "'%s' cannot get '%s' with %s"}
                                        """
                                                .formatted(
                                                        error,
                                                        status,
                                                        SMS.phone(),
                                                        SMS.text(),
                                                        TOKEN)));

        SmsFailed failure = failureOf(gateway());

        assertThat(failure).hasMessage(message);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.retryAfter()).isEmpty();
        twilio.verify(1, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>+33612345678</html>",
                "{\"code\": \"+33612345678\"}",
                "{\"code\": 33612345678}",
                "[21211]",
                "{\"code\": 21",
            })
    void anErrorThatIsNotTwiliosIsNotRepeated(String body) {
        answer(aResponse().withStatus(400).withBody(body));

        assertThat(failureOf(gateway())).hasMessage("Twilio refused the message (HTTP 400)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    429 | 7                             | PT7S
                    429 | Tue, 03 Mar 2026 10:00:30 GMT | PT30S
                    429 | 86400                         | PT5M
                    503 | 7                             | PT7S
                    """)
    void theWaitThatTwilioAsksForIsPassedOn(int status, String retryAfter, Duration expected) {
        answer(
                aResponse()
                        .withStatus(status)
                        .withHeader("Date", "Tue, 03 Mar 2026 10:00:00 GMT")
                        .withHeader("Retry-After", retryAfter));

        SmsFailed failure = failureOf(gateway());

        assertThat(failure.retryable()).isTrue();
        assertThat(failure.retryAfter()).contains(expected);
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer(aResponse().withStatus(307).withHeader("Location", twilio.baseUrl() + "/elsewhere"));

        assertThat(failureOf(gateway()).retryable()).isFalse();
        twilio.verify(0, anyRequestedFor(urlEqualTo("/elsewhere")));
    }

    /**
     * The first message leaves a connection open, because that is where a client is tempted to post
     * again.
     */
    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBrokenAnswerIsRetryableAndNotRetriedInSecret(Fault fault) throws SmsFailed {
        TwilioGateway gateway = gateway();
        answer(aResponse().withStatus(201));
        gateway.send(SMS);
        answer(aResponse().withFault(fault));

        SmsFailed failure = failureOf(gateway);

        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageStartingWith("no usable answer from Twilio (");
        twilio.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void anAnswerThatComesTooLateIsRetryable() {
        answer(aResponse().withStatus(201).withFixedDelay(2_000));

        assertIsTimeOut(failureOf(new TwilioGateway(settings().timeout(IMPATIENT))));
    }

    /**
     * The headers come in time and the body does not: most clients stop watching the time in
     * between.
     */
    @Test
    void anAnswerThatTricklesInIsHeldToTheSameTime() {
        answer(
                aResponse()
                        .withStatus(201)
                        .withBody("{".repeat(80))
                        .withChunkedDribbleDelay(80, 4_000));

        assertIsTimeOut(failureOf(new TwilioGateway(settings().timeout(IMPATIENT))));
    }

    @Test
    void aRefusedConnectionIsRetryable() throws IOException {
        SmsFailed failure =
                failureOf(
                        new TwilioGateway(settings().baseUrl("http://localhost:" + closedPort())));

        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessage("no usable answer from Twilio (ConnectException)");
    }

    @Test
    void anInterruptEndsTheWaitAndIsRestored() {
        answer(aResponse().withStatus(201).withFixedDelay(2_000));

        Thread.currentThread().interrupt();
        SmsFailed failure = failureOf(gateway());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageStartingWith("interrupted");
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                new TwilioGateway(
                                        new Settings(
                                                Optional.empty(),
                                                Optional.of(" "),
                                                Optional.empty(),
                                                URI.create(twilio.baseUrl()),
                                                PATIENT,
                                                PATIENT)))
                .withMessage(
                        "kvit.sms.gateway=twilio also needs kvit.sms.twilio.account-sid,"
                                + " kvit.sms.twilio.auth-token, kvit.sms.twilio.from");
    }

    @Test
    void itsStringTellsNoSecret() {
        assertTellsNoSecret(gateway().toString());
    }

    private static void answer(ResponseDefinitionBuilder answer) {
        twilio.stubFor(any(anyUrl()).willReturn(answer));
    }

    private static TwilioGateway gateway() {
        return new TwilioGateway(settings());
    }

    /** Every failure of every test passes here, so that none of them can tell a secret. */
    private static SmsFailed failureOf(TwilioGateway gateway) {
        SmsFailed failure = catchThrowableOfType(SmsFailed.class, () -> gateway.send(SMS));
        assertThat(failure).isNotNull();
        StringWriter asLogged = new StringWriter();
        failure.printStackTrace(new PrintWriter(asLogged, true));
        assertTellsNoSecret(asLogged.toString());
        return failure;
    }

    private static void assertTellsNoSecret(String text) {
        assertThat(text).doesNotContain("33612345678", "493817", TOKEN);
    }

    private static void assertIsTimeOut(SmsFailed failure) {
        assertThat(failure.retryable()).isTrue();
        assertThat(failure)
                .hasMessage("Twilio did not answer in time; the message may arrive all the same");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Settings settings() {
        return new Settings(
                Optional.of(ACCOUNT),
                Optional.of(TOKEN),
                Optional.of(NUMBER),
                URI.create(twilio.baseUrl()),
                PATIENT,
                PATIENT);
    }

    private record Settings(
            Optional<String> accountSid,
            Optional<String> authToken,
            Optional<String> from,
            URI baseUrl,
            Duration timeout,
            Duration connectTimeout)
            implements SmsConfig.Twilio {

        Settings from(String from) {
            return new Settings(
                    accountSid, authToken, Optional.of(from), baseUrl, timeout, connectTimeout);
        }

        Settings baseUrl(String baseUrl) {
            return new Settings(
                    accountSid, authToken, from, URI.create(baseUrl), timeout, connectTimeout);
        }

        Settings timeout(Duration timeout) {
            return new Settings(accountSid, authToken, from, baseUrl, timeout, connectTimeout);
        }
    }
}
