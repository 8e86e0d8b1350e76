package kvit.identity;

import static kvit.identity.IdentityProblem.PIN_LOCKED;
import static kvit.identity.IdentityProblem.PIN_WRONG;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.operate.Passwords;
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
     * @param refusal PIN_WRONG, also where there is none; null when it is right
     */
    record Checked(Pin pin, @Nullable Problem refusal) {}

    private final PinStore store;
    private final Peppers peppers;
    private final Guesses guesses;
    private final Clock clock;

    CheckPin(PinStore store, Peppers peppers, Guesses guesses, Clock clock) {
        this.store = store;
        this.peppers = peppers;
        this.guesses = guesses;
        this.clock = clock;
    }

    /**
     * In the same time whether it is wrong or there is none.
     *
     * @param turn to hash: had before the try is counted, so that none counts for nothing
     * @throws Problem PIN_LOCKED, and nothing was looked at
     */
    Checked check(Passwords.Turn turn, UUID customer, String guess) {
        var pin = counted(customer);
        var stored = pin.stored();
        var pepper = stored == null ? peppers.current() : stored.pepper();
        var isRight =
                turn.matches(
                        peppers.peppered(pepper, customer, guess),
                        stored == null ? null : stored.hash());
        if (!isRight) {
            return new Checked(
                    pin, PIN_WRONG.because("The PIN is missing or wrong, or there is none."));
        }
        wasRight(pin);
        return new Checked(pin, null);
    }

    /**
     * Counts a try as if it had failed already.
     *
     * @throws Problem PIN_LOCKED, and it does not count
     */
    Pin counted(UUID customer) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            var now = clock.instant();
                            var phone = store.find(customer).phone();
                            var wait = guesses.blockedFor(phone, now);
                            if (wait.isPresent()) {
                                throw PIN_LOCKED
                                        .because("Too many wrong PINs or codes; wait a while.")
                                        .retryAfter(wait.get());
                            }
                            guesses.pinFailed(phone, now);
                            // Only now: whoever came before may have changed it.
                            return store.find(customer);
                        });
    }

    void wasRight(Pin pin) {
        QuarkusTransaction.requiringNew().run(() -> guesses.pinSucceeded(pin.phone()));
    }
}
