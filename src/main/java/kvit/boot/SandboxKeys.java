package kvit.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that Kvit needs, created once and kept, so that a sandbox needs no preparation and its
 * tokens outlive a restart. Live mode refuses them.
 */
public final class SandboxKeys {
    /** The folder of everything that Kvit keeps for itself. */
    static final String DIRECTORY = "kvit.directory";

    /** 32 bytes in base64. */
    static final String SECRET = "kvit.secret";

    /** The path of a PEM file with an RSA key in PKCS #8. */
    static final String SIGNING_KEY = "kvit.identity.signing-key";

    /** 32 bytes in base64. */
    static final String PIN_PEPPER = "kvit.identity.pin-pepper";

    /** A list of keys, each as its version, a colon and 32 bytes in base64. */
    static final String CARD_KEYS = "kvit.card.keys";

    /** 32 bytes in base64. */
    static final String CARD_FINGERPRINT_KEY = "kvit.card.fingerprint-key";

    /** The path of a PEM file with an Ed25519 key in PKCS #8. */
    static final String BOOKS_KEY = "kvit.books.signing-key";

    static final Set<String> PROPERTIES =
            Set.of(SECRET, SIGNING_KEY, PIN_PEPPER, CARD_KEYS, CARD_FINGERPRINT_KEY, BOOKS_KEY);

    private static final int RSA_BITS = 2048;
    private static final int ED25519_BITS = 255;

    private SandboxKeys() {}

    /** Returns all properties, after creating whichever key is not there yet. */
    public static Map<String, String> ensure(Path directory) {
        try {
            PrivateFiles.createDirectories(directory);
            if (!Files.exists(secret(directory))) {
                PrivateFiles.write(secret(directory), RandomSecret.base64() + "\n");
            }
            for (Path key :
                    List.of(
                            pinPepper(directory),
                            cardKey(directory),
                            cardFingerprintKey(directory))) {
                if (!Files.exists(key)) {
                    PrivateFiles.write(key, RandomSecret.base64() + "\n");
                }
            }
            if (!Files.exists(signingKey(directory))) {
                PrivateFiles.write(signingKey(directory), newKey("RSA", RSA_BITS));
            }
            if (!Files.exists(booksKey(directory))) {
                PrivateFiles.write(booksKey(directory), newKey("Ed25519", ED25519_BITS));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox's keys cannot be kept", e);
        }
        return existing(directory);
    }

    /** Returns the property of each key that has been created in this folder. */
    static Map<String, String> existing(Path directory) {
        Map<String, String> properties = new HashMap<>();
        try {
            if (Files.exists(secret(directory))) {
                properties.put(SECRET, Files.readString(secret(directory)).strip());
            }
            if (Files.exists(pinPepper(directory))) {
                properties.put(PIN_PEPPER, Files.readString(pinPepper(directory)).strip());
            }
            if (Files.exists(cardKey(directory))) {
                properties.put(CARD_KEYS, "1:" + Files.readString(cardKey(directory)).strip());
            }
            if (Files.exists(cardFingerprintKey(directory))) {
                properties.put(
                        CARD_FINGERPRINT_KEY,
                        Files.readString(cardFingerprintKey(directory)).strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox's keys cannot be read", e);
        }
        if (Files.exists(signingKey(directory))) {
            properties.put(SIGNING_KEY, signingKey(directory).toString());
        }
        if (Files.exists(booksKey(directory))) {
            properties.put(BOOKS_KEY, booksKey(directory).toString());
        }
        return properties;
    }

    private static Path secret(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("secret");
    }

    private static Path pinPepper(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("pin-pepper");
    }

    private static Path signingKey(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("signing-key.pem");
    }

    private static Path booksKey(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("books-signing-key.pem");
    }

    private static Path cardKey(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("card-key");
    }

    private static Path cardFingerprintKey(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("card-fingerprint-key");
    }

    private static String newKey(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
