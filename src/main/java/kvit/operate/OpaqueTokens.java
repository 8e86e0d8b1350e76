package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Tokens that say nothing, of which only a digest is stored. They are 256 random bits: nobody
 * guesses one, so the digest need not be slow.
 */
@ApplicationScoped
class OpaqueTokens {

    private static final int BYTES = 32;

    private final SecureRandom random;

    OpaqueTokens(SecureRandom random) {
        this.random = random;
    }

    /** The prefix tells people, and programs that search for leaked secrets, what it is. */
    String next(String prefix) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
