package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.ClientApp;
import kvit.problem.Problem;
import kvit.problem.RequestIds;
import org.jspecify.annotations.Nullable;

/** Takes the fingerprint of what was asked for. */
@ApplicationScoped
class Attempts {

    private final ObjectMapper json;
    private final RequestIds requestIds;

    Attempts(ObjectMapper json, RequestIds requestIds) {
        // Absent fields leave no trace, so that a field added in years to come changes no old
        // fingerprint.
        this.json = json.copy().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
        this.requestIds = requestIds;
    }

    /**
     * @param operation what the key is used for: its path
     * @param order a record; of the request only what was read from it counts, not how it was
     *     written
     * @throws Problem IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_INVALID
     */
    <O> Attempt<O> attempt(
            UUID payer, ClientApp client, @Nullable String keyHeader, String operation, O order) {
        return new Attempt<>(
                payer,
                IdempotencyKey.parse(keyHeader),
                fingerprint(operation, order),
                requestIds.current(),
                client,
                order);
    }

    private String fingerprint(String operation, Object order) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((operation + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(json.writeValueAsBytes(order)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an order is a plain record", e);
        }
    }
}
