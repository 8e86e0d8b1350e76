package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RoundTest {

    private static final UUID ENDPOINT = UUID.randomUUID();

    private final UUID anna = UUID.randomUUID();
    private final UUID ben = UUID.randomUUID();
    private final List<Delivery> sent = new ArrayList<>();

    @Test
    void oneCustomersAreSentInTheirOrder() throws Exception {
        var due = due(anna, 1, 2, 3, 4, 5);

        var results = round(it -> answer(200), 8, 0).send(due);

        assertThat(sent).containsExactlyElementsOf(due);
        assertThat(results).extracting(Round.Result::delivery).containsExactlyElementsOf(due);
    }

    @Test
    void nothingGoesPastOneThatHasFailedButOthersGoOn() throws Exception {
        var due = due(anna, 1, 2, 3);
        due.addAll(due(ben, 4, 5));

        round(it -> answer(it.number() == 2 ? 500 : 200), 8, 0).send(due);

        assertThat(sent).extracting(Delivery::number).containsExactlyInAnyOrder(1L, 2L, 4L, 5L);
    }

    @Test
    void soManyAreUnderWayAndNoMoreAndOneOfEachCustomer() throws Exception {
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        var due = new ArrayList<Delivery>();
        for (var i = 0; i < 40; i++) {
            due.addAll(due(UUID.randomUUID(), 2 * i, 2 * i + 1));
        }

        var results =
                round(
                                it -> {
                                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                                    return CompletableFuture.supplyAsync(
                                            () -> {
                                                underWay.decrementAndGet();
                                                return delivered();
                                            },
                                            CompletableFuture.delayedExecutor(
                                                    2, TimeUnit.MILLISECONDS));
                                },
                                8,
                                0)
                        .send(due);

        assertThat(results).hasSize(80);
        assertThat(most).hasValue(8);
    }

    @Test
    void anEndpointThatFailsIsLeftAloneAfterFive() throws Exception {
        var due = new ArrayList<Delivery>();
        for (var i = 0; i < 40; i++) {
            due.addAll(due(UUID.randomUUID(), i));
        }

        assertThat(round(it -> answer(500), 1, 0).send(due)).hasSize(5);
    }

    @Test
    void oneThatWasDownIsAskedOnceAndIfItIsBackAllGoOn() throws Exception {
        var due = new ArrayList<Delivery>();
        for (var i = 0; i < 20; i++) {
            due.addAll(due(UUID.randomUUID(), i));
        }

        assertThat(round(it -> answer(500), 8, 7).send(due)).hasSize(1);
        assertThat(round(it -> answer(200), 8, 7).send(due)).hasSize(20);
    }

    @Test
    void oneThatCannotCopeOrIsGoneIsLeftAloneAtOnce() throws Exception {
        for (var status : List.of(410, 429, 502, 503, 504)) {
            assertThat(round(it -> answer(status), 1, 0).send(due(anna, 1, 2))).hasSize(1);
            var due = due(anna, 1);
            due.addAll(due(ben, 2));
            assertThat(round(it -> answer(status), 1, 0).send(due)).as("%d", status).hasSize(1);
        }
    }

    @Test
    void noCallIsBegunAnyMoreWhenTheTimeIsOver() throws Exception {
        var calls = new AtomicInteger();

        var results =
                new Round(it -> answer(200), 8, 0, () -> calls.incrementAndGet() <= 3)
                        .send(due(anna, 1, 2, 3, 4, 5));

        assertThat(results).hasSize(3);
    }

    private Round round(
            Function<Delivery, CompletableFuture<Answer>> post, int callsAtOnce, int failures) {
        return new Round(
                it -> {
                    sent.add(it);
                    return post.apply(it);
                },
                callsAtOnce,
                failures,
                () -> true);
    }

    private static CompletableFuture<Answer> answer(int status) {
        return CompletableFuture.completedFuture(
                Answer.of(status, Duration.ZERO, Duration.ofMillis(1)));
    }

    private static Answer delivered() {
        return Answer.of(200, Duration.ZERO, Duration.ofMillis(1));
    }

    private static List<Delivery> due(UUID customer, long... numbers) {
        var due = new ArrayList<Delivery>();
        for (var number : numbers) {
            due.add(
                    new Delivery(
                            customer,
                            ENDPOINT,
                            number,
                            UUID.randomUUID(),
                            "transfer.completed",
                            "{}",
                            DeliveryState.PENDING,
                            0,
                            null,
                            null,
                            null,
                            Instant.EPOCH));
        }
        return due;
    }
}
