package kvit.operate;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Argon2id (RFC 9106) with 19 MiB, two passes and one lane, which is what OWASP's Password Storage
 * Cheat Sheet asks for at the least. The hash names its parameters, so that they can be raised.
 */
@ApplicationScoped
class Passwords {

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int BYTES = 32;
    private static final int SALT_BYTES = 16;

    /** Hashing is slow on purpose; however many sign in at once, transfers have a core left. */
    private final Semaphore atOnce = new Semaphore(2);

    /** Short, because whoever waits holds a worker that transfers need. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Argon2Function argon2 =
            Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, BYTES, Argon2.ID);

    /** Compared with where there is no operator, so that the answer takes as long. */
    private final String nobodys =
            Password.hash("nobody's").addRandomSalt(SALT_BYTES).with(argon2).getResult();

    /**
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    String hash(String password) {
        return bounded(
                () -> Password.hash(password).addRandomSalt(SALT_BYTES).with(argon2).getResult());
    }

    /**
     * In the same time whether there is a hash or not.
     *
     * @throws Problem UNAVAILABLE when too many others are at it
     */
    boolean matches(String password, @Nullable String hash) {
        var against = hash == null ? nobodys : hash;
        var matches =
                bounded(
                        () ->
                                Password.check(password, against)
                                        .with(Argon2Function.getInstanceFromHash(against)));
        return matches && hash != null;
    }

    private <T> T bounded(Supplier<T> work) {
        try {
            if (!atOnce.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw GeneralProblem.UNAVAILABLE
                        .because("Too many sign in at this moment; try again.")
                        .retryAfter(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to hash", e);
        }
        try {
            return work.get();
        } finally {
            atOnce.release();
        }
    }
}
