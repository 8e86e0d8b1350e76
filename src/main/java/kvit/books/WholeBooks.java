package kvit.books;

import static kvit.books.BooksProblem.BOOKS_BUSY;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import kvit.database.LongReads;
import kvit.database.Statements;
import kvit.problem.Problem;

/** Reads of all that the books have: so many at once, and the rest is sent away. */
@ApplicationScoped
class WholeBooks {

    /** What for: none of them keeps another one waiting. */
    enum Use {
        EXPORT(Duration.ofSeconds(30)),
        VERIFICATION(Duration.ofSeconds(30)),
        TRIAL_BALANCE(Duration.ofSeconds(1));

        private final Duration comeBackAfter;

        Use(Duration comeBackAfter) {
            this.comeBackAfter = comeBackAfter;
        }
    }

    private final LongReads reads;
    private final Map<Use, Semaphore> rooms = new EnumMap<>(Use.class);

    WholeBooks(LongReads reads, BooksConfig config) {
        this.reads = reads;
        for (var use : Use.values()) {
            rooms.put(use, new Semaphore(config.readsAtOnce()));
        }
    }

    /**
     * On a snapshot of one moment.
     *
     * @throws Problem BOOKS_BUSY
     */
    <T> T reading(Use use, Duration patience, Duration idle, Function<Statements, T> work) {
        var room = room(use);
        if (!room.tryAcquire()) {
            throw busy(use);
        }
        try {
            return reads.reading(patience, idle, work);
        } finally {
            room.release();
        }
    }

    /**
     * Whether there is room right now, for whoever has to answer before reading.
     *
     * @throws Problem BOOKS_BUSY
     */
    void requireRoom(Use use) {
        if (room(use).availablePermits() == 0) {
            throw busy(use);
        }
    }

    private Semaphore room(Use use) {
        return Objects.requireNonNull(rooms.get(use));
    }

    private static Problem busy(Use use) {
        return BOOKS_BUSY
                .because("So many at once are allowed, and each takes a while.")
                .retryAfter(use.comeBackAfter);
    }
}
