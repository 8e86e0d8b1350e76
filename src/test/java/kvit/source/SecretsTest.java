package kvit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SecretsTest {

    private final Secrets secrets = secrets("a secret of at least 32 bytes, is it not?");

    @Test
    void aPurposeHasAlwaysTheSameKey() {
        var same = secrets("a secret of at least 32 bytes, is it not?");

        assertThat(secrets.keyFor("cursor")).isEqualTo(same.keyFor("cursor"));
    }

    @Test
    void everyPurposeHasAKeyOfItsOwn() {
        assertThat(secrets.keyFor("cursor").getEncoded())
                .hasSize(32)
                .isNotEqualTo(secrets.keyFor("sign-in-code").getEncoded());
    }

    @Test
    void anotherSecretHasOtherKeys() {
        assertThat(secrets("another secret of 32 bytes or more, yes").keyFor("cursor"))
                .isNotEqualTo(secrets.keyFor("cursor"));
    }

    /** What is stored under a key has to be readable by every later version. */
    @Test
    void theKeysOfTodayAreThoseOfTomorrow() {
        assertThat(HexFormat.of().formatHex(secrets.keyFor("cursor").getEncoded()))
                .isEqualTo("71d8207712433e94a0495afc1be2d52014bafd46e6ec9af39eb938eea4d9e687");
    }

    @Test
    void blanksAroundTheSecretDoNotCount() {
        var base64 = Base64.getEncoder().encodeToString("secret".getBytes(StandardCharsets.UTF_8));

        assertThat(new Secrets(" " + base64 + "\n").keyFor("x"))
                .isEqualTo(new Secrets(base64).keyFor("x"));
    }

    private static Secrets secrets(String secret) {
        return new Secrets(
                Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
