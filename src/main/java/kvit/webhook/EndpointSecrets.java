package kvit.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import kvit.source.Secrets;

/**
 * The secrets that endpoints know us by. Kept nowhere: derived from {@code kvit.secret} and a
 * random half in the endpoint's row, so that nobody has one who has only one of the two.
 */
@ApplicationScoped
class EndpointSecrets {

    private static final int SALT_BYTES = 32;
    private static final String PREFIX = "whsec_";

    private final Function<String, SecretKey> keys;
    private final SecureRandom random;

    @Inject
    EndpointSecrets(Secrets secrets, SecureRandom random) {
        this(secrets::keyFor, random);
    }

    EndpointSecrets(Function<String, SecretKey> keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    byte[] newSalt() {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    /** As the receiver gets it; 32 bytes. */
    String secret(UUID endpoint, byte[] salt) {
        return PREFIX + Base64.getEncoder().encodeToString(key(endpoint, salt));
    }

    /**
     * The header {@code webhook-signature}: one for each secret that counts.
     *
     * @param seconds since 1970
     */
    String sign(UUID endpoint, List<byte[]> salts, String id, long seconds, String body) {
        return salts.stream()
                .map(it -> sign(key(endpoint, it), id, seconds, body))
                .collect(Collectors.joining(" "));
    }

    private static String sign(byte[] key, String id, long seconds, String body) {
        try {
            return new Webhook(key).sign(id, seconds, body);
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private byte[] key(UUID endpoint, byte[] salt) {
        return keys.apply("webhook/" + endpoint + "/" + HexFormat.of().formatHex(salt))
                .getEncoded();
    }
}
