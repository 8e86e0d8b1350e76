package kvit.card;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.UUID;
import kvit.source.Secrets;

/**
 * Seals card numbers, each under a data key of its own (AES-256-GCM), which is kept wrapped by a
 * key that is in no database. Destroying the wrapped key destroys the number.
 *
 * <p>Both layers are bound to the card and its customer, so that nothing of one row opens in
 * another. The version of the wrapping key is bound to the wrapping alone: what is sealed stays as
 * it is while wrapping keys come and go (docs/decisions/0016-vault.md).
 */
@ApplicationScoped
class Vault {

    /** Whose number it is; nothing opens for anybody else. */
    record Owner(UUID card, UUID customer) {

        private byte[] ofNumber() {
            return ("kvit/card/1/number/" + card + "/" + customer).getBytes(UTF_8);
        }

        private byte[] ofKey(int version) {
            return ("kvit/card/1/key/" + card + "/" + customer + "/" + version).getBytes(UTF_8);
        }
    }

    /** What is kept of a number and the name on the card; nobody changes the bytes. */
    static final class Sealed {

        private final byte[] content;
        private final byte[] wrappedKey;
        private final int keyVersion;

        Sealed(byte[] content, byte[] wrappedKey, int keyVersion) {
            this.content = content;
            this.wrappedKey = wrappedKey;
            this.keyVersion = keyVersion;
        }

        byte[] content() {
            return content;
        }

        byte[] wrappedKey() {
            return wrappedKey;
        }

        /** Of the key that wraps the data key. */
        int keyVersion() {
            return keyVersion;
        }
    }

    /** What was sealed. */
    record Opened(CardNumber number, String holder) {

        @Override
        public String toString() {
            return number.toString();
        }
    }

    private final CardKeys keys;

    Vault(CardKeys keys) {
        this.keys = keys;
    }

    Sealed seal(Owner owner, CardNumber number, String holder) {
        try {
            var dataKey =
                    KeysetHandle.generateNew(
                            PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
            var content = (number.digits() + "\n" + holder).getBytes(UTF_8);
            return wrapped(owner, aead(dataKey).encrypt(content, owner.ofNumber()), dataKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("card " + owner.card() + " cannot be sealed", e);
        }
    }

    /**
     * @throws IllegalStateException when it was changed, belongs to another card or customer, or
     *     its key is not configured
     */
    Opened open(Owner owner, Sealed sealed) {
        try {
            var content = aead(dataKey(owner, sealed)).decrypt(sealed.content(), owner.ofNumber());
            var parts = new String(content, UTF_8).split("\n", 2);
            return new Opened(CardNumber.parse(parts[0]).orElseThrow(), parts[1]);
        } catch (GeneralSecurityException e) {
            throw doesNotOpen(owner, e);
        }
    }

    /** The same number under the same data key, which the current key wraps now. */
    Sealed rewrap(Owner owner, Sealed sealed) {
        try {
            return wrapped(owner, sealed.content(), dataKey(owner, sealed));
        } catch (GeneralSecurityException e) {
            throw doesNotOpen(owner, e);
        }
    }

    /** The version of the key that wraps from now on. */
    int keyVersion() {
        return keys.current();
    }

    /**
     * 32 bytes by which the same number is recognised. Under a key, because all numbers that there
     * are can be tried: a plain hash of one is the number.
     */
    byte[] fingerprint(CardNumber number) {
        return Secrets.hmac(keys.fingerprint()).doFinal(number.digits().getBytes(UTF_8));
    }

    private Sealed wrapped(Owner owner, byte[] content, KeysetHandle dataKey)
            throws GeneralSecurityException {
        var version = keys.current();
        return new Sealed(
                content,
                TinkProtoKeysetFormat.serializeEncryptedKeyset(
                        dataKey,
                        keys.wrapping(version),
                        owner.ofKey(version),
                        AeadConfig2026.get()),
                version);
    }

    private KeysetHandle dataKey(Owner owner, Sealed sealed) throws GeneralSecurityException {
        return TinkProtoKeysetFormat.parseEncryptedKeyset(
                sealed.wrappedKey(),
                keys.wrapping(sealed.keyVersion()),
                owner.ofKey(sealed.keyVersion()),
                AeadConfig2026.get());
    }

    private static Aead aead(KeysetHandle dataKey) throws GeneralSecurityException {
        return dataKey.getPrimitive(AeadConfig2026.get(), Aead.class);
    }

    private static IllegalStateException doesNotOpen(Owner owner, GeneralSecurityException e) {
        return new IllegalStateException("card " + owner.card() + " does not open", e);
    }
}
