package kvit.books;

import com.google.crypto.tink.subtle.Ed25519Sign;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key that vouches for the head of the chain, and signs nothing else. */
@Startup
@ApplicationScoped
class SigningKey {

    /** What stands before the 32 bytes of a public key in X.509, RFC 8410, section 10.1. */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final EdECPrivateKey key;
    private final byte[] publicKey;

    /** In base64: those of before, and the one of now. */
    private final Set<String> ours = new HashSet<>();

    SigningKey(BooksConfig config) {
        this.key = read(config.signingKey());
        this.publicKey = publicKeyOf(key);
        config.retiredSigningKeys()
                .ifPresent(it -> it.forEach(known -> ours.add(requireBase64(known.strip()))));
        ours.add(Base64.getEncoder().encodeToString(publicKey));
    }

    /** Whether it signs here, or has; whatever stands beside a signature can be anybody's. */
    boolean isOurs(byte[] other) {
        return ours.contains(Base64.getEncoder().encodeToString(other));
    }

    private static String requireBase64(String key) {
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(key));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "kvit.books.retired-signing-keys: not a public key in base64: " + key, e);
        }
    }

    private static EdECPrivateKey read(Path file) {
        try {
            var pem = Files.readString(file, StandardCharsets.US_ASCII);
            var encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            var read =
                    KeyFactory.getInstance(SignedHead.ALGORITHM)
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return (EdECPrivateKey) read;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "kvit.books.signing-key: no PKCS#8 PEM of an Ed25519 key in " + file, e);
        }
    }

    /** The JDK does not make one of the other. */
    private static byte[] publicKeyOf(EdECPrivateKey key) {
        try {
            var pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(key.getBytes().orElseThrow());
            var bytes = pair.getPublicKey();
            var encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + bytes.length);
            System.arraycopy(bytes, 0, encoded, X509_PREFIX.length, bytes.length);
            return encoded;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("kvit.books.signing-key: not a key to sign with", e);
        }
    }

    /**
     * @param previous the day of the signature before; null for the first
     */
    SignedHead sign(LocalDate day, Head head, Instant at, @Nullable LocalDate previous) {
        try {
            var signature = Signature.getInstance(SignedHead.ALGORITHM);
            signature.initSign(key);
            signature.update(
                    SignedHead.words(day, head, at, previous).getBytes(StandardCharsets.UTF_8));
            return new SignedHead(day, head, at, previous, publicKey.clone(), signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK of 15 and later has Ed25519", e);
        }
    }
}
