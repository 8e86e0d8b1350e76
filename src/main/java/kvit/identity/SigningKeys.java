package kvit.identity;

import io.quarkus.runtime.Startup;
import io.smallrye.jwt.util.KeyUtils;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** The key that signs access tokens, and the public keys that they may be checked with. */
@Startup
@ApplicationScoped
class SigningKeys {

    private static final int BITS_MIN = 2048;

    private final PrivateKey signing;
    private final String keyId;
    private final JsonWebKeySet published;

    SigningKeys(IdentityConfig config) {
        var key = read(config.signingKey());
        var keys = new ArrayList<PublicJsonWebKey>();
        keys.add(published(publicKeyOf(key, config.signingKey())));
        config.retiredKeys().orElse(List.of()).forEach(it -> keys.add(published(readPublic(it))));
        this.signing = key;
        this.keyId = keys.get(0).getKeyId();
        this.published = new JsonWebKeySet(keys);
    }

    PrivateKey signing() {
        return signing;
    }

    /** The key's thumbprint (RFC 7638): the same key has the same id on every replica. */
    String keyId() {
        return keyId;
    }

    JsonWebKeySet published() {
        return published;
    }

    /** As served at /.well-known/jwks.json; never with a private part. */
    String json() {
        return published.toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private static PublicJsonWebKey published(PublicKey key) {
        try {
            var published = PublicJsonWebKey.Factory.newPublicJwk(key);
            published.setAlgorithm(AccessTokens.ALGORITHM);
            published.setUse("sig");
            published.setKeyId(published.calculateBase64urlEncodedThumbprint("SHA-256"));
            return published;
        } catch (JoseException e) {
            throw new IllegalStateException("not a key to sign with", e);
        }
    }

    private static PrivateKey read(Path file) {
        try {
            return KeyUtils.decodePrivateKey(Files.readString(file));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "kvit.identity.signing-key: no PKCS#8 PEM of an RSA key in " + file, e);
        }
    }

    private static PublicKey readPublic(Path file) {
        try {
            return KeyUtils.decodePublicKey(Files.readString(file));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("kvit.identity.retired-keys: no PEM in " + file, e);
        }
    }

    private static PublicKey publicKeyOf(PrivateKey key, Path file) {
        if (!(key instanceof RSAPrivateCrtKey rsa) || rsa.getModulus().bitLength() < BITS_MIN) {
            throw new IllegalStateException(
                    "kvit.identity.signing-key: RSA of "
                            + BITS_MIN
                            + " bits or more, please: "
                            + file);
        }
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }
}
