package kvit.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Hands stored events to their subscribers, at least once each, in no promised order.
 *
 * <p>A worker claims a few events with a lease, delivers them outside of any transaction and notes
 * the outcome. When it dies on the way the lease ends and somebody else does it again.
 */
@ApplicationScoped
class Relay {

    private static final Logger LOG = Logger.getLogger(Relay.class);

    /**
     * Small, because a claimed event waits for the ones before it, and must not outwait the lease.
     */
    private static final int CLAIM_MAX = 4;

    /** Finds what a nudge missed: events of other replicas, retries that came due. */
    private static final Duration POLL = Duration.ofSeconds(1);

    private static final Duration RETRY_MAX = Duration.ofHours(1);

    private final OutboxStore store;
    private final OutboxConfig config;
    private final Clock clock;
    private final ObjectMapper json;
    private final MeterRegistry metrics;
    private final Map<String, Subscriber<?>> subscribers = new HashMap<>();
    private final Semaphore nudges = new Semaphore(0);
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean running;

    Relay(
            OutboxStore store,
            OutboxConfig config,
            Clock clock,
            ObjectMapper json,
            MeterRegistry metrics,
            @All List<Subscriber<?>> all) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.json = json;
        this.metrics = metrics;
        for (var subscriber : all) {
            subscribers.put(subscriber.kind().getSimpleName(), subscriber);
        }
    }

    boolean delivers(String topic) {
        return subscribers.containsKey(topic);
    }

    /** Something may be due. */
    void nudge() {
        if (nudges.availablePermits() < config.workers()) {
            nudges.release();
        }
    }

    void start(@Observes StartupEvent event) {
        running = true;
        for (var number = 0; number < config.workers(); number++) {
            var worker = new Thread(this::work, "outbox-" + number);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
    }

    /** What is being delivered is finished; the rest waits for the next start. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        running = false;
        nudges.release(workers.size());
        for (var worker : workers) {
            worker.join(config.lease().toMillis());
        }
    }

    private void work() {
        while (running) {
            try {
                if (!deliverDue() && running) {
                    nudges.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // The database is away: the events are safe in it, and the next round may find it.
                LOG.warnf("outbox: %s", e.getMessage());
                if (!waitForNextRound()) {
                    return;
                }
            }
        }
    }

    private boolean waitForNextRound() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean deliverDue() {
        var now = clock.instant();
        var claimed = store.claim(subscribers.keySet(), now, now.plus(config.lease()), CLAIM_MAX);
        if (claimed.size() == CLAIM_MAX) {
            nudge();
        }
        for (var row : claimed) {
            deliver(row);
        }
        return !claimed.isEmpty();
    }

    private void deliver(OutboxStore.Row row) {
        try {
            hand(row, Objects.requireNonNull(subscribers.get(row.topic()), "claimed by topic"));
            store.delivered(row, clock.instant());
            count(row, "delivered");
        } catch (DeliveryFailed e) {
            failed(row, e);
        } catch (JsonProcessingException e) {
            failed(row, DeliveryFailed.forGood("the payload is not of its kind"));
        } catch (RuntimeException | Error e) {
            // An error too: one bad event must not end the thread that delivers all the others.
            LOG.errorf(e, "outbox: %s %s failed", row.topic(), row.id());
            failed(row, DeliveryFailed.forNow(e.getClass().getSimpleName(), Optional.empty()));
        }
    }

    private <E extends Event> void hand(OutboxStore.Row row, Subscriber<E> subscriber)
            throws DeliveryFailed, JsonProcessingException {
        subscriber.deliver(json.readValue(row.payload(), subscriber.kind()));
    }

    private void failed(OutboxStore.Row row, DeliveryFailed failure) {
        var error = String.valueOf(failure.getMessage());
        if (!failure.worthRetrying() || row.attempts() >= config.attemptsMax()) {
            LOG.errorf("outbox: %s %s is dead: %s", row.topic(), row.id(), error);
            store.gaveUp(row, clock.instant(), error);
            count(row, "dead");
            return;
        }
        var wait = backoff(row.attempts());
        var notBefore = failure.notBefore().orElse(Duration.ZERO);
        store.failed(
                row, clock.instant().plus(wait.compareTo(notBefore) > 0 ? wait : notBefore), error);
        count(row, "failed");
    }

    private Duration backoff(int attempts) {
        var wait = config.firstRetry().multipliedBy(1L << Math.min(attempts - 1, 20));
        return wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX;
    }

    private void count(OutboxStore.Row row, String outcome) {
        metrics.counter("kvit.outbox.deliveries", "topic", row.topic(), "outcome", outcome)
                .increment();
    }

    @Scheduled(
            every = "1h",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void purge() {
        var limit = 1_000;
        while (store.purge(clock.instant().minus(config.retention()), limit) == limit) {
            LOG.debug("outbox: purged a portion");
        }
    }
}
