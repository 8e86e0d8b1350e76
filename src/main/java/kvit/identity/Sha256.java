package kvit.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How tokens and secrets of our own making are stored. Unsalted and fast is right for them: 256
 * random bits cannot be guessed, only stolen.
 */
final class Sha256 {

    private Sha256() {}

    static byte[] of(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
