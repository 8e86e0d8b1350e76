package kvit.webhook;

import java.time.Instant;
import java.util.SortedSet;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An endpoint as operators see it; there are no secrets in it. */
@Schema(name = "WebhookEndpoint")
record EndpointView(
        UUID id,
        String client,
        String url,
        @Schema(description = "Types of notices; none is all of them") SortedSet<String> types,
        EndpointState state,
        @Nullable DisabledBecause disabledBecause,
        @Schema(description = "Since when nothing has arrived") @Nullable Instant failingSince,
        @Schema(description = "Until when the secret may be drawn that two have agreed to")
                @Nullable Instant secretDrawnUntil,
        @Schema(description = "Until when the secret before this one signs, too")
                @Nullable Instant previousSecretEndsAt,
        Instant createdAt) {}
