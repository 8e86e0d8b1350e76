package kvit.source;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Keys for one purpose each, all from the one secret {@code kvit.secret}, so that an operator keeps
 * one value and no key is used for two things.
 *
 * <p>Derived by HKDF-Expand with SHA-256 (RFC 5869, section 2.3), one block. The extract step is
 * left out as section 3.3 allows, because the secret is random and not a password; live mode checks
 * its length.
 */
@Startup
@ApplicationScoped
public class Secrets {

    private final byte[] secret;

    Secrets(@ConfigProperty(name = "kvit.secret") String secret) {
        this.secret = decode(secret.strip());
    }

    /** At the start, so that a secret that is none stops the start and not the first sign-in. */
    private static byte[] decode(String secret) {
        try {
            return Base64.getDecoder().decode(secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("kvit.secret is not base64", e);
        }
    }

    /** The key of a purpose; changing the purpose's name retires whatever was made with it. */
    public SecretKey keyFor(String purpose) {
        var info = ("kvit/" + purpose).getBytes(StandardCharsets.UTF_8);
        var mac = hmac(new SecretKeySpec(secret, "HmacSHA256"));
        mac.update(info);
        mac.update((byte) 1);
        return new SecretKeySpec(mac.doFinal(), "HmacSHA256");
    }

    /** A ready HMAC-SHA-256; not to be shared between threads. */
    public static Mac hmac(SecretKey key) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
