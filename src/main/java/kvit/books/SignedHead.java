package kvit.books;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.LocalDate;

/**
 * How far the chain went on a day, signed.
 *
 * @param key the public one, X.509
 * @param signature Ed25519 over {@link #words}
 */
// Nobody compares them but by their digests.
@SuppressWarnings("ArrayRecordComponent")
record SignedHead(LocalDate day, Head head, Instant signedAt, byte[] key, byte[] signature) {

    static final String ALGORITHM = "Ed25519";

    /** What is signed, in UTF-8: five lines. */
    static String words(LocalDate day, Head head, Instant signedAt) {
        return "kvit-head-1\n%s\n%d\n%s\n%s\n"
                .formatted(day, head.number(), head.digest(), signedAt);
    }

    /** Whether the key that stands beside it has signed it. */
    boolean isRight() {
        try {
            var check = Signature.getInstance(ALGORITHM);
            check.initVerify(
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(key)));
            check.update(words(day, head, signedAt).getBytes(StandardCharsets.UTF_8));
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
