package kvit.webhook;

import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages to endpoints: to the address that was looked at and to no other, with the name
 * only for the certificate and the header; past no redirect; and for so long.
 *
 * <p>By the event loops, so that somebody who answers byte by byte holds no thread.
 */
@ApplicationScoped
class PostMessage {

    /** So much of an answer is read, to use the connection again; nobody looks at it. */
    private static final int ANSWER_MAX = 8 * 1024;

    private static final int HEADERS_MAX = 8 * 1024;

    /** Of a connection that nobody uses. Many servers close theirs not much later. */
    private static final int IDLE_SECONDS = 10;

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration timeout;

    @Inject
    PostMessage(Vertx vertx, WebhookConfig config) {
        this(vertx, config.callsAtOnce(), config.connectTimeout(), config.timeout(), options());
    }

    PostMessage(
            Vertx vertx,
            int callsAtOnce,
            Duration connectTimeout,
            Duration timeout,
            HttpClientOptions options) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.client =
                vertx.createHttpClient(
                        options.setConnectTimeout(Math.toIntExact(connectTimeout.toMillis())),
                        new PoolOptions().setHttp1MaxSize(callsAtOnce));
    }

    /** Certificates are those that Java trusts, and of the host's name. */
    static HttpClientOptions options() {
        return new HttpClientOptions()
                .setVerifyHost(true)
                .setMaxHeaderSize(HEADERS_MAX)
                .setKeepAliveTimeout(IDLE_SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        client.close();
    }

    /** What comes back, or why nothing does; it never fails. */
    CompletableFuture<Answer> post(
            Target target, InetAddress address, Map<String, String> headers, String body) {
        var call = new Call();
        call.begin();
        var options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setServer(
                                SocketAddress.inetSocketAddress(
                                        new InetSocketAddress(address, target.port())))
                        .setHost(target.host())
                        .setPort(target.port())
                        .setSsl(target.tls())
                        .setURI(target.path())
                        .setFollowRedirects(false);
        headers.forEach(options::putHeader);
        client.request(options)
                .onSuccess(request -> call.send(request, Buffer.buffer(body)))
                .onFailure(call::failed);
        return call.answer;
    }

    private final class Call {

        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final AtomicReference<@Nullable HttpClientRequest> request =
                new AtomicReference<>();
        private final long began = System.nanoTime();
        private long timer;
        private int read;

        void begin() {
            timer = vertx.setTimer(timeout.toMillis(), id -> giveUp());
        }

        void send(HttpClientRequest connected, Buffer body) {
            if (answer.isDone()) {
                connected.reset();
                return;
            }
            request.set(connected);
            connected.send(body).onSuccess(this::answered).onFailure(this::failed);
        }

        /** Its status is the answer. What follows is read for the sake of the connection alone. */
        private void answered(HttpClientResponse response) {
            response.handler(
                    bytes -> {
                        read += bytes.length();
                        if (read > ANSWER_MAX) {
                            response.request().reset();
                        }
                    });
            response.endHandler(end -> vertx.cancelTimer(timer));
            response.exceptionHandler(end -> vertx.cancelTimer(timer));
            var asked =
                    RetryAfter.of(response.getHeader("Retry-After"), response.getHeader("Date"));
            answer.complete(Answer.of(response.statusCode(), asked, took()));
        }

        void failed(Throwable failure) {
            vertx.cancelTimer(timer);
            answer.complete(Answer.none(said(failure), took()));
        }

        private void giveUp() {
            answer.complete(Answer.none("no answer within " + timeout.toSeconds() + " s", took()));
            var connected = request.get();
            if (connected != null) {
                connected.reset();
            }
        }

        private Duration took() {
            return Duration.ofNanos(System.nanoTime() - began);
        }
    }

    /** The kind of failure: what its message quotes may be anything. */
    private static String said(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        var name = cause.getClass().getSimpleName();
        return switch (name) {
            case "ConnectTimeoutException" -> "no connection in time";
            case "AnnotatedConnectException", "ConnectException" -> "no connection";
            case "CertificateException",
                    "CertPathBuilderException",
                    "SunCertPathBuilderException",
                    "SSLHandshakeException" ->
                    "its certificate is not to be trusted";
            case "HttpClosedException" -> "hung up";
            default -> "no answer: " + name;
        };
    }
}
