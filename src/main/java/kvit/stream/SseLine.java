package kvit.stream;

import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

/**
 * Server-sent events by Quarkus, which asks for the next one when the socket has taken the one
 * before.
 */
final class SseLine implements Line {

    private final MultiEmitter<? super OutboundSseEvent> emitter;
    private final HttpServerResponse response;
    private final Sse sse;

    SseLine(MultiEmitter<? super OutboundSseEvent> emitter, HttpServerResponse response, Sse sse) {
        this.emitter = emitter;
        this.response = response;
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

    @Override
    public void cut() {
        response.reset();
    }
}
