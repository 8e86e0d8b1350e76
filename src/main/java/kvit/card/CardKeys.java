package kvit.card;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of the vault, which are in no database: those that wrap data keys, by version, and the
 * one of the fingerprints. Apart from {@code kvit.secret}, because they are replaced apart from it.
 */
@Startup
@ApplicationScoped
class CardKeys {

    private static final int KEY_BYTES = 32;

    private static final AesGcmParameters AES_256_GCM = parameters();

    private final Map<Integer, Aead> wrapping = new HashMap<>();
    private final int current;
    private final SecretKey fingerprint;

    @Inject
    CardKeys(CardConfig config) {
        this(config.keys(), config.keyVersion(), config.fingerprintKey());
    }

    /**
     * At the start, so that a key that is none stops the start and not the first card.
     *
     * @throws IllegalStateException naming the setting, and nothing of its value
     */
    CardKeys(List<String> keys, int current, String fingerprintKey) {
        for (var key : keys) {
            var parts = key.strip().split(":", 2);
            if (parts.length < 2 || !parts[0].matches("[1-9][0-9]{0,8}")) {
                throw new IllegalStateException("kvit.card.keys is a list of VERSION:BASE64");
            }
            var bytes = decode("kvit.card.keys", parts[1]);
            if (bytes.length != KEY_BYTES) {
                throw new IllegalStateException("a key of kvit.card.keys has not 32 bytes");
            }
            if (wrapping.put(Integer.valueOf(parts[0]), aead(bytes)) != null) {
                throw new IllegalStateException("kvit.card.keys has a version twice");
            }
        }
        if (!wrapping.containsKey(current)) {
            throw new IllegalStateException("kvit.card.keys has no key kvit.card.key-version");
        }
        this.current = current;
        var bytes = decode("kvit.card.fingerprint-key", fingerprintKey);
        if (bytes.length < KEY_BYTES) {
            throw new IllegalStateException("kvit.card.fingerprint-key has not 32 bytes");
        }
        this.fingerprint = new SecretKeySpec(bytes, "HmacSHA256");
    }

    /** The version of the key that wraps from now on. */
    int current() {
        return current;
    }

    /**
     * @throws IllegalStateException when the key of that version is not configured any more
     */
    Aead wrapping(int version) {
        var aead = wrapping.get(version);
        if (aead == null) {
            throw new IllegalStateException("kvit.card.keys has no key of version " + version);
        }
        return aead;
    }

    SecretKey fingerprint() {
        return fingerprint;
    }

    private static byte[] decode(String setting, String base64) {
        try {
            return Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            // Not the cause, whose message quotes a letter of the key.
            throw new IllegalStateException(setting + " is not base64");
        }
    }

    @AccessesPartialKey
    private static Aead aead(byte[] key) {
        try {
            var secret = SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get());
            var imported =
                    AesGcmKey.builder().setParameters(AES_256_GCM).setKeyBytes(secret).build();
            return KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(imported).withRandomId().makePrimary())
                    .build()
                    .getPrimitive(AeadConfig2026.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM takes any 32 bytes", e);
        }
    }

    private static AesGcmParameters parameters() {
        try {
            // No prefix that names a key: the row names its version.
            return AesGcmParameters.builder()
                    .setKeySizeBytes(KEY_BYTES)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink has AES-256-GCM", e);
        }
    }
}
