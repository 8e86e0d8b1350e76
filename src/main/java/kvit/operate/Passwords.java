package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

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

    /** Who waits for each other. */
    public enum Whose {
        OPERATORS,
        CUSTOMERS
    }

    /** However many are at it at once, so much of the heap is theirs and no more. */
    private final Semaphore atOnce = new Semaphore(3);

    /**
     * One less each, so that neither takes all: an operator's sign-in hashes for strangers too, and
     * whoever floods it would otherwise switch PINs off.
     */
    private final Map<Whose, Semaphore> ofEach =
            Map.of(Whose.OPERATORS, new Semaphore(2), Whose.CUSTOMERS, new Semaphore(2));

    /** Short, because whoever waits holds a worker that transfers need. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Argon2PasswordEncoder argon2 =
            new Argon2PasswordEncoder(SALT_BYTES, BYTES, LANES, MEMORY_KIB, PASSES);

    /** Compared with where there is no hash, so that the answer takes as long. */
    private final String nobodys = hashed("nobody's");

    /**
     * Hashes one password, in PHC format.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    public String hash(Whose whose, String password) {
        try (var turn = turn(whose)) {
            return turn.hash(password);
        }
    }

    /**
     * In the same time whether there is a hash or not.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    public boolean matches(Whose whose, String password, @Nullable String hash) {
        try (var turn = turn(whose)) {
            return turn.matches(password, hash);
        }
    }

    /**
     * Waits for a turn, for whoever hashes more than once in it. Soon to be closed; who has one
     * must not wait for a second, nor for the database.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    public Turn turn(Whose whose) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        var own = Objects.requireNonNull(ofEach.get(whose));
        try {
            // Their own first, so that whoever waits for it keeps no place from the others.
            if (!own.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw tooMany();
            }
            var isFree = false;
            try {
                isFree = atOnce.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } finally {
                if (!isFree) {
                    own.release();
                }
            }
            if (!isFree) {
                throw tooMany();
            }
            return new Turn(own);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to hash", e);
        }
    }

    /** Null is for no password only, and there is one. */
    private String hashed(String password) {
        return Objects.requireNonNull(argon2.encode(password));
    }

    private static Problem tooMany() {
        return GeneralProblem.UNAVAILABLE
                .because("Too many others are at it at this moment; try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    /** The right to hash, for a moment. */
    public final class Turn implements AutoCloseable {

        private final Semaphore own;

        private Turn(Semaphore own) {
            this.own = own;
        }

        /** In PHC format. */
        public String hash(String password) {
            return hashed(password);
        }

        /** In the same time whether there is a hash or not. */
        public boolean matches(String password, @Nullable String hash) {
            var matches = argon2.matches(password, hash == null ? nobodys : hash);
            return matches && hash != null;
        }

        @Override
        public void close() {
            atOnce.release();
            own.release();
        }
    }
}
