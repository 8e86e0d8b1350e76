package kvit.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kvit.outbox.EventLog;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes of each event, once it is committed, a notice for everybody whom it concerns. Beside the
 * money: nobody who sends it waits for that. Every replica tries; the place in the outbox is under
 * lock, so one at a time writes, and what is written moves the place in the same transaction.
 */
@ApplicationScoped
class WriteNotices {

    private static final Logger LOG = Logger.getLogger(WriteNotices.class);

    /** The row of outbox_reader. */
    static final String READER = "notices";

    /** Events of one transaction: some ten milliseconds of work. */
    static final int PORTION = 1_000;

    /** Finds what a nudge missed: events of other replicas, and what a transaction has held up. */
    private static final Duration POLL = Duration.ofMillis(500);

    /** Longer than any portion takes. */
    private static final Duration LAST_PORTION_MAX = Duration.ofSeconds(5);

    private static final int PURGED_AT_ONCE = 1_000;

    private final EventLog log;
    private final Tellings tellings;
    private final Notices notices;
    private final List<Witness> witnesses;
    private final NoticeConfig config;
    private final Clock clock;
    private final Counter written;
    private final Counter unreadable;
    private final Semaphore nudge = new Semaphore(0);
    private final Thread worker = new Thread(this::work, "notices");
    private volatile boolean running;
    private volatile @Nullable Instant behindSince;

    WriteNotices(
            EventLog log,
            Tellings tellings,
            Notices notices,
            @All List<Witness> witnesses,
            NoticeConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.log = log;
        this.tellings = tellings;
        this.notices = notices;
        this.witnesses = witnesses;
        this.config = config;
        this.clock = clock;
        this.written =
                Counter.builder("kvit.notice.written")
                        .description("Notices that this replica has written")
                        .register(metrics);
        this.unreadable =
                Counter.builder("kvit.notice.unreadable")
                        .description("Events that are not of their kind, of which nobody is told")
                        .register(metrics);
        Gauge.builder("kvit.notice.lag", this, it -> it.lag().toSeconds())
                .description("Seconds that the oldest event waits that no notice was made of")
                .baseUnit("seconds")
                .register(metrics);
    }

    private Duration lag() {
        var since = behindSince;
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    void start(@Observes StartupEvent event) {
        log.whenAdded(this::nudge);
        running = true;
        worker.setDaemon(true);
        worker.start();
    }

    /** The portion that is being written is finished; the rest waits for the next start. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        running = false;
        nudge();
        worker.join(LAST_PORTION_MAX.toMillis());
    }

    private void nudge() {
        if (nudge.availablePermits() == 0) {
            nudge.release();
        }
    }

    private void work() {
        while (running) {
            try {
                if (!writeSome()) {
                    // In this order: what is added during the pause is read after it.
                    TimeUnit.MILLISECONDS.sleep(config.pause().toMillis());
                    nudge.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Whether there may be more at once. */
    private boolean writeSome() {
        try {
            return write();
        } catch (RuntimeException | Error e) {
            // The events are safe, and the next round goes on where this one began.
            LOG.warnf("notices: %s", e.getMessage());
            return false;
        }
    }

    /** One portion; whether there may be more at once. */
    boolean write() {
        var unread = log.unread(READER);
        behindSince = unread.map(EventLog.Unread::since).orElse(null);
        if (unread.isEmpty()) {
            return false;
        }
        if (!unread.get().isReadable()) {
            // Somebody before it is about to commit, who may have nothing to nudge for.
            nudge();
            return false;
        }
        var events = QuarkusTransaction.requiringNew().call(this::writePortion);
        notices.written();
        if (events > 0) {
            nudge();
        }
        // Where there are more than a portion, some of them are left for the next one.
        return events > PORTION / 2;
    }

    private int writePortion() {
        var events = log.next(READER, PORTION);
        var made = new ArrayList<Notice>(2 * events.size());
        var told = new ArrayList<Told>(2 * events.size());
        for (var event : events) {
            var ofEvent = told(event);
            told.addAll(ofEvent);
            ofEvent.forEach(it -> made.add(tellings.notice(it, event.at())));
        }
        if (!made.isEmpty()) {
            notices.append(made);
            witnesses.forEach(it -> it.told(told));
        }
        written.increment(made.size());
        return events.size();
    }

    /** What nobody can read must not keep everybody else from being told. */
    private List<Told> told(EventLog.Stored event) {
        try {
            return tellings.of(event);
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.errorf(e, "notices: nobody is told of %s %s", event.topic(), event.id());
            unreadable.increment();
            return List.of();
        }
    }

    @Scheduled(
            every = "1h",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void purge() {
        var before = clock.instant().minus(config.retention());
        while (notices.purge(before, PURGED_AT_ONCE) == PURGED_AT_ONCE) {
            LOG.debug("notices: purged a portion");
        }
    }
}
