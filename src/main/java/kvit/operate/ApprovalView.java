package kvit.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for, or has had, its second pair of eyes.
 *
 * @param payload what will be carried out, word for word
 * @param payloadSha256 of these words, in hex
 * @param proposedBy e-mail
 * @param decidedBy e-mail; null while nobody has, and where it ended by itself
 */
public record ApprovalView(
        UUID id,
        String action,
        String resource,
        @Schema(implementation = Object.class) JsonNode payload,
        String payloadSha256,
        String reason,
        Approval.State state,
        String proposedBy,
        Instant proposedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String note) {

    /** For the contract, of each operation that answers 202 with one. */
    public static final String WAITS = "It waits for somebody else's approval";
}
