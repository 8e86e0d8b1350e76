package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import kvit.source.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * As receivers that are written in JavaScript check it, by the library of Standard Webhooks for
 * them; which is fetched from npm's registry, so it is asked for: {@code -Dkvit.npm=true}.
 */
@EnabledIfSystemProperty(named = "kvit.npm", matches = "true")
class NpmVerifiesTest {

    private static final Path FOLDER = Path.of("target", "npm").toAbsolutePath();
    private static final String LIBRARY = "standardwebhooks@1.1.1";
    private static final long MINUTES = 3;

    private static final UUID ENDPOINT = UUID.randomUUID();
    private static final String ID = UUID.randomUUID().toString();

    private static final String BODY =
            "{\"type\":\"transfer.completed\",\"data\":{\"conversation\":\"chat 🍜 ё\"}}";

    /** A message as it comes, and what its receiver has as the secret. */
    private record Came(String what, String secret, Map<String, String> headers, String body) {}

    private final EndpointSecrets secrets =
            new EndpointSecrets(
                    purpose -> new SecretKeySpec(Sha256.of(purpose), "HmacSHA256"),
                    new SecureRandom());
    private final byte[] salt = secrets.newSalt();
    private final byte[] previous = secrets.newSalt();
    private final long now = Instant.now().getEpochSecond();

    @Test
    void whatIsSignedIsGenuineAndNothingElseIs() throws Exception {
        Files.createDirectories(FOLDER);
        var messages =
                List.of(
                        signed("genuine", salt, List.of(salt), now, BODY),
                        signed("the one before", previous, List.of(salt, previous), now, BODY),
                        signed("the one after", salt, List.of(salt, previous), now, BODY),
                        changed("another body", BODY.replace("completed", "declined"), now),
                        changed("another time", BODY, now + 1),
                        signed("another secret", previous, List.of(salt), now, BODY),
                        signed("stale", salt, List.of(salt), now - 301, BODY));
        Files.writeString(
                FOLDER.resolve("messages.json"), new ObjectMapper().writeValueAsString(messages));
        run("npm", "install", "--no-audit", "--no-fund", "--prefix", FOLDER.toString(), LIBRARY);

        var script = Path.of("src", "test", "resources", "kvit", "webhook", "verify.cjs");
        assertThat(run("node", script.toAbsolutePath().toString(), FOLDER.toString()).lines())
                .containsExactly(
                        "genuine: true",
                        "the one before: true",
                        "the one after: true",
                        "another body: false",
                        "another time: false",
                        "another secret: false",
                        "stale: false");
    }

    private Came signed(String what, byte[] has, List<byte[]> signing, long seconds, String body) {
        return new Came(
                what,
                secrets.secret(ENDPOINT, has),
                Map.of(
                        "webhook-id",
                        ID,
                        "webhook-timestamp",
                        Long.toString(seconds),
                        "webhook-signature",
                        secrets.sign(ENDPOINT, signing, ID, seconds, body)),
                body);
    }

    /** Signed as it was, and something is another one when it comes. */
    private Came changed(String what, String body, long seconds) {
        var genuine = signed(what, salt, List.of(salt), now, BODY);
        return new Came(
                what,
                genuine.secret(),
                Map.of(
                        "webhook-id",
                        ID,
                        "webhook-timestamp",
                        Long.toString(seconds),
                        "webhook-signature",
                        genuine.headers().get("webhook-signature")),
                body);
    }

    private static String run(String... command) throws Exception {
        var output = Files.createTempFile(FOLDER, "run", ".log");
        var process =
                new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        var hasEnded = process.waitFor(MINUTES, TimeUnit.MINUTES);
        if (!hasEnded) {
            process.destroyForcibly();
        }
        var said = Files.readString(output);
        assertThat(hasEnded).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
