package kvit.identity;

import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kvit.problem.Problem;

/**
 * Makes whoever types wrong codes or PINs for a phone wait, longer and longer, whatever the codes
 * are for: a guesser gains nothing by asking for new ones, or by changing from one to the other.
 *
 * <p>All of it is one row of failures, of both kinds. A success takes back the failures of its own
 * kind: a code proves the phone and a PIN the person, and whoever has only one of the two could
 * otherwise guess the other for ever, with a success in between.
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
        failed(phone, 0, now);
    }

    /** Called before the PIN is looked at, so that of many at once few are. */
    void pinFailed(String phone, Instant now) {
        failed(phone, 1, now);
    }

    private void failed(String phone, int pins, Instant now) {
        var failures = signIns.failed(phone, pins, now, now.minus(config.failureMemory()));
        if (failures >= config.triesMax()) {
            signIns.lockPhone(phone, now.plus(lock(failures - config.triesMax())));
        }
    }

    private Duration lock(int furtherFailures) {
        var lock = config.lockFirst().multipliedBy(1L << Math.min(furtherFailures, 20));
        return lock.compareTo(config.lockMax()) < 0 ? lock : config.lockMax();
    }

    void succeeded(String phone) {
        signIns.clearFailuresOfCodes(phone);
    }

    void pinSucceeded(String phone) {
        signIns.clearFailuresOfPins(phone);
    }
}
