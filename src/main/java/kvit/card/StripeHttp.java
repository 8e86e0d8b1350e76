package kvit.card;

import com.stripe.net.ApiResource;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries the requests of stripe-java, in place of its own client for three reasons: that one sends
 * a POST whose connection broke a second time by itself, which makes "no connection" no proof that
 * nothing was sent; its time-out begins anew with each byte; and it tells Stripe about the machine.
 */
class StripeHttp extends HttpClient {

    /** How long our last calls took is nobody's business. */
    private static final String TELEMETRY = "X-Stripe-Client-Telemetry";

    private final java.net.http.HttpClient http;
    private final Duration timeout;

    StripeHttp(Duration connectTimeout, Duration timeout) {
        this.timeout = timeout;
        this.http =
                java.net.http.HttpClient.newBuilder()
                        .version(java.net.http.HttpClient.Version.HTTP_1_1)
                        // A redirect would carry a card number to an address that nobody
                        // configured.
                        .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                        .connectTimeout(connectTimeout)
                        .build();
    }

    /**
     * The answer, if it is one.
     *
     * @throws Unanswered where there is none, and for the statuses that leave open what was done:
     *     their bodies may come from anybody on the way, and stripe-java stumbles over some
     */
    @Override
    public StripeResponse request(StripeRequest request) {
        var response = exchange(translated(request));
        var status = response.statusCode();
        if (status == 409) {
            throw new Unanswered(Reason.CONFLICT);
        }
        if (status == 429) {
            throw new Unanswered(Reason.BUSY);
        }
        if (status == 408) {
            throw new Unanswered(Reason.TIME_OUT);
        }
        // 424: somebody on whom Stripe depends has failed, and nobody says at what point.
        if (status >= 500 || status == 424) {
            throw new Unanswered(Reason.SERVER_ERROR);
        }
        if (status >= 300 && status < 400) {
            throw new Unanswered(Reason.UNREADABLE);
        }
        return new StripeResponse(
                status, HttpHeaders.of(response.headers().map()), response.body());
    }

    private static HttpRequest translated(StripeRequest request) {
        var translated = HttpRequest.newBuilder(URI.create(request.url().toString()));
        request.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (!name.equalsIgnoreCase(TELEMETRY)) {
                                values.forEach(it -> translated.header(name, it));
                            }
                        });
        var content = request.content();
        if (content != null) {
            translated.setHeader("Content-Type", content.contentType());
        }
        return translated
                .method(
                        request.method().name(),
                        request.method() == ApiResource.RequestMethod.POST && content != null
                                ? BodyPublishers.ofByteArray(content.byteArrayContent())
                                : BodyPublishers.noBody())
                .build();
    }

    /** Waits for the whole answer, and no longer than the time-out. */
    private HttpResponse<String> exchange(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request, BodyHandlers.ofString());
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Unanswered(Reason.TIME_OUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered(Reason.CONNECTION_LOST);
        } catch (ExecutionException e) {
            var cause = e.getCause();
            var neverConnected =
                    cause instanceof HttpConnectTimeoutException
                            || cause instanceof ConnectException;
            throw new Unanswered(neverConnected ? Reason.NOT_CONNECTED : Reason.CONNECTION_LOST);
        } finally {
            // Frees the connection of an answer that nobody waits for any more.
            answer.cancel(true);
        }
    }
}
