package kvit.operate;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Argon2id (RFC 9106) with 19 MiB, two passes and one lane, which is what OWASP's Password Storage
 * Cheat Sheet asks for at the least. The hash names its parameters, so that they can be raised.
 *
 * <p>For everything that people have to remember, passwords of operators as well as PINs: whatever
 * is hashed, it is few at once. Not to be called while a database transaction is open, because it
 * takes long on purpose.
 */
@ApplicationScoped
public class Passwords {

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int BYTES = 32;
    private static final int SALT_BYTES = 16;

    /** However many are at it at once, transfers have a core left, and the heap is not theirs. */
    private final Semaphore atOnce = new Semaphore(2);

    /** Short, because whoever waits holds a worker that transfers need. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Argon2Function argon2 =
            Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, BYTES, Argon2.ID);

    /** Compared with where there is no hash, so that the answer takes as long. */
    private final String nobodys =
            Password.hash("nobody's").addRandomSalt(SALT_BYTES).with(argon2).getResult();

    /**
     * Hashes one password, in PHC format.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    public String hash(String password) {
        try (var turn = turn()) {
            return turn.hash(password);
        }
    }

    /**
     * In the same time whether there is a hash or not.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    public boolean matches(String password, @Nullable String hash) {
        try (var turn = turn()) {
            return turn.matches(password, hash);
        }
    }

    /**
     * Waits for a turn, for whoever has to know that it has one before it does something else: a
     * try that is counted is then a try that is looked at. Soon to be closed; who has one must not
     * wait for a second.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    public Turn turn() {
        try {
            if (!atOnce.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw GeneralProblem.UNAVAILABLE
                        .because("Too many others are at it at this moment; try again.")
                        .retryAfter(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to hash", e);
        }
        return new Turn();
    }

    /** The right to hash, for a moment. */
    public final class Turn implements AutoCloseable {

        private Turn() {}

        /** In PHC format. */
        public String hash(String password) {
            return Password.hash(password).addRandomSalt(SALT_BYTES).with(argon2).getResult();
        }

        /** In the same time whether there is a hash or not. */
        public boolean matches(String password, @Nullable String hash) {
            var against = hash == null ? nobodys : hash;
            var matches =
                    Password.check(password, against)
                            .with(Argon2Function.getInstanceFromHash(against));
            return matches && hash != null;
        }

        @Override
        public void close() {
            atOnce.release();
        }
    }
}
