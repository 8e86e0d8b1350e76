package kvit.identity;

import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import kvit.identity.Guard.Kind;
import kvit.identity.Guard.Try;
import kvit.problem.Problem;

/**
 * Makes whoever guesses at codes, PINs or the digits of a card wait, longer and longer, whatever
 * the codes are for: a guesser gains nothing by asking for new ones, or by changing from one to
 * another. By the rules of {@link Guard}, in the caller's transaction.
 */
@ApplicationScoped
class Guesses {

    private final GuardStore store;

    Guesses(GuardStore store) {
        this.store = store;
    }

    /** How long no code of a sign-in is looked at. The phone's row is locked from here on. */
    Optional<Duration> signInsBlockedFor(String phone, Instant now) {
        return store.lock(phone).signInsBlockedFor(now);
    }

    /** The same for what is asked in the customer's own sessions. */
    Optional<Duration> blockedFor(String phone, Instant now) {
        return store.lock(phone).blockedFor(now);
    }

    static Problem tooMany(Duration wait) {
        return TOO_MANY_ATTEMPTS
                .because("Too many wrong codes in a row; wait a while.")
                .retryAfter(wait);
    }

    void failed(String phone, Kind kind, Instant now) {
        change(phone, it -> it.failed(kind, now));
    }

    void succeeded(String phone, Kind kind, Instant now) {
        change(phone, it -> it.succeeded(kind, now));
    }

    /** Counts a try that is going to be looked at, so that of many at once few are. */
    Try begin(String phone, Kind kind, Instant now) {
        var guard = store.lock(phone);
        var tried = guard.begin(kind, now);
        store.save(phone, guard);
        return tried;
    }

    void wasWrong(String phone, Try tried, Instant now) {
        change(phone, it -> it.wasWrong(tried, now));
    }

    void wasRight(String phone, Try tried, Instant now) {
        change(phone, it -> it.wasRight(tried, now));
    }

    void takeBack(String phone, Try tried, Instant now) {
        change(phone, it -> it.takeBack(tried, now));
    }

    private void change(String phone, Consumer<Guard> how) {
        var guard = store.lock(phone);
        how.accept(guard);
        store.save(phone, guard);
    }
}
