package kvit.stream;

import static kvit.stream.StreamProblem.EVENT_ID_UNKNOWN;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.regex.Pattern;
import kvit.identity.Caller;
import kvit.identity.Scope;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/events")
@Tag(name = "Notices")
@RolesAllowed({Scope.PROFILE, Scope.TRANSFERS_READ, Scope.CARDS})
class StreamResource {

    static final String LAST_EVENT_ID = "Last-Event-ID";

    /** As many digits as every one of ours has at the most. */
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    private static final String WHAT =
            "Server-sent events, each as it happens: what concerns you of transfers, requests,"
                    + " cards, payouts and your account, as far as the token's scopes go. `data` is a"
                    + " notice as below, `id` is where to go on: whoever comes back with the last `id`"
                    + " they have seen gets each notice since, once and in order, as long as those are"
                    + " kept (seven days, unless set otherwise). An event `reset` says that they are"
                    + " not: what you know has to be asked for anew. An event `end` comes before the"
                    + " stream is closed by us, with a `reason`: `token_expired` (open another one with"
                    + " a new token), `session_ended`, `stopping` or `unavailable` (open another one)."
                    + " Comments come as signs of life, with an `id` as well. Types are listed in"
                    + " docs/notices.md; ignore those that you do not know.";

    private final StreamHub hub;
    private final Caller caller;

    StreamResource(StreamHub hub, Caller caller) {
        this.hub = hub;
        this.caller = caller;
    }

    /**
     * Keeps no thread. The header goes first: a browser repeats the query as it was, and adds it.
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "listen",
            summary = "What happens to you, as it happens",
            description = WHAT)
    @APIResponse(
            responseCode = "200",
            description = "A stream that does not end by itself before the token does",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = NoticeView.class)))
    public Multi<OutboundSseEvent> listen(
            @HeaderParam(LAST_EVENT_ID) @Parameter(description = "The last `id` that you have seen")
                    @Nullable String header,
            @QueryParam("lastEventId")
                    @Parameter(description = "The same for whoever cannot set headers")
                    @Nullable String query,
            @Context HttpServerRequest request,
            @Context Sse sse) {
        var from = number(header == null || header.isEmpty() ? query : header);
        var admission = caller.admission();
        var streams = hub.streams();
        streams.requireRoom(admission.customer());
        // For proxies that would collect a few kilobytes first.
        request.response().putHeader("X-Accel-Buffering", "no");
        return Multi.createFrom()
                .emitter(
                        emitter -> {
                            var line = new SseLine(emitter, request, sse);
                            var stream = streams.open(admission, line, from);
                            emitter.onRequest(it -> stream.pump());
                            emitter.onTermination(() -> streams.closed(stream));
                            // It may have become ready before anybody listened to that.
                            stream.pump();
                        },
                        BackPressureStrategy.IGNORE);
    }

    private static @Nullable Long number(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            return null;
        }
        if (!ID.matcher(id).matches()) {
            throw EVENT_ID_UNKNOWN.because("Show an id as an event had it, or none.");
        }
        return Long.valueOf(id);
    }
}
