package kvit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import kvit.support.KvitTest;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams by HTTP, of the running service. */
@KvitTest
class StreamTest {

    @Inject StreamHub hub;

    TestPerson anna;
    TestPerson ben;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(1_000_00, "USD");
        ben = TestPerson.fresh();
    }

    @Test
    void whoeverListensHearsOfMoneyAsItArrives() throws Exception {
        try (var listening = Listening.to(ben.accessToken(), "", null)) {
            assertThat(listening.status()).isEqualTo(200);
            assertThat(listening.header("Content-Type")).startsWith("text/event-stream");
            assertThat(listening.header("Cache-Control")).isEqualTo("no-store");
            assertThat(listening.header("X-Accel-Buffering")).isEqualTo("no");
            await().until(() -> listening.lines().size() >= 3);
            assertThat(listening.lines().get(0)).isEqualTo(":");
            assertThat(listening.lines().get(1)).matches("id:[0-9]+");
            assertThat(listening.lines().get(2)).isEmpty();

            anna.post(
                            "/v1/transfers",
                            "k",
                            Map.of(
                                    "payee",
                                    Map.of("customerId", ben.id()),
                                    "amount",
                                    TestPerson.money(12_50, "USD"),
                                    "conversation",
                                    "chat 🍜\nё"))
                    .statusCode(201);

            await().until(() -> listening.data().size() == 1);
            assertThat(listening.data().get(0))
                    .contains("\"type\":\"transfer.completed\",\"at\":\"20")
                    .contains("\"data\":{\"transferId\":\"", "\"direction\":\"received\"")
                    .contains("\"counterpartyId\":\"" + anna.id(), "chat 🍜\\nё");
            assertThat(listening.lines()).noneMatch(it -> it.startsWith("event:"));
        }
        await().until(() -> hub.streams().open() == 0);
    }

    @Test
    void whoeverComesBackGoesOnWhereTheyWere() throws Exception {
        String last;
        try (var listening = Listening.to(ben.accessToken(), "", null)) {
            send(1);
            await().until(() -> listening.data().size() == 1);
            last = listening.lastId();
        }
        IntStream.rangeClosed(2, 5).forEach(this::send);

        try (var header = Listening.to(ben.accessToken(), "?lastEventId=0", last);
                var query = Listening.to(ben.accessToken(), "?lastEventId=" + last, null)) {
            send(6);
            for (var listening : new Listening[] {header, query}) {
                await().until(() -> listening.data().size() == 5);
                for (var i = 0; i < 5; i++) {
                    assertThat(listening.data().get(i)).contains("\"minor\":" + (i + 2) + ",");
                }
            }
        }
    }

    @Test
    void anIdThatIsNotKnownResetsAndOneThatIsNoneIsRefused() throws Exception {
        try (var listening = Listening.to(ben.accessToken(), "", "999999999999")) {
            await().until(() -> listening.lines().contains("event:reset"));
        }
        ben.request().header("Last-Event-ID", "yesterday").get("/v1/events").then().statusCode(400);
        ben.request()
                .queryParam("lastEventId", "-1")
                .get("/v1/events")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void aStreamEndsWithItsSessionAndWithItsToken() throws Exception {
        var other = TestPerson.signIn(ben.phone());
        try (var ended = Listening.to(other.accessToken(), "", null);
                var living = Listening.to(ben.accessToken(), "", null)) {
            await().until(() -> !ended.lines().isEmpty() && !living.lines().isEmpty());

            other.request().delete("/v1/sessions/current").then().statusCode(204);

            await().atMost(Duration.ofSeconds(2)).until(ended::isOver);
            assertThat(ended.lines()).contains("event:end", "data:{\"reason\":\"session_ended\"}");
            assertThat(living.isOver()).isFalse();

            TestClock.advance(Duration.ofMinutes(10));
            await().atMost(Duration.ofSeconds(2)).until(living::isOver);
            assertThat(living.lines()).contains("data:{\"reason\":\"token_expired\"}");
        }
    }

    private void send(int minor) {
        anna.send(ben, minor, "USD", UUID.randomUUID().toString()).statusCode(201);
    }
}
