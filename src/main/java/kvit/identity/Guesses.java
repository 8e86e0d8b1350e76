package kvit.identity;

import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kvit.problem.Problem;

/**
 * Makes whoever types wrong codes for a phone wait, longer and longer, whatever the codes are for:
 * a guesser gains nothing by asking for new ones.
 */
@ApplicationScoped
class Guesses {

    private final SignIns signIns;
    private final IdentityConfig config;

    Guesses(SignIns signIns, IdentityConfig config) {
        this.signIns = signIns;
        this.config = config;
    }

    /**
     * Locks the phone's failures too: of parallel guesses over several codes each sees the last.
     */
    Optional<Duration> blockedFor(String phone, Instant now) {
        return signIns.lockedUntil(phone, now)
                .filter(it -> it.isAfter(now))
                .map(it -> Duration.between(now, it));
    }

    static Problem tooMany(Duration wait) {
        return TOO_MANY_ATTEMPTS
                .because("Too many wrong codes in a row; wait a while.")
                .retryAfter(wait);
    }

    void failed(String phone, Instant now) {
        var failures = signIns.failed(phone, now, now.minus(config.failureMemory()));
        if (failures >= config.triesMax()) {
            signIns.lockPhone(phone, now.plus(lock(failures - config.triesMax())));
        }
    }

    private Duration lock(int furtherFailures) {
        var lock = config.lockFirst().multipliedBy(1L << Math.min(furtherFailures, 20));
        return lock.compareTo(config.lockMax()) < 0 ? lock : config.lockMax();
    }

    void succeeded(String phone) {
        signIns.clearFailures(phone);
    }
}
