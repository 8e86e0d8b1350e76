package kvit.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxKeysTest {
    @TempDir private Path parent;

    @Test
    void keysAreCreatedOnceAndKept() {
        Map<String, String> first = SandboxKeys.ensure(parent.resolve("kvit"));
        assertThat(SandboxKeys.ensure(parent.resolve("kvit"))).isEqualTo(first);
        assertThat(SandboxKeys.ensure(parent.resolve("other"))).isNotEqualTo(first);
    }

    @Test
    void theSecretHas32Bytes() {
        assertThat(Base64.getDecoder().decode(SandboxKeys.ensure(parent).get("kvit.secret")))
                .hasSize(32);
    }

    @Test
    void thePepperOfPinsHas32BytesAndIsNotTheSecret() {
        Map<String, String> keys = SandboxKeys.ensure(parent);
        assertThat(Base64.getDecoder().decode(keys.get("kvit.identity.pin-pepper"))).hasSize(32);
        assertThat(keys.get("kvit.identity.pin-pepper")).isNotEqualTo(keys.get("kvit.secret"));
    }

    @Test
    void theSigningKeyIsAnRsaKeyInPkcs8() throws Exception {
        String pem = Files.readString(Path.of(signingKey()));
        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n");
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        assertThat(((RSAPrivateKey) key).getModulus().bitLength()).isEqualTo(2048);
    }

    @Test
    void theKeyOfTheBooksIsAnEd25519KeyInPkcs8() throws Exception {
        String pem =
                Files.readString(Path.of(SandboxKeys.ensure(parent).get("kvit.books.signing-key")));
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var key =
                KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        assertThat(key.getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void nobodyElseMayReadThem() throws IOException {
        assertThat(Files.getPosixFilePermissions(Path.of(signingKey())))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    private String signingKey() {
        return SandboxKeys.ensure(parent).get("kvit.identity.signing-key");
    }
}
