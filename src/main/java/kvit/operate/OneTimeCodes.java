package kvit.operate;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import kvit.source.Secrets;
import org.apache.commons.codec.binary.Base32;

/**
 * Codes of an authenticator app: TOTP (RFC 6238) as all of them speak it, SHA-1, six digits, thirty
 * seconds.
 *
 * <p>An operator's secret is derived from Kvit's own and stored nowhere, so whoever steals the
 * database has no second factor of anybody.
 */
@ApplicationScoped
class OneTimeCodes {

    /** RFC 4226, section 4, R6: 160 bits. */
    private static final int SECRET_BYTES = 20;

    private final TimeBasedOneTimePasswordGenerator totp = new TimeBasedOneTimePasswordGenerator();
    private final SecretKey key;

    OneTimeCodes(Secrets secrets) {
        this.key = secrets.keyFor("operator-totp");
    }

    /**
     * Which time step the code is of: this one, the one before, or the next, as clocks differ (RFC
     * 6238, section 5.2). Empty when it is of none, or of one that was used before.
     */
    OptionalLong step(Operator operator, String code, Instant now) {
        var secret = secret(operator);
        var current = now.getEpochSecond() / totp.getTimeStep().toSeconds();
        for (var step = current - 1; step <= current + 1; step++) {
            if (step > operator.totpStep && isEqual(code(secret, step), code)) {
                return OptionalLong.of(step);
            }
        }
        return OptionalLong.empty();
    }

    private static boolean isEqual(String right, String given) {
        return MessageDigest.isEqual(
                right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private String code(SecretKey secret, long step) {
        try {
            return totp.generateOneTimePasswordString(
                    secret, Instant.ofEpochSecond(step * totp.getTimeStep().toSeconds()));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("an HMAC takes any key", e);
        }
    }

    /** As an authenticator app takes it, RFC 4648 base 32. */
    String base32(Operator operator) {
        return new Base32().encodeToString(secret(operator).getEncoded());
    }

    private SecretKey secret(Operator operator) {
        var version = Objects.requireNonNull(operator.totpVersion, "no second factor");
        var derived =
                Secrets.hmac(key)
                        .doFinal((operator.id + "/" + version).getBytes(StandardCharsets.UTF_8));
        return new SecretKeySpec(derived, 0, SECRET_BYTES, totp.getAlgorithm());
    }
}
