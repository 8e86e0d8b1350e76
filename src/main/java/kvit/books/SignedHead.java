package kvit.books;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * How far the chain went on a day, signed.
 *
 * @param previous the day of the signature before, so that none is taken out; null of the first
 * @param key the public one, X.509
 * @param signature Ed25519 over {@link #words}
 */
// Nobody compares them but by their digests.
@SuppressWarnings("ArrayRecordComponent")
record SignedHead(
        LocalDate day,
        Head head,
        Instant signedAt,
        @Nullable LocalDate previous,
        byte[] key,
        byte[] signature) {

    static final String ALGORITHM = "Ed25519";

    /** What is signed, in UTF-8: six lines, the last of them {@code -} for the first. */
    static String words(LocalDate day, Head head, Instant signedAt, @Nullable LocalDate previous) {
        return "kvit-head-1\n%s\n%d\n%s\n%s\n%s\n"
                .formatted(
                        day,
                        head.number(),
                        head.digest(),
                        signedAt,
                        previous == null ? "-" : previous);
    }

    String words() {
        return words(day, head, signedAt, previous);
    }

    /** Whether the key that stands beside it has signed it. */
    boolean isRight() {
        try {
            var check = Signature.getInstance(ALGORITHM);
            check.initVerify(
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(key)));
            check.update(words().getBytes(StandardCharsets.UTF_8));
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
