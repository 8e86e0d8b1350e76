package kvit.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import kvit.identity.ClientApps;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Sends what is due at one endpoint, in rounds: takes lanes in one transaction, calls while none is
 * open, and writes down in another one what has become of it. Whoever dies in between has sent
 * something of which nobody knows, and it is sent again.
 */
@ApplicationScoped
class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);

    /** Of one round. Many, so that its two transactions are for many messages. */
    private static final int LANES = 64;

    /** So much of one customer's, before it is another one's turn. */
    private static final int OF_EACH_LANE = 16;

    /** After this no call of a round is begun, so that its results do not wait for long. */
    private static final Duration ROUND_MAX = Duration.ofSeconds(2);

    private static final int HASTENED_AT_ONCE = 1_000;

    /** What a round has to send, and how. */
    private record Work(Endpoint endpoint, Map<UUID, LaneStore.Held> lanes, List<Delivery> due) {}

    private final EndpointStore endpoints;
    private final LaneStore lanes;
    private final DeliveryStore deliveries;
    private final Send send;
    private final ClientApps clients;
    private final AuditTrail audit;
    private final WebhookConfig config;
    private final SecureRandom random;
    private final Clock clock;
    private final MeterRegistry metrics;

    Drain(
            EndpointStore endpoints,
            LaneStore lanes,
            DeliveryStore deliveries,
            Send send,
            ClientApps clients,
            AuditTrail audit,
            WebhookConfig config,
            SecureRandom random,
            Clock clock,
            MeterRegistry metrics) {
        this.endpoints = endpoints;
        this.lanes = lanes;
        this.deliveries = deliveries;
        this.send = send;
        this.clients = clients;
        this.audit = audit;
        this.config = config;
        this.random = random;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Before the first round: whoever held lanes of it is dead, or soon finds that they are late.
     */
    void begin(UUID endpoint) {
        inTransaction(
                () -> {
                    endpoints.lock(endpoint);
                    lanes.release(endpoint);
                    return true;
                });
    }

    /**
     * Sends some.
     *
     * @param goesOn asked before each call
     * @return whether there may be more
     */
    boolean round(UUID endpoint, BooleanSupplier goesOn) throws InterruptedException {
        var taken = inTransaction(() -> take(endpoint));
        if (taken.isEmpty()) {
            return false;
        }
        var work = taken.get();
        var began = System.nanoTime();
        var results =
                new Round(
                                post(work.endpoint()),
                                config.callsAtOnce(),
                                work.endpoint().failures(),
                                () ->
                                        goesOn.getAsBoolean()
                                                && System.nanoTime() - began < ROUND_MAX.toNanos())
                        .send(work.due());
        var isBack = inTransaction(() -> settle(work, results));
        if (isBack) {
            hasten(endpoint);
        }
        return true;
    }

    private Optional<Work> take(UUID id) {
        var now = clock.instant();
        var endpoint = endpoints.lock(id).orElseThrow();
        if (!endpoint.isActive()
                || endpoint.isQuiet(now)
                || clients.active(List.of(endpoint.client())).isEmpty()) {
            return Optional.empty();
        }
        // One that is down is asked with one message whether it is back.
        var isDown = endpoint.failures() >= Retries.FAILING;
        var held = new HashMap<UUID, LaneStore.Held>();
        lanes.hold(id, now, isDown ? 1 : LANES).forEach(it -> held.put(it.customer(), it));
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Work(
                                endpoint,
                                held,
                                deliveries.next(id, held.keySet(), isDown ? 1 : OF_EACH_LANE)));
    }

    /** The name is looked up once for all calls of a round. */
    private Function<Delivery, CompletableFuture<Answer>> post(Endpoint endpoint) {
        try {
            var target = send.target(endpoint);
            var addresses = send.addresses(target);
            return it -> send.post(endpoint, target, pick(addresses, it), it.id(), it.body());
        } catch (Addresses.NoAddress | Problem e) {
            var answer = Answer.none(String.valueOf(e.getMessage()), Duration.ZERO);
            return it -> CompletableFuture.completedFuture(answer);
        }
    }

    /** Another one at the next attempt. */
    private static InetAddress pick(List<InetAddress> addresses, Delivery delivery) {
        return addresses.get(delivery.attempts() % addresses.size());
    }

    /** Whether the endpoint was down, and is back. */
    private boolean settle(Work work, List<Round.Result> results) {
        var now = clock.instant();
        var id = work.endpoint().id();
        var endpoint = endpoints.lock(id).orElseThrow();
        var tried = new HashMap<UUID, List<Delivery>>();
        var retries = new HashMap<UUID, Instant>();
        for (var result : results) {
            var delivery = tried(result, now, retries);
            tried.computeIfAbsent(delivery.customer(), it -> new ArrayList<>()).add(delivery);
        }
        var ours = new HashSet<>(lanes.settle(id, laneResults(work, tried, retries), now));
        var written =
                tried.values().stream()
                        .flatMap(List::stream)
                        .filter(it -> ours.contains(it.customer()))
                        .toList();
        if (!written.isEmpty()) {
            deliveries.update(written);
        }
        var counted =
                results.stream().filter(it -> ours.contains(it.delivery().customer())).toList();
        var failed = counted.stream().filter(it -> !it.answer().isDelivered()).toList();
        if (!failed.isEmpty()) {
            deliveries.insertAttempts(id, attempts(failed, now));
        }
        count(written);
        return judge(endpoint, counted, now);
    }

    private Delivery tried(Round.Result result, Instant now, Map<UUID, Instant> retries) {
        var delivery = result.delivery();
        var answer = result.answer();
        var attempts = delivery.attempts() + 1;
        var state = DeliveryState.DELIVERED;
        if (!answer.isDelivered()) {
            var wait = Retries.after(attempts, answer.asked(), random.nextDouble());
            state = wait.isEmpty() ? DeliveryState.DEAD : DeliveryState.PENDING;
            wait.ifPresent(it -> retries.put(delivery.customer(), now.plus(it)));
        }
        return new Delivery(
                delivery.customer(),
                delivery.endpoint(),
                delivery.number(),
                delivery.id(),
                delivery.type(),
                delivery.body(),
                state,
                attempts,
                now,
                answer.status(),
                answer.error(),
                delivery.createdAt());
    }

    /** Of all lanes that were taken; those without a call go on at once. */
    private static List<LaneStore.Result> laneResults(
            Work work, Map<UUID, List<Delivery>> tried, Map<UUID, Instant> retries) {
        return work.lanes().values().stream()
                .map(
                        lane ->
                                new LaneStore.Result(
                                        lane,
                                        tried.getOrDefault(lane.customer(), List.of()).stream()
                                                .filter(it -> it.state() != DeliveryState.PENDING)
                                                .count(),
                                        retries.get(lane.customer())))
                .toList();
    }

    private static List<DeliveryStore.Attempt> attempts(List<Round.Result> failed, Instant now) {
        return failed.stream()
                .map(
                        it ->
                                new DeliveryStore.Attempt(
                                        it.delivery().customer(),
                                        it.delivery().number(),
                                        now,
                                        it.answer().status(),
                                        String.valueOf(it.answer().error()),
                                        it.answer().took().toMillis()))
                .toList();
    }

    /** What these calls show of the endpoint: whether it was down, and is back. */
    private boolean judge(Endpoint endpoint, List<Round.Result> results, Instant now) {
        var health =
                Health.of(endpoint).after(results.stream().map(Round.Result::answer).toList(), now);
        if (health.failures() > 0 && !lanes.anyPending(endpoint.id())) {
            // What is given up is no reason to give up what comes days later.
            health = new Health(0, null, health.quietUntil());
        }
        if (!results.isEmpty()) {
            endpoints.went(
                    endpoint.id(), health.failures(), health.failingSince(), health.quietUntil());
        }
        if (endpoint.isActive()) {
            disabled(health, results, now).ifPresent(it -> disable(endpoint, it));
        }
        return health.failures() == 0 && Health.of(endpoint).wasAway(now);
    }

    private Optional<DisabledBecause> disabled(
            Health health, List<Round.Result> results, Instant now) {
        if (results.stream().anyMatch(it -> it.answer().isGone())) {
            return Optional.of(DisabledBecause.GONE);
        }
        var since = health.failingSince();
        return since != null && since.plus(config.disableAfter()).isBefore(now)
                ? Optional.of(DisabledBecause.FAILING)
                : Optional.empty();
    }

    private void disable(Endpoint endpoint, DisabledBecause why) {
        LOG.errorf(
                "webhooks: endpoint %s of %s is disabled: %s",
                endpoint.id(), endpoint.client(), why);
        endpoints.disable(endpoint.id(), why);
        audit.recordOfItself(
                "webhooks.disable",
                endpoint.id().toString(),
                why == DisabledBecause.GONE
                        ? "It has answered 410."
                        : "Nothing has arrived there for " + config.disableAfter() + ".",
                endpoint.view(),
                endpoints.find(endpoint.id()).map(Endpoint::view).orElse(null));
        metrics.counter("kvit.webhook.disabled", "because", why.name()).increment();
    }

    /** What waits for another attempt need not wait for its time any more. */
    private void hasten(UUID endpoint) {
        var hastened = HASTENED_AT_ONCE;
        while (hastened == HASTENED_AT_ONCE) {
            hastened =
                    inTransaction(
                            () -> {
                                endpoints.lock(endpoint);
                                return lanes.hasten(endpoint, clock.instant(), HASTENED_AT_ONCE);
                            });
        }
    }

    private void count(List<Delivery> written) {
        for (var state : DeliveryState.values()) {
            var number = written.stream().filter(it -> it.state() == state).count();
            var outcome =
                    state == DeliveryState.PENDING
                            ? "failed"
                            : state.name().toLowerCase(Locale.ROOT);
            metrics.counter("kvit.webhook.deliveries", "outcome", outcome)
                    .increment((double) number);
        }
    }

    private static <T> T inTransaction(Callable<T> work) {
        return QuarkusTransaction.requiringNew().call(work);
    }
}
