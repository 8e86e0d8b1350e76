package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import kvit.source.Sha256;
import org.junit.jupiter.api.Test;

/** As receivers check it, by the library of Standard Webhooks (S-11). */
class EndpointSecretsTest {

    private static final UUID ENDPOINT = UUID.fromString("0199b0a6-0000-7000-8000-000000000001");
    private static final String ID = "0199b0a6-0000-7000-8000-000000000002";
    private static final String BODY = "{\"type\":\"transfer.completed\",\"data\":{\"é\":\"😀\"}}";

    private final EndpointSecrets secrets =
            new EndpointSecrets(
                    purpose -> new SecretKeySpec(Sha256.of(purpose), "HmacSHA256"),
                    new SecureRandom());
    private final byte[] salt = secrets.newSalt();
    private final long now = Instant.now().getEpochSecond();

    @Test
    void whatIsSignedIsFoundGenuine() {
        assertThatCode(() -> verify(secret(salt), ID, now, BODY, signed(List.of(salt))))
                .doesNotThrowAnyException();
    }

    @Test
    void aSecretIsOfThirtyTwoBytesAndOfOneEndpoint() {
        var secret = secret(salt);

        assertThat(secret).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.substring("whsec_".length()))).hasSize(32);
        assertThat(secret(salt)).isEqualTo(secret);
        assertThat(secret(secrets.newSalt())).isNotEqualTo(secret);
        assertThat(secrets.secret(UUID.randomUUID(), salt)).isNotEqualTo(secret);
        assertThat(secret).doesNotContain(Base64.getEncoder().encodeToString(salt));
    }

    @Test
    void anyOtherContentIdTimeOrSecretIsRefused() {
        var signed = signed(List.of(salt));

        assertRefused(secret(salt), ID, now, BODY + " ", signed);
        assertRefused(secret(salt), ID + "x", now, BODY, signed);
        assertRefused(secret(salt), ID, now + 1, BODY, signed);
        assertRefused(secret(secrets.newSalt()), ID, now, BODY, signed);
        assertRefused(secret(salt), ID, now, BODY, signed.replace("v1,", "v2,"));
    }

    @Test
    void whatIsOldIsRefused() {
        var old = now - 301;
        var signed = secrets.sign(ENDPOINT, List.of(salt), ID, old, BODY);

        assertRefused(secret(salt), ID, old, BODY, signed);
    }

    @Test
    void bothSecretsHoldWhileOneReplacesTheOther() throws Exception {
        var previous = secrets.newSalt();
        var signed = signed(List.of(salt, previous));

        assertThat(signed.split(" ")).hasSize(2).allMatch(it -> it.startsWith("v1,"));
        verify(secret(salt), ID, now, BODY, signed);
        verify(secret(previous), ID, now, BODY, signed);
    }

    private String secret(byte[] of) {
        return secrets.secret(ENDPOINT, of);
    }

    private String signed(List<byte[]> salts) {
        return secrets.sign(ENDPOINT, salts, ID, now, BODY);
    }

    private static void assertRefused(
            String secret, String id, long seconds, String body, String signature) {
        assertThatExceptionOfType(WebhookVerificationException.class)
                .isThrownBy(() -> verify(secret, id, seconds, body, signature));
    }

    private static void verify(
            String secret, String id, long seconds, String body, String signature)
            throws Exception {
        new Webhook(secret)
                .verify(
                        body,
                        Map.of(
                                "webhook-id",
                                List.of(id),
                                "webhook-timestamp",
                                List.of(Long.toString(seconds)),
                                "webhook-signature",
                                List.of(signature)));
    }
}
