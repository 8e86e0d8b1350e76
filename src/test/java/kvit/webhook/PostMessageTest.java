package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.JksOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire, by servers that do what servers should not. */
class PostMessageTest {

    private static final Duration TIMEOUT = Duration.ofMillis(600);

    /** Where nothing is to be given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> servers = new CopyOnWriteArrayList<>();

    @TempDir Path folder;

    @AfterEach
    void stop() throws Exception {
        for (var server : servers) {
            server.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void aNameThatLeadsElsewhereByNowIsNotAskedAgain() throws Exception {
        var host = new CopyOnWriteArrayList<String>();
        var port = answering(204, Map.of(), host);

        // Nobody knows that name: it is reached all the same, by the address that was looked at.
        var answer = post(new Target(false, "hooks.nowhere.invalid", port, "/kvit?a=b"));

        assertThat(answer.isDelivered()).isTrue();
        assertThat(host).containsExactly("POST /kvit?a=b hooks.nowhere.invalid:" + port + " {}");
    }

    @Test
    void aRedirectIsAFailureAndFollowedNowhere() throws Exception {
        var secret = new CopyOnWriteArrayList<String>();
        var inside = answering(200, Map.of(), secret);

        for (var status : List.of(301, 302, 303, 307, 308)) {
            var location = "http://127.0.0.1:" + inside + "/";
            var port =
                    answering(status, Map.of("Location", location), new CopyOnWriteArrayList<>());
            var answer = post(target(port));
            assertThat(answer.isDelivered()).isFalse();
            assertThat(answer.status()).isEqualTo(status);
        }
        assertThat(secret).isEmpty();
    }

    @Test
    void patienceThatIsAskedForIsHeard() throws Exception {
        var port = answering(429, Map.of("Retry-After", "17"), new CopyOnWriteArrayList<>());

        assertThat(post(target(port)).asked()).isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void whoNeverAnswersIsGivenUp() throws Exception {
        var port = raw("", Duration.ofDays(1));

        assertGivenUp(post(target(port), TIMEOUT));
    }

    @Test
    void whoAnswersByteByByteIsGivenUp() throws Exception {
        var port = raw("HTTP/1.1 200 OK\r\nX: " + "x".repeat(2_000), Duration.ofMillis(20));

        assertGivenUp(post(target(port), TIMEOUT));
    }

    @Test
    void aStatusIsEnoughHoweverSlowTheRest() throws Exception {
        var port =
                raw(
                        "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + "x".repeat(90),
                        Duration.ZERO);

        assertThat(post(target(port)).isDelivered()).isTrue();
    }

    @Test
    void headersWithoutEndAreGivenUp() throws Exception {
        var port = raw("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000), Duration.ZERO);

        assertThat(post(target(port)).isDelivered()).isFalse();
    }

    @Test
    void ofAnAnswerWithoutEndLittleIsTaken() throws Exception {
        var size = 50_000_000;
        var written = new java.util.concurrent.atomic.AtomicLong();
        var server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, size);
                    try (var out = exchange.getResponseBody()) {
                        for (var i = 0; i < size / 1_000; i++) {
                            out.write(new byte[1_000]);
                            written.addAndGet(1_000);
                        }
                    } catch (IOException hungUp) {
                        written.addAndGet(size);
                    }
                });
        server.start();
        servers.add(() -> server.stop(0));

        assertThat(post(target(server.getAddress().getPort())).isDelivered()).isTrue();
        // The client hung up long before the end.
        await().until(() -> written.get() >= size);
        assertThat(written.get()).isLessThan(2L * size);
    }

    @Test
    void whereNobodyListensThereIsNoConnection() throws Exception {
        var free = new ServerSocket(0, 1, HERE);
        var port = free.getLocalPort();
        free.close();

        assertThat(post(target(port)).error()).isEqualTo("no connection");
    }

    @Test
    void aCertificateOfAnotherNameIsNotTrustedNorOneOfNobody() throws Exception {
        var port = answeringByTls("hooks.example.com");
        var trusting =
                PostMessage.options()
                        .setTrustOptions(
                                new JksOptions()
                                        .setPath(folder.resolve("keys").toString())
                                        .setPassword("password"));

        assertThat(post(new Target(true, "hooks.example.com", port, "/"), trusting).isDelivered())
                .isTrue();
        for (var refused :
                List.of(
                        post(new Target(true, "other.example.com", port, "/"), trusting),
                        post(
                                new Target(true, "hooks.example.com", port, "/"),
                                PostMessage.options()))) {
            assertThat(refused.isDelivered()).isFalse();
            assertThat(refused.error()).isEqualTo("its certificate is not to be trusted");
        }
    }

    private static void assertGivenUp(Answer answer) {
        assertThat(answer.status()).isNull();
        assertThat(answer.error()).startsWith("no answer within");
        assertThat(answer.took()).isBetween(TIMEOUT, TIMEOUT.multipliedBy(10));
    }

    private static Target target(int port) {
        return new Target(false, "hooks.example.com", port, "/");
    }

    private Answer post(Target target) throws Exception {
        return post(target, PATIENCE);
    }

    private Answer post(Target target, Duration timeout) throws Exception {
        return post(target, timeout, PostMessage.options());
    }

    private Answer post(Target target, HttpClientOptions options) throws Exception {
        return post(target, PATIENCE, options);
    }

    private Answer post(Target target, Duration timeout, HttpClientOptions options)
            throws Exception {
        var post = new PostMessage(vertx, 8, timeout, timeout, options);
        return post.post(target, HERE, Map.of("Content-Type", "application/json"), "{}")
                .get(PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
    }

    private int answering(int status, Map<String, String> headers, List<String> heard)
            throws IOException {
        var server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        serve(server, status, headers, heard);
        return server.getAddress().getPort();
    }

    private void serve(
            HttpServer server, int status, Map<String, String> headers, List<String> heard) {
        server.createContext(
                "/",
                exchange -> {
                    heard.add(
                            "%s %s %s %s"
                                    .formatted(
                                            exchange.getRequestMethod(),
                                            exchange.getRequestURI(),
                                            exchange.getRequestHeaders().getFirst("Host"),
                                            new String(
                                                    exchange.getRequestBody().readAllBytes(),
                                                    StandardCharsets.UTF_8)));
                    headers.forEach(exchange.getResponseHeaders()::set);
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        servers.add(() -> server.stop(0));
    }

    private int answeringByTls(String name) throws Exception {
        var keys = folder.resolve("keys");
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "hooks",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "password");
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        var store = KeyStore.getInstance(keys.toFile(), "password".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "password".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(HERE, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        serve(server, 200, Map.of(), new CopyOnWriteArrayList<>());
        return server.getAddress().getPort();
    }

    /** Says that, byte by byte, and never ends the connection. */
    private int raw(String answer, Duration between) throws IOException {
        var listening = new ServerSocket(0, 10, HERE);
        servers.add(listening);
        var thread = new Thread(() -> accept(listening, answer, between), "raw");
        thread.setDaemon(true);
        thread.start();
        return listening.getLocalPort();
    }

    private void accept(ServerSocket listening, String answer, Duration between) {
        try {
            @SuppressWarnings("resource")
            Socket socket = listening.accept();
            servers.add(socket);
            var out = socket.getOutputStream();
            for (var each : answer.getBytes(StandardCharsets.US_ASCII)) {
                out.write(each);
                TimeUnit.MILLISECONDS.sleep(between.toMillis());
            }
        } catch (IOException | InterruptedException e) {
            // The client has hung up, as it should.
        }
    }
}
