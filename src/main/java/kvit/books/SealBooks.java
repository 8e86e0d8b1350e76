package kvit.books;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.sql.DataSource;
import kvit.database.Statements;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Seals what has been posted, some seconds later and beside it: nobody who moves money waits for
 * the chain. Runs on every replica; whoever comes second finds the link made.
 */
@ApplicationScoped
class SealBooks {

    private static final Logger LOG = Logger.getLogger(SealBooks.class);

    /** Of one round, so that a round ends: where a ledger is old when it gets its chain. */
    private static final int LINKS_MAX = 500;

    /** A second or so. */
    private static final int LINKS_OF_A_REQUEST = 20;

    private final DataSource source;
    private final SignHead signHead;
    private final Clock clock;
    private final Counter postings;

    /** How far this replica has seen the chain go: it may not be shorter later. */
    private final AtomicReference<@Nullable Head> seen = new AtomicReference<>();

    private volatile Instant caughtUpAt;
    private volatile boolean headLost;

    SealBooks(DataSource source, SignHead signHead, Clock clock, MeterRegistry metrics) {
        this.source = source;
        this.signHead = signHead;
        this.clock = clock;
        this.caughtUpAt = clock.instant();
        this.postings =
                Counter.builder("kvit.books.sealed")
                        .description("Postings that this replica has sealed")
                        .register(metrics);
        Gauge.builder("kvit.books.seal.lag", this, it -> it.lag().toSeconds())
                .description("Seconds since the chain reached all that was posted")
                .baseUnit("seconds")
                .register(metrics);
        Gauge.builder("kvit.books.head.lost", this, it -> it.headLost ? 1 : 0)
                .description("1 when the chain does not go as far any more as it did")
                .register(metrics);
    }

    private Duration lag() {
        return Duration.between(caughtUpAt, clock.instant());
    }

    /**
     * What is written by a counter that has begun anew would stand before what is sealed.
     *
     * @throws Sealing.CountedAnew which ends the start
     */
    void check(@Observes StartupEvent start) {
        inTransaction(
                statements -> {
                    new Sealing(statements).requireSameCounter();
                    return true;
                });
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void round() {
        tryToSeal(LINKS_MAX);
    }

    /** Before somebody verifies: what is not sealed then could not be. */
    void catchUp() {
        tryToSeal(LINKS_OF_A_REQUEST);
    }

    private void tryToSeal(int atMost) {
        try {
            seal(atMost);
        } catch (RuntimeException e) {
            // The next round goes on where this one ended.
            LOG.warnf("books: not sealed: %s", e.getMessage());
        }
    }

    /** Makes links until nothing is left, and signs the first head of a day. */
    void seal() {
        seal(LINKS_MAX);
    }

    /** The same for a request that somebody waits for: what is left, the next round takes. */
    void sealSome() {
        seal(LINKS_OF_A_REQUEST);
    }

    private void seal(int atMost) {
        requireHead();
        for (var links = 0; links < atMost; links++) {
            var made = inTransaction(statements -> new Sealing(statements).next(clock.instant()));
            if (made.isEmpty()) {
                caughtUpAt = clock.instant();
                break;
            }
            postings.increment(made.get().postings());
        }
        inTransaction(
                statements -> {
                    new SealStore(statements)
                            .last()
                            .ifPresent(
                                    it -> {
                                        seen.set(it.head());
                                        signHead.sign(statements, it.head(), clock.instant());
                                    });
                    return true;
                });
    }

    /** How far the chain went when this replica looked last; empty before its first look. */
    List<Head> seen() {
        return Optional.ofNullable(seen.get()).stream().toList();
    }

    /** Whoever has cut it would have it go on from where they cut. */
    private void requireHead() {
        for (var head : seen()) {
            var now = inTransaction(it -> new SealStore(it).find(head.number()).map(Seal::head));
            headLost = !now.equals(Optional.of(head));
            if (headLost) {
                LOG.errorf("books: the chain had %s and has %s", head, now);
                throw new IllegalStateException("the chain was cut");
            }
        }
    }

    private <T> T inTransaction(Function<Statements, T> work) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            try (var connection = source.getConnection()) {
                                return work.apply(new Statements(connection));
                            } catch (SQLException e) {
                                throw new IllegalStateException("no connection", e);
                            }
                        });
    }
}
