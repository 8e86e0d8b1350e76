package kvit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A socket to which more was written than its client takes. */
class SseLineTest {

    /** More than the buffers of both ends have room for. */
    private static final int FULL = 64 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<HttpServerRequest> asked = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Whoever is cut off for taking nothing would otherwise keep the socket, and what is in it. */
    @Test
    void isClosedAtOnceThoughNothingIsTaken() throws Exception {
        var server =
                vertx.createHttpServer()
                        .requestHandler(this::fill)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        try (var client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            var request = asked.get(10, TimeUnit.SECONDS);
            await().until(() -> request.response().writeQueueFull());

            new SseLine(null, request, null).cut();

            await().until(closed::isDone);
            assertThat(closed).isCompleted();
        }
    }

    private void fill(HttpServerRequest request) {
        request.connection().closeHandler(it -> closed.complete(null));
        request.response().setChunked(true);
        request.response().write(Buffer.buffer(new byte[FULL]));
        asked.complete(request);
    }
}
