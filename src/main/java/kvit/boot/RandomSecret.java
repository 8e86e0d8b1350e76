package kvit.boot;

import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.KeyGenerator;

/** Secrets that nobody has to remember. */
final class RandomSecret {
    private static final int BITS = 256;

    private RandomSecret() {}

    /** 32 random bytes in base64. */
    static String base64() {
        return Base64.getEncoder().encodeToString(bytes());
    }

    /** 32 random bytes in letters that need no quoting, neither in SQL nor in a URL. */
    static String password() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    private static byte[] bytes() {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("HmacSHA256");
            generator.init(BITS);
            return generator.generateKey().getEncoded();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
