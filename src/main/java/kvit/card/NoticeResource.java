package kvit.card;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import kvit.problem.BodyLimit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Open to everybody: the signature is what proves who is speaking. */
@Path("/v1/processor-notices")
@Tag(name = "For the card processor")
@PermitAll
@Blocking
class NoticeResource {

    /** Of an event what is looked at first; the rest is Stripe's to describe. */
    record StripeEvent(String id, String type, long created) {}

    private static final Logger LOG = Logger.getLogger(NoticeResource.class);

    private final StripeWebhook stripe;
    private final Notices notices;

    NoticeResource(StripeWebhook stripe, Notices notices) {
        this.stripe = stripe;
        this.notices = notices;
    }

    @POST
    @Path("stripe")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(204)
    @APIResponse(
            responseCode = "204",
            description = "It was taken, now or before, or is nothing of ours")
    @Operation(
            operationId = "takeStripeNotice",
            summary = "What Stripe tells by itself: an event, signed")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = StripeEvent.class)))
    public void take(
            @HeaderParam("Stripe-Signature") @Nullable String signature, @Nullable InputStream body)
            throws IOException {
        // The bytes as they came, because they are what is signed; and no more of them than
        // anywhere.
        var payload = body == null ? "" : new String(BodyLimit.read(body), StandardCharsets.UTF_8);
        var delivery = stripe.read(payload, signature);
        var isNew = notices.take(delivery);
        LOG.debugf("notice %s: %s", delivery.id(), isNew ? "new" : "known, or nothing of ours");
    }
}
