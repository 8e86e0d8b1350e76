package kvit.identity;

import static kvit.identity.IdentityProblem.PIN_LOCKED;
import static kvit.identity.IdentityProblem.PIN_WRONG;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import kvit.identity.Guard.Kind;
import kvit.identity.Guard.Try;
import kvit.operate.Passwords;
import kvit.operate.Passwords.Whose;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one guess of a PIN. The try is counted and committed before anything is hashed, and
 * taken back when it was right: however many guess at once, no more of them are looked at than may
 * be wrong in a row.
 */
@ApplicationScoped
class CheckPin {

    /**
     * What a guess has come to.
     *
     * @param pin what it was compared with
     * @param right the guess that is right; null when none is
     * @param refusal PIN_WRONG, also where there is none; null when one is right
     */
    record Checked(Pin pin, @Nullable String right, @Nullable Problem refusal) {

        @Override
        public String toString() {
            return "Checked";
        }
    }

    /**
     * A try that counts as a failure until it is settled.
     *
     * @param pin as it was when it was counted
     */
    record Counted(Pin pin, Try tried) {

        String phone() {
            return pin.phone();
        }
    }

    private final PinStore store;
    private final Peppers peppers;
    private final Passwords passwords;
    private final Guesses guesses;
    private final Clock clock;

    CheckPin(PinStore store, Peppers peppers, Passwords passwords, Guesses guesses, Clock clock) {
        this.store = store;
        this.peppers = peppers;
        this.passwords = passwords;
        this.guesses = guesses;
        this.clock = clock;
    }

    /**
     * In the same time whether it is wrong or there is none.
     *
     * @throws Problem PIN_LOCKED, and nothing was looked at; UNAVAILABLE when too many others are
     *     at it, and nothing counts
     */
    Checked check(UUID customer, String guess) {
        return check(customer, pin -> List.of(guess));
    }

    /**
     * The same where either of two may be right. They are one try, and the second one is looked at
     * only when the first one is wrong.
     *
     * @param worthLookingAt the ones to look at, by what there is
     */
    Checked check(UUID customer, Function<Pin, List<String>> worthLookingAt) {
        var counted = count(customer, Kind.PIN);
        var right = right(counted, worthLookingAt.apply(counted.pin()));
        if (right == null) {
            wasWrong(counted);
            return new Checked(
                    counted.pin(),
                    null,
                    PIN_WRONG.because("The PIN is missing or wrong, or there is none."));
        }
        settle(now -> guesses.wasRight(counted.phone(), counted.tried(), now));
        return new Checked(counted.pin(), right, null);
    }

    /**
     * Looks at all of them in one turn. With a turn each, whoever gets none for the second would
     * know that the first is wrong, and it would not count.
     */
    private @Nullable String right(Counted counted, List<String> guesses) {
        try (var turn = passwords.turn(Whose.CUSTOMERS)) {
            for (var guess : guesses) {
                if (matches(turn, counted.pin(), guess)) {
                    return guess;
                }
            }
            return null;
        } catch (Problem noTurn) {
            takeBack(counted);
            throw noTurn;
        }
    }

    private boolean matches(Passwords.Turn turn, Pin pin, String guess) {
        var stored = pin.stored();
        var pepper = stored == null ? peppers.current() : stored.pepper();
        return turn.matches(
                peppers.peppered(pepper, pin.customer(), guess),
                stored == null ? null : stored.hash());
    }

    /**
     * Counts a try as if it had failed already, before there is a turn to look at it: who is locked
     * takes no turn from anybody.
     *
     * @throws Problem PIN_LOCKED, and it does not count
     */
    Counted count(UUID customer, Kind kind) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            var now = clock.instant();
                            var phone = store.find(customer).phone();
                            requireUnlocked(phone, kind, now);
                            var tried = guesses.begin(phone, kind, now);
                            // Only now: whoever came before may have changed it.
                            return new Counted(store.find(customer), tried);
                        });
    }

    /** A card's digits help whoever has signed in just now, so they are locked with signing in. */
    private void requireUnlocked(String phone, Kind kind, Instant now) {
        var own = guesses.blockedFor(phone, now).orElse(Duration.ZERO);
        var signIns =
                kind == Kind.CARD_DIGITS
                        ? guesses.signInsBlockedFor(phone, now).orElse(Duration.ZERO)
                        : Duration.ZERO;
        var wait = own.compareTo(signIns) > 0 ? own : signIns;
        if (!wait.isZero()) {
            throw PIN_LOCKED
                    .because("Too many wrong PINs or codes; wait a while.")
                    .retryAfter(wait);
        }
    }

    void wasWrong(Counted counted) {
        settle(now -> guesses.wasWrong(counted.phone(), counted.tried(), now));
    }

    /** As if it had not been made. */
    void takeBack(Counted counted) {
        settle(now -> guesses.takeBack(counted.phone(), counted.tried(), now));
    }

    private interface Settling {
        void at(Instant now);
    }

    private void settle(Settling settling) {
        QuarkusTransaction.requiringNew().run(() -> settling.at(clock.instant()));
    }
}
