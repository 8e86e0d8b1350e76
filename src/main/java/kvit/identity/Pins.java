package kvit.identity;

import static jakarta.transaction.Transactional.TxType.NEVER;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import kvit.operate.Passwords;
import kvit.operate.Passwords.Whose;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What other capabilities ask about somebody's PIN. */
@ApplicationScoped
public class Pins {

    private final PinStore store;
    private final CheckPin checkPin;
    private final Peppers peppers;
    private final Passwords passwords;

    Pins(PinStore store, CheckPin checkPin, Peppers peppers, Passwords passwords) {
        this.store = store;
        this.checkPin = checkPin;
        this.peppers = peppers;
        this.passwords = passwords;
    }

    /** Whether somebody has a PIN. One query, in the caller's transaction if there is one. */
    public boolean isSet(UUID customer) {
        return store.isSet(customer);
    }

    /**
     * Until when nothing may be paid out to a card after a reset of the PIN; also in the past,
     * where it was. Whoever pays out asks: nothing here holds anything.
     */
    public Optional<Instant> payoutsHeldUntil(UUID customer) {
        return Optional.ofNullable(store.find(customer).stored()).map(Pin.Stored::payoutsHeldUntil);
    }

    /**
     * Takes a PIN, in transactions of its own and outside of any other one: hashing takes long on
     * purpose, and nobody else is to wait for it under a lock. A wrong one counts.
     *
     * @return PIN_LOCKED; PIN_WRONG, also where there is none; null when it is right
     * @throws Problem UNAVAILABLE when too many others are at it; then nothing counts
     */
    @Transactional(NEVER)
    public @Nullable Problem refusal(UUID customer, String pin) {
        try {
            var checked = checkPin.check(customer, pin);
            if (checked.refusal() == null) {
                renew(checked.pin(), pin);
            }
            return checked.refusal();
        } catch (Problem e) {
            if (e.type() == IdentityProblem.PIN_LOCKED) {
                return e;
            }
            throw e;
        }
    }

    /**
     * Only here, with the PIN at hand, does a hash get from a retired pepper to the present one;
     * another time, if others are at it.
     */
    private void renew(Pin pin, String typed) {
        var stored = Objects.requireNonNull(pin.stored());
        var current = peppers.current();
        if (stored.pepper().equals(current)) {
            return;
        }
        try {
            var hash =
                    passwords.hash(
                            Whose.CUSTOMERS, peppers.peppered(current, pin.customer(), typed));
            store.refresh(pin.customer(), stored.hash(), hash, current);
        } catch (Problem e) {
            if (e.type() != GeneralProblem.UNAVAILABLE) {
                throw e;
            }
        }
    }
}
