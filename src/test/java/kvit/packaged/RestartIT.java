package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import kvit.packaged.Client.Person;
import kvit.support.Phones;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is all that a sandbox needs to go on where it was, however it ended. */
class RestartIT {

    private static final String KEY = "before the end";
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

    @TempDir Path folder;
    Service service;
    Client client;
    Person anna;
    Person boris;
    String answer;

    @BeforeEach
    void oneTransfer() throws Exception {
        service = Service.in(folder).quick();
        service.start();
        client = new Client(service);
        anna = client.signIn(Phones.next());
        boris = client.signIn(Phones.next());
        client.fund(anna, 10_00);
        answer = client.send(anna, boris, 4_00, KEY).body();
        assertThat(Client.json(answer).path("state").textValue()).isEqualTo("completed");
    }

    @AfterEach
    void end() {
        service.close();
    }

    @Test
    void nothingIsForgottenByBeingStoppedOrKilled() throws Exception {
        service.kill();
        service.start();
        assertThatNothingIsForgotten();

        service.terminate();
        service.awaitEnd(ENDS_WITHIN);
        service.start();
        assertThatNothingIsForgotten();
    }

    private void assertThatNothingIsForgotten() throws Exception {
        // The tokens are those of the first start, so the keys are, too.
        assertThat(client.balance(anna)).isEqualTo(6_00);
        assertThat(client.balance(boris)).isEqualTo(4_00);

        var replay = client.send(anna, boris, 4_00, KEY);
        assertThat(replay.statusCode()).isEqualTo(201);
        assertThat(replay.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(replay.body()).isEqualTo(answer);
        assertThat(client.balance(anna)).isEqualTo(6_00);

        var refreshed = client.refresh(boris);
        assertThat(client.balance(refreshed)).isEqualTo(4_00);
        boris = refreshed;
    }
}
