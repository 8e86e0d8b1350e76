package kvit.identity;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import kvit.source.Secrets;
import org.jboss.logging.Logger;

/**
 * What is mixed into a PIN before it is hashed, from outside of the database: six digits are no
 * secret from whoever has their hash and the time to try all of them.
 *
 * <p>Apart from {@code kvit.secret}, which may be changed at any time; a pepper may not, because
 * nobody could say whose PIN was what.
 */
@Startup
@ApplicationScoped
class Peppers {

    private static final Logger LOG = Logger.getLogger(Peppers.class);

    private static final String NAME = "kvit.identity.pin-pepper";
    private static final String RETIRED = "kvit.identity.retired-pin-peppers";
    private static final int ID_BYTES = 4;

    private final SecretKey key;
    private final String current;
    private final Map<String, SecretKey> keys = new HashMap<>();

    Peppers(IdentityConfig config) {
        this.key = key(NAME, config.pinPepper());
        this.current = id(key);
        config.retiredPinPeppers()
                .orElse(List.of())
                .forEach(
                        it -> {
                            var retired = key(RETIRED, it);
                            keys.put(id(retired), retired);
                        });
        keys.put(current, key);
    }

    private static SecretKey key(String setting, String pepper) {
        return new SecretKeySpec(decode(setting, pepper.strip()), "HmacSHA256");
    }

    /** Short enough to say nothing of the key, and the same on every replica. */
    private static String id(SecretKey key) {
        return HexFormat.of().formatHex(mac(key, "kvit/pin-pepper"), 0, ID_BYTES);
    }

    /** At the start, so that one that is none stops the start and not the first PIN. */
    private static byte[] decode(String setting, String pepper) {
        try {
            return Base64.getDecoder().decode(pepper);
        } catch (IllegalArgumentException e) {
            // Its message quotes the character that is wrong.
            throw new IllegalStateException(setting + " is not base64");
        }
    }

    /** Names the pepper of today. */
    String current() {
        return current;
    }

    /**
     * What is hashed in place of the PIN. Of this person alone: a hash that is moved to somebody
     * else's row fits nothing there.
     *
     * @param pepper its name; one that is not configured any more leads to nothing that fits
     */
    String peppered(String pepper, UUID customer, String pin) {
        if (!keys.containsKey(pepper)) {
            LOG.errorf("no pepper %s: its PINs cannot be checked, see %s", pepper, RETIRED);
        }
        var mixedIn = keys.getOrDefault(pepper, key);
        return Base64.getEncoder().encodeToString(mac(mixedIn, customer + "/" + pin));
    }

    private static byte[] mac(SecretKey key, String text) {
        return Secrets.hmac(key).doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
