package kvit.closing;

import static kvit.problem.GeneralProblem.TOO_MANY_REQUESTS;
import static kvit.problem.GeneralProblem.UNAVAILABLE;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import kvit.books.Watch;
import kvit.database.LongReads;
import kvit.database.Statements;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.throttle.RateLimits;

/**
 * Writes all that there is of somebody, in constant memory and as of one moment. That it was taken
 * away is written down before, and is in it.
 */
@ApplicationScoped
class ExportPerson {

    /** Each query is of one person; the longest sorts their transfers. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration COME_BACK_AFTER = Duration.ofSeconds(30);

    private final LongReads reads;
    private final Watch watch;
    private final RateLimits rateLimits;
    private final ExportStore store;
    private final ObjectMapper json;
    private final ClosingConfig config;
    private final Clock clock;
    private final Ids ids;
    private final Semaphore rooms;

    ExportPerson(
            LongReads reads,
            Watch watch,
            RateLimits rateLimits,
            ExportStore store,
            ObjectMapper json,
            ClosingConfig config,
            Clock clock,
            Ids ids) {
        this.reads = reads;
        this.watch = watch;
        this.rateLimits = rateLimits;
        this.store = store;
        this.json = json;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
        this.rooms = new Semaphore(config.exportsAtOnce());
    }

    /**
     * To be written once, when the answer has begun.
     *
     * @param session the device that takes it away
     * @param client and through which front end
     * @throws Problem UNAVAILABLE when too many others are at it; TOO_MANY_REQUESTS
     */
    StreamingOutput export(UUID customer, UUID session, String client) {
        // What is refused after the answer has begun is a broken connection, and tells nobody why.
        if (rooms.availablePermits() == 0) {
            throw busy();
        }
        var limit = new RateLimits.Limit(config.exportsPerDay(), DAY);
        rateLimits
                .take("personal-export:" + customer, 1, limit)
                .ifPresent(
                        wait -> {
                            throw TOO_MANY_REQUESTS
                                    .because("You have taken it away just now.")
                                    .retryAfter(wait);
                        });
        var now = clock.instant();
        QuarkusTransaction.requiringNew()
                .run(() -> store.insert(customer, ids.next(), session, client, now));
        var watched = watch.begin(config.exportStall(), config.exportMax());
        return out -> {
            try (watched) {
                read(customer, now, watched.counting(out));
            }
        };
    }

    private void read(UUID customer, Instant now, OutputStream out) {
        if (!rooms.tryAcquire()) {
            throw busy();
        }
        try {
            reads.reading(
                    PATIENCE,
                    config.exportStall(),
                    it -> {
                        write(it, customer, now, out);
                        return true;
                    });
        } finally {
            rooms.release();
        }
    }

    private void write(Statements statements, UUID customer, Instant now, OutputStream out) {
        try (var generator = json.getFactory().createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            new PersonalJson(statements, generator).write(customer, now);
        } catch (IOException e) {
            throw new UncheckedIOException("whoever asked for it has gone", e);
        }
    }

    private static Problem busy() {
        return UNAVAILABLE
                .because("So many at once are allowed, and each takes a while.")
                .retryAfter(COME_BACK_AFTER);
    }
}
