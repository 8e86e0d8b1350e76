package kvit.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Sends some of what is due at one endpoint: so many calls at once, each lane's messages one after
 * the other and none behind one that has failed. It ends soon, so that what has become of them is
 * written down soon; an endpoint that shows to be in trouble ends it at once. What was not sent
 * then is as it was.
 */
final class Round {

    /** What came back for one of them. */
    record Result(Delivery delivery, Answer answer) {}

    private record Arrival(Deque<Delivery> lane, Result result) {}

    private final Function<Delivery, CompletableFuture<Answer>> post;
    private final int callsAtOnce;
    private final BooleanSupplier goesOn;
    private final Deque<Deque<Delivery>> lanes = new ArrayDeque<>();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final List<Result> results = new ArrayList<>();
    private int underWay;
    private int failures;
    private boolean isInTrouble;

    /**
     * @param failures of the endpoint in a row, until now
     * @param goesOn asked before each call
     */
    Round(
            Function<Delivery, CompletableFuture<Answer>> post,
            int callsAtOnce,
            int failures,
            BooleanSupplier goesOn) {
        this.post = post;
        this.callsAtOnce = callsAtOnce;
        this.failures = failures;
        this.goesOn = goesOn;
    }

    /**
     * What came back, in the order in which it did.
     *
     * @param due in the order of each customer's
     */
    List<Result> send(List<Delivery> due) throws InterruptedException {
        Map<UUID, Deque<Delivery>> byCustomer = new HashMap<>();
        for (var delivery : due) {
            byCustomer
                    .computeIfAbsent(
                            delivery.customer(),
                            it -> {
                                var lane = new ArrayDeque<Delivery>();
                                lanes.add(lane);
                                return lane;
                            })
                    .add(delivery);
        }
        begin();
        while (underWay > 0) {
            var arrival = arrivals.take();
            underWay--;
            arrived(arrival);
            begin();
        }
        return results;
    }

    private void arrived(Arrival arrival) {
        var answer = arrival.result().answer();
        results.add(arrival.result());
        if (answer.isDelivered()) {
            failures = 0;
            if (!arrival.lane().isEmpty()) {
                lanes.addFirst(arrival.lane());
            }
        } else {
            failures++;
            isInTrouble |= answer.isGone() || answer.slowsDown() || failures >= Retries.FAILING;
        }
    }

    /** One at a time as long as it is not known whether it is back. */
    // What is posted always has an answer, if only that there was none.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void begin() {
        var atOnce = failures >= Retries.FAILING ? 1 : callsAtOnce;
        while (underWay < atOnce && !lanes.isEmpty() && !isInTrouble && goesOn.getAsBoolean()) {
            var lane = lanes.remove();
            var delivery = lane.remove();
            underWay++;
            post.apply(delivery)
                    .thenAccept(it -> arrivals.add(new Arrival(lane, new Result(delivery, it))));
        }
    }
}
