package kvit.books;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import kvit.books.Verification.Result;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Goes through the whole of the books: when somebody asks, and once a day. */
@ApplicationScoped
class VerifyBooks {

    private static final Logger LOG = Logger.getLogger(VerifyBooks.class);

    /** Between two portions of rows there is some hashing to do, and nothing else. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final WholeBooks wholeBooks;
    private final SealBooks sealBooks;
    private final SigningKey key;
    private final BooksConfig config;
    private final Clock clock;
    private final Timer time;
    private final AtomicLong found = new AtomicLong();
    private volatile @Nullable LocalDate lastDay;

    VerifyBooks(
            WholeBooks wholeBooks,
            SealBooks sealBooks,
            SigningKey key,
            BooksConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.wholeBooks = wholeBooks;
        this.sealBooks = sealBooks;
        this.key = key;
        this.config = config;
        this.clock = clock;
        this.time =
                Timer.builder("kvit.books.verification")
                        .description("Going through the whole of the books")
                        .register(metrics);
        Gauge.builder("kvit.books.findings", found, AtomicLong::get)
                .description("What the last verification on this replica found")
                .register(metrics);
    }

    /**
     * All of it, on a snapshot, while others go on writing.
     *
     * @param heads how far the chain went, as somebody has kept it elsewhere
     * @throws Problem BOOKS_BUSY
     */
    Result verify(List<Head> heads) {
        sealBooks.catchUp();
        // Before the snapshot, which then is of later and has to have them.
        var known = new ArrayList<>(sealBooks.seen());
        known.addAll(heads);
        var result =
                Objects.requireNonNull(
                        time.record(
                                () ->
                                        wholeBooks.reading(
                                                WholeBooks.Use.VERIFICATION,
                                                config.verificationPatience(),
                                                IDLE,
                                                it ->
                                                        new Verification(it, key::isOurs)
                                                                .run(clock.instant(), known))));
        found.set(result.found());
        if (!result.clean()) {
            LOG.errorf("books: %d findings, first of all %s", result.found(), result.findings());
        }
        return result;
    }

    /** Late enough that a replica that has only just started is not busy with the past. */
    @Scheduled(
            every = "10m",
            delayed = "10m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void daily() {
        var today = DayTotals.day(clock.instant());
        if (today.equals(lastDay)) {
            return;
        }
        try {
            verify(List.of());
            lastDay = today;
        } catch (RuntimeException e) {
            LOG.warnf("books: not verified: %s", e.getMessage());
        }
    }
}
