package kvit.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Sends through <a href="https://www.twilio.com/docs/messaging/api/message-resource">Twilio's
 * Messages API</a>.
 *
 * <p>That API has no idempotency key. Where no whole answer came back, Twilio may or may not have
 * taken the message, and a caller who tries again may send a second SMS. We call such failures
 * retryable all the same: a person with the same code twice can sign in, a person with none cannot.
 * For that reason too nothing is retried in here; only the caller knows whether the message is
 * still worth sending.
 */
class TwilioGateway implements SmsGateway {

    /**
     * A messaging service rather than a sender; the full form, because "MGM Shop" is a legal
     * sender.
     */
    private static final Pattern MESSAGING_SERVICE = Pattern.compile("MG[0-9a-fA-F]{32}");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final Duration timeout;
    private final String from;

    /**
     * Address and headers, the same for every message; only ever copied, hence safe to share
     * between threads.
     */
    private final HttpRequest.Builder request;

    TwilioGateway(SmsConfig.Twilio config) {
        insistOnCredentials(config);
        String accountSid = config.accountSid().orElseThrow();
        String authToken = config.authToken().orElseThrow();
        from = config.from().orElseThrow();
        timeout = config.timeout();
        request =
                HttpRequest.newBuilder(messages(config.baseUrl(), accountSid))
                        .header("Authorization", basic(accountSid, authToken))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "application/json");
        http =
                HttpClient.newBuilder()
                        // One small request at a time gains nothing from HTTP/2 and its upgrade.
                        .version(HttpClient.Version.HTTP_1_1)
                        // A redirect would carry phone and code to an address that nobody
                        // configured.
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(config.connectTimeout())
                        .build();
    }

    @Override
    public void send(Sms sms) throws SmsFailed {
        HttpResponse<byte[]> response =
                exchange(request.copy().POST(BodyPublishers.ofString(form(sms))).build());
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return;
        }
        if (status == 401 || status == 403) {
            throw SmsFailed.forGood(
                    "Twilio refused the credentials ("
                            + outline(response)
                            + "); check kvit.sms.twilio.account-sid and kvit.sms.twilio.auth-token");
        }
        if (status != 429 && status >= 300 && status < 500) {
            throw SmsFailed.forGood("Twilio refused the message (" + outline(response) + ")");
        }
        String message = "Twilio cannot take the message now (" + outline(response) + ")";
        Optional<Duration> retryAfter = RetryAfter.in(response.headers());
        throw retryAfter.isPresent()
                ? SmsFailed.forNow(message, retryAfter.get())
                : SmsFailed.forNow(message);
    }

    /**
     * Waits for the whole answer, and no longer than the time-out. The client's own time-out per
     * request would not do: before Java 26 it ends with the headers, and a body that trickles in
     * would hold the caller for ever.
     */
    private HttpResponse<byte[]> exchange(HttpRequest request) throws SmsFailed {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw SmsFailed.forNow(
                    "Twilio did not answer in time; the message may arrive all the same");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SmsFailed.forNow(
                    "interrupted while waiting for Twilio; the message may arrive all the same");
        } catch (ExecutionException e) {
            // The cause is named, not attached: its message can quote the answer, and that can
            // quote the phone.
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw SmsFailed.forNow(
                    "no usable answer from Twilio (" + cause.getClass().getSimpleName() + ")");
        } finally {
            // Frees the connection of an answer that nobody waits for any more; nothing to do if it
            // is complete.
            answer.cancel(true);
        }
    }

    private String form(Sms sms) {
        String sender = MESSAGING_SERVICE.matcher(from).matches() ? "MessagingServiceSid" : "From";
        return "To="
                + encoded(sms.phone())
                + "&"
                + sender
                + "="
                + encoded(from)
                + "&Body="
                + encoded(sms.text());
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }

    /**
     * What may be told about an answer. Twilio's own text is left out, because it can repeat the
     * phone.
     */
    private static String outline(HttpResponse<byte[]> response) {
        String status = "HTTP " + response.statusCode();
        JsonNode code = json(response.body()).path("code");
        return code.isInt() ? status + ", error " + code.intValue() : status;
    }

    /**
     * Proxies on the way answer in HTML or not at all: then there is no code, and the status has to
     * do.
     */
    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static URI messages(URI baseUrl, String accountSid) {
        String base = baseUrl.toString().replaceFirst("/+$", "");
        return URI.create(base + "/2010-04-01/Accounts/" + accountSid + "/Messages.json");
    }

    private static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    /** Names everything that is missing at once, so that nobody finds out one restart at a time. */
    private static void insistOnCredentials(SmsConfig.Twilio config) {
        Map<String, Optional<String>> needed =
                Map.of(
                        "kvit.sms.twilio.account-sid", config.accountSid(),
                        "kvit.sms.twilio.auth-token", config.authToken(),
                        "kvit.sms.twilio.from", config.from());
        List<String> missing =
                needed.entrySet().stream()
                        .filter(
                                setting ->
                                        setting.getValue()
                                                .filter(Predicate.not(String::isBlank))
                                                .isEmpty())
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "kvit.sms.gateway=twilio also needs " + String.join(", ", missing));
        }
    }
}
