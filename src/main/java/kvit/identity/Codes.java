package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.SecretKey;
import kvit.source.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * One-time codes: six digits, of which only an HMAC under a key outside the database is ever
 * stored. A plain hash of a million possible codes would be no secret.
 */
@ApplicationScoped
class Codes {

    private static final int POSSIBLE = 1_000_000;

    private final SecureRandom random;
    private final SecretKey key;

    Codes(SecureRandom random, Secrets secrets) {
        this.random = random;
        this.key = secrets.keyFor("sign-in-code");
    }

    String next() {
        return "%06d".formatted(random.nextInt(POSSIBLE));
    }

    /** Of the code and what it is for: the code of one sign-in is nothing in another. */
    byte[] mac(UUID purpose, String code) {
        return mac(purpose.toString(), code);
    }

    /** In the same time for every pair, also where there is nothing to compare with. */
    boolean matches(UUID purpose, String code, byte @Nullable [] mac) {
        return matches(purpose.toString(), code, mac);
    }

    /**
     * The same where more than an id says what it is for; beginning with the id, so that no two
     * purposes are alike.
     */
    byte[] mac(String purpose, String code) {
        return Secrets.hmac(key).doFinal((purpose + "/" + code).getBytes(StandardCharsets.UTF_8));
    }

    boolean matches(String purpose, String code, byte @Nullable [] mac) {
        var given = mac(purpose, code);
        return MessageDigest.isEqual(given, mac == null ? new byte[given.length] : mac);
    }
}
