package kvit.sandbox;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import kvit.database.Database;
import kvit.source.Clock;

/**
 * Sets our clock forward, never back: what has expired stays expired. How far ahead it is stands in
 * the database, and every replica follows within a second.
 */
@ApplicationScoped
class SandboxClock {

    /** Beyond that the times of PostgreSQL and of JWT run out of years. */
    static final Duration AHEAD_MAX = Duration.ofDays(36_600);

    private final Database database;
    private final Clock clock;
    private final Mode mode;

    SandboxClock(Database database, Clock clock, Mode mode) {
        this.database = database;
        this.clock = clock;
        this.mode = mode;
    }

    /** The time after the advance. */
    Instant advance(Duration by) {
        follow(
                "update sandbox_clock set ahead_ms = least(ahead_ms + %d, %d) returning ahead_ms"
                        .formatted(by.toMillis(), AHEAD_MAX.toMillis()));
        return clock.instant();
    }

    /** Before anything else looks at the time. */
    void start(@Observes @Priority(1) StartupEvent event) {
        catchUp();
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void catchUp() {
        if (mode.isSandbox()) {
            follow("select ahead_ms from sandbox_clock");
        }
    }

    private void follow(String sql) {
        database.query(sql, in -> {}, row -> Duration.ofMillis(row.getLong(1)))
                .forEach(clock::runAhead);
    }
}
