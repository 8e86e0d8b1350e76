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
import kvit.operate.Passwords.Whose;
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

    private final FreshSignIn freshSignIn;
    private final PinStore store;
    private final CheckPin checkPin;
    private final WeakPins weakPins;
    private final Peppers peppers;
    private final Passwords passwords;
    private final PinNotices notices;
    private final Outbox outbox;
    private final Clock clock;

    SetPin(
            FreshSignIn freshSignIn,
            PinStore store,
            CheckPin checkPin,
            WeakPins weakPins,
            Peppers peppers,
            Passwords passwords,
            PinNotices notices,
            Outbox outbox,
            Clock clock) {
        this.freshSignIn = freshSignIn;
        this.store = store;
        this.checkPin = checkPin;
        this.weakPins = weakPins;
        this.peppers = peppers;
        this.passwords = passwords;
        this.notices = notices;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Nothing else ends with it: whoever has the PIN of now is its owner. Whether the new one is
     * weak is looked at last, because it tells of the phone and the birthday.
     *
     * @param session through which it is asked for; the first PIN takes a fresh one
     * @param currentPin the PIN of now; null where there is none
     * @throws Problem SIGN_IN_TOO_OLD for the first PIN; PIN_LOCKED; PIN_WRONG, also without one
     *     where one is needed; PIN_WEAK; UNAVAILABLE when too many others are at it
     */
    void set(UUID customer, UUID session, String pin, @Nullable String currentPin) {
        var known = store.find(customer);
        if (known.stored() == null && currentPin == null) {
            freshSignIn.require(session);
            if (isFirst(known, pin)) {
                return;
            }
        }
        change(customer, pin, currentPin == null ? pin : currentPin);
    }

    /** False when somebody else was quicker to set one. */
    private boolean isFirst(Pin known, String pin) {
        requireStrong(known, pin);
        var hash = hash(known.customer(), pin);
        var event = changed(known, true);
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
                                outbox.add(List.of(event));
                            }
                            return inserted;
                        });
    }

    private void change(UUID customer, String pin, String current) {
        var checked = checkPin.check(customer, it -> worthLookingAt(it, pin, current));
        if (checked.refusal() != null) {
            throw checked.refusal();
        }
        if (pin.equals(checked.right())) {
            return;
        }
        requireStrong(checked.pin(), pin);
        var compared = Objects.requireNonNull(checked.pin().stored()).hash();
        var hash = hash(customer, pin);
        var event = changed(checked.pin(), false);
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
                                        outbox.add(List.of(event));
                                    }
                                    return replaced;
                                });
        if (!isChanged) {
            throw PIN_WRONG.because("It has been changed at this moment.");
        }
    }

    /** For a while after a change the new PIN as well, and the two together are one try. */
    private List<String> worthLookingAt(Pin pin, String next, String current) {
        return wasJustSet(pin) && !next.equals(current) ? List.of(current, next) : List.of(current);
    }

    private boolean wasJustSet(Pin pin) {
        var stored = pin.stored();
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

    private String hash(UUID customer, String pin) {
        return passwords.hash(Whose.CUSTOMERS, peppers.peppered(peppers.current(), customer, pin));
    }

    /** Counted outside of the transaction: what was counted stays counted. */
    private PinChanged changed(Pin pin, boolean isFirst) {
        return new PinChanged(pin.customer(), isFirst, notices.mayTell(pin.phone()));
    }
}
