package kvit.stream;

import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

/**
 * Server-sent events by Quarkus, which asks for the next one when the socket has taken the one
 * before.
 */
final class SseLine implements Line {

    private final MultiEmitter<? super OutboundSseEvent> emitter;
    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final boolean isShared;
    private final Sse sse;

    SseLine(MultiEmitter<? super OutboundSseEvent> emitter, HttpServerRequest request, Sse sse) {
        this.emitter = emitter;
        this.response = request.response();
        this.connection = request.connection();
        this.isShared = request.version() == HttpVersion.HTTP_2;
        this.sse = sse;
    }

    @Override
    public boolean isReady() {
        return emitter.requested() > 0;
    }

    @Override
    public void send(Letter letter) {
        var event = sse.newEventBuilder();
        if (letter.id() != null) {
            event.id(letter.id());
        }
        if (letter.name() != null) {
            event.name(letter.name());
        }
        if (letter.data() == null) {
            event.comment("");
        } else {
            event.data(String.class, letter.data());
        }
        emitter.emit(event.build());
    }

    @Override
    public void close() {
        emitter.complete();
    }

    /**
     * Vert.x closes behind what was written, which is what the client does not take: the socket
     * would stay open. So it is closed below Vert.x, unless other requests share it.
     */
    @Override
    // Nobody waits for it: whoever was there is gone.
    @SuppressWarnings("FutureReturnValueIgnored")
    public void cut() {
        if (!isShared && connection instanceof ConnectionBase below) {
            below.channelHandlerContext().close();
        } else {
            response.reset();
        }
    }
}
