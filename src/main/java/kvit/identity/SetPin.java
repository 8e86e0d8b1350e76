package kvit.identity;

import static kvit.identity.IdentityProblem.PIN_WEAK;
import static kvit.identity.IdentityProblem.PIN_WRONG;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.operate.Passwords;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Gives somebody a PIN, or another one in exchange for the one of now. */
@ApplicationScoped
class SetPin {

    /**
     * How long after a change the same request may come again, because its answer was lost: the PIN
     * of before is wrong by then, and the new one says that all is done.
     */
    private static final Duration REPEATED_WITHIN = Duration.ofMinutes(10);

    private final PinStore store;
    private final CheckPin checkPin;
    private final WeakPins weakPins;
    private final Peppers peppers;
    private final Passwords passwords;
    private final Outbox outbox;
    private final Clock clock;

    SetPin(
            PinStore store,
            CheckPin checkPin,
            WeakPins weakPins,
            Peppers peppers,
            Passwords passwords,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.checkPin = checkPin;
        this.weakPins = weakPins;
        this.peppers = peppers;
        this.passwords = passwords;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Nothing else ends with it: whoever has the PIN of now is its owner. Whether the new one is
     * weak is looked at last, because it tells of the phone and the birthday.
     *
     * @param currentPin the PIN of now; null where there is none
     * @throws Problem PIN_LOCKED; PIN_WRONG, also without one where one is needed; PIN_WEAK;
     *     UNAVAILABLE when too many others are at it
     */
    void set(UUID customer, String pin, @Nullable String currentPin) {
        try (var turn = passwords.turn()) {
            var known = store.find(customer);
            if (known.stored() == null && currentPin == null && isFirst(turn, known, pin)) {
                return;
            }
            change(turn, known, pin, currentPin == null ? pin : currentPin);
        }
    }

    /** False when somebody else was quicker to set one. */
    private boolean isFirst(Passwords.Turn turn, Pin known, String pin) {
        requireStrong(known, pin);
        var hash = hash(turn, known.customer(), pin);
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            var inserted =
                                    store.insert(
                                            known.customer(),
                                            hash,
                                            peppers.current(),
                                            clock.instant());
                            if (inserted) {
                                outbox.add(List.of(new PinChanged(known.customer(), true)));
                            }
                            return inserted;
                        });
    }

    private void change(Passwords.Turn turn, Pin known, String pin, String current) {
        var customer = known.customer();
        if (pin.equals(current) || wasJustSet(known)) {
            var refusal = checkPin.check(turn, customer, pin).refusal();
            if (refusal == null) {
                return;
            }
            if (pin.equals(current)) {
                throw refusal;
            }
        }
        // A guess of its own, which counts as one.
        var checked = checkPin.check(turn, customer, current);
        if (checked.refusal() != null) {
            throw checked.refusal();
        }
        requireStrong(checked.pin(), pin);
        var compared = Objects.requireNonNull(checked.pin().stored()).hash();
        var hash = hash(turn, customer, pin);
        var isChanged =
                QuarkusTransaction.requiringNew()
                        .call(
                                () -> {
                                    var replaced =
                                            store.replace(
                                                    customer,
                                                    compared,
                                                    hash,
                                                    peppers.current(),
                                                    clock.instant());
                                    if (replaced) {
                                        outbox.add(List.of(new PinChanged(customer, false)));
                                    }
                                    return replaced;
                                });
        if (!isChanged) {
            throw PIN_WRONG.because("It has been changed at this moment.");
        }
    }

    private boolean wasJustSet(Pin known) {
        var stored = known.stored();
        return stored != null && clock.instant().isBefore(stored.setAt().plus(REPEATED_WITHIN));
    }

    private void requireStrong(Pin owner, String pin) {
        if (weakPins.isWeak(pin, owner)) {
            throw tooWeak();
        }
    }

    /** Says what to do, and never which it was. */
    static Problem tooWeak() {
        return PIN_WEAK.because(
                "No repeats, no runs, no lines of the keypad, no dates, nothing of your phone number.");
    }

    private String hash(Passwords.Turn turn, UUID customer, String pin) {
        return turn.hash(peppers.peppered(peppers.current(), customer, pin));
    }
}
