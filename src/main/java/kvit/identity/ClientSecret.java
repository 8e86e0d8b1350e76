package kvit.identity;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a confidential front end proves itself with: 256 random bits, seen once and never stored.
 */
record ClientSecret(String value) {

    private static final int BYTES = 32;

    static ClientSecret random(SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new ClientSecret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public String toString() {
        return "ClientSecret[…]";
    }
}
