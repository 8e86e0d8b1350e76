package kvit.webhook;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import kvit.identity.ClientApps;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;

/**
 * Has the work done by one replica or another, with db-scheduler: one task looks for new notices
 * and for endpoints that have something to do, and each of those gets a task of its own. Nobody
 * else sends to an endpoint meanwhile, and whose replica dies is taken over some seconds later.
 */
@ApplicationScoped
class WebhookTasks {

    private static final Logger LOG = Logger.getLogger(WebhookTasks.class);

    private static final String LOOK = "webhooks-look";
    private static final String DRAIN = "webhooks-drain";

    /** There is only one of it. */
    private static final String ONLY = "only";

    /**
     * Long ago, which is at once. The library goes by the machine's clock, and ours may be ahead of
     * it: what is due is ours to say, and when to look is the machine's.
     */
    private static final Instant AT_ONCE = Instant.EPOCH;

    /** Where no endpoint is at work there is nothing to look for; who adds one says so. */
    private static final Duration LOOK_IDLE = Duration.ofSeconds(10);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    /** A replica that is silent for four of these is dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final int HEARTBEATS_MISSED = 4;

    /** Then it is another endpoint's turn, where there are more of them than workers. */
    private static final Duration DRAIN_MAX = Duration.ofSeconds(10);

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(5);

    /** All workers at most, so that none waits for the next look while there is work. */
    private static final double WORKERS_FILLED = 1.0;

    private final EndpointStore endpoints;
    private final LaneStore lanes;
    private final ClientApps clients;
    private final SpreadNotices spreadNotices;
    private final Drain drain;
    private final WebhookConfig config;
    private final Clock clock;
    private final CustomTask<Void> lookTask;
    private final CustomTask<Void> drainTask;
    private final Scheduler scheduler;

    /** One thread is never a worker's: whoever looks must not wait for those who send. */
    private final Semaphore workers;

    private final AtomicInteger failing = new AtomicInteger();
    private volatile boolean stopping;

    WebhookTasks(
            EndpointStore endpoints,
            LaneStore lanes,
            ClientApps clients,
            SpreadNotices spreadNotices,
            Drain drain,
            WebhookConfig config,
            Clock clock,
            Ids ids,
            DataSource source,
            MeterRegistry metrics) {
        this.endpoints = endpoints;
        this.lanes = lanes;
        this.clients = clients;
        this.spreadNotices = spreadNotices;
        this.drain = drain;
        this.config = config;
        this.clock = clock;
        this.workers = new Semaphore(config.workers());
        this.lookTask =
                Tasks.custom(LOOK, Void.class)
                        .scheduleOnStartup(ONLY, null, now -> now)
                        .onFailure(
                                new FailureHandler.OnFailureReschedule<>(
                                        FixedDelay.of(AFTER_FAILURE)))
                        .execute((instance, context) -> again(look()));
        this.drainTask =
                Tasks.custom(DRAIN, Void.class)
                        // Whoever looks next finds what is left.
                        .onFailure((complete, operations) -> operations.remove())
                        .execute((instance, context) -> drain(UUID.fromString(instance.getId())));
        this.scheduler =
                Scheduler.create(source, drainTask)
                        .startTasks(lookTask)
                        .threads(config.workers() + 1)
                        .pollingInterval(config.lookEvery())
                        .pollUsingLockAndFetch(WORKERS_FILLED / 2, WORKERS_FILLED)
                        .heartbeatInterval(HEARTBEAT)
                        .missedHeartbeatsLimit(HEARTBEATS_MISSED)
                        .shutdownMaxWait(STOPS_WITHIN)
                        .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
                        .schedulerName(name(ids.next()))
                        .enableImmediateExecution()
                        .build();
        Gauge.builder("kvit.webhook.endpoints.failing", failing, AtomicInteger::get)
                .description("Active endpoints at which the last call has not arrived")
                .register(metrics);
    }

    private static SchedulerName name(UUID replica) {
        return replica::toString;
    }

    void start(@Observes StartupEvent event) {
        scheduler.start();
    }

    /** What is under way may still be answered; the rest is sent after the next start. */
    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        scheduler.stop();
    }

    /** An endpoint may have something to do that had nothing. */
    void wake() {
        try {
            scheduler.reschedule(lookTask.instanceId(ONLY), AT_ONCE);
        } catch (TaskInstanceException e) {
            // Somebody looks this very moment, or is about to for the first time, and looks again.
            LOG.debugf("webhooks: not woken: %s", e.getMessage());
        }
    }

    /** When to look again. */
    private Duration look() {
        var all = endpoints.all().stream().filter(Endpoint::isActive).toList();
        var on = clients.active(all.stream().map(Endpoint::client).distinct().toList());
        var active = all.stream().filter(it -> on.contains(it.client())).toList();
        failing.set((int) active.stream().filter(it -> it.failures() > 0).count());
        if (active.isEmpty()) {
            return LOOK_IDLE;
        }
        while (spreadNotices.spread(active) && !stopping) {
            active = asTheyAreNow(active);
            drainBusy(active);
        }
        drainBusy(active);
        return config.lookEvery();
    }

    /** As they are now: they have moved. */
    private List<Endpoint> asTheyAreNow(List<Endpoint> active) {
        var ids = active.stream().map(Endpoint::id).collect(Collectors.toSet());
        return endpoints.all().stream()
                .filter(it -> it.isActive() && ids.contains(it.id()))
                .toList();
    }

    private void drainBusy(List<Endpoint> active) {
        var now = clock.instant();
        var awake = active.stream().filter(it -> !it.isQuiet(now)).map(Endpoint::id).toList();
        for (var endpoint : lanes.busy(awake, now)) {
            scheduler.scheduleIfNotExists(drainTask.instance(endpoint.toString()), AT_ONCE);
        }
    }

    private static CompletionHandler<Void> again(Duration after) {
        return new CompletionHandler.OnCompleteReschedule<>(FixedDelay.of(after));
    }

    private CompletionHandler<Void> drain(UUID endpoint) {
        if (!workers.tryAcquire()) {
            return again(config.lookEvery());
        }
        try {
            var began = System.nanoTime();
            drain.begin(endpoint);
            while (!stopping
                    && (workers.availablePermits() > 0
                            || System.nanoTime() - began < DRAIN_MAX.toNanos())) {
                if (!drain.round(endpoint, () -> !stopping)) {
                    return new CompletionHandler.OnCompleteRemove<>();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.release();
        }
        return again(Duration.ZERO);
    }
}
