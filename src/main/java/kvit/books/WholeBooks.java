package kvit.books;

import static kvit.books.BooksProblem.BOOKS_BUSY;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import kvit.database.LongReads;
import kvit.database.Statements;
import kvit.problem.Problem;

/** Reads of all that the books have: so many at once, and the rest is sent away. */
@ApplicationScoped
class WholeBooks {

    private static final Duration COME_BACK_AFTER = Duration.ofSeconds(30);

    private final LongReads reads;
    private final Semaphore room;

    WholeBooks(LongReads reads, BooksConfig config) {
        this.reads = reads;
        this.room = new Semaphore(config.readsAtOnce());
    }

    /**
     * On a snapshot of one moment.
     *
     * @throws Problem BOOKS_BUSY
     */
    <T> T reading(Duration patience, Duration idle, Function<Statements, T> work) {
        if (!room.tryAcquire()) {
            throw BOOKS_BUSY
                    .because("So many at once are allowed, and each takes a while.")
                    .retryAfter(COME_BACK_AFTER);
        }
        try {
            return reads.reading(patience, idle, work);
        } finally {
            room.release();
        }
    }

    /** Whether there is room right now, for whoever has to answer before reading. */
    void requireRoom() {
        if (room.availablePermits() == 0) {
            throw BOOKS_BUSY
                    .because("So many at once are allowed, and each takes a while.")
                    .retryAfter(COME_BACK_AFTER);
        }
    }
}
