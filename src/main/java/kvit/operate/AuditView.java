package kvit.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did.
 *
 * @param number its place in the chain
 * @param operator null for who was not let in, and for who sits at the machine
 * @param who e-mail; {@code unknown} and {@code console} for those two
 * @param roles what they had then
 * @param before what the resource was, without secrets and people's numbers; null where nothing was
 *     kept of it
 * @param address where the request came from
 * @param digest in hex, over this and all that came before
 */
record AuditView(
        long number,
        UUID id,
        Instant at,
        @Nullable UUID operator,
        String who,
        List<String> roles,
        String action,
        AuditStep step,
        String resource,
        String reason,
        @Schema(implementation = Object.class) @Nullable JsonNode before,
        @Schema(implementation = Object.class) @Nullable JsonNode after,
        @Nullable String address,
        @Nullable String requestId,
        @Nullable UUID approvalId,
        String digest) {}
