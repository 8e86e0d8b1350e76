package kvit.identity;

import static kvit.identity.IdentityProblem.PIN_WRONG;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * That it is the customer, now, and not whoever has an access token of theirs: for what cannot be
 * undone, or shows all there is.
 */
@ApplicationScoped
public class FreshProof {

    private final Pins pins;
    private final CheckPin checkPin;
    private final FreshSignIn freshSignIn;

    FreshProof(Pins pins, CheckPin checkPin, FreshSignIn freshSignIn) {
        this.pins = pins;
        this.checkPin = checkPin;
        this.freshSignIn = freshSignIn;
    }

    /**
     * The PIN of whoever has one; of others a code that was typed just now.
     *
     * @throws Problem SIGN_IN_TOO_OLD, PIN_LOCKED, PIN_WRONG; UNAVAILABLE when too many others are
     *     at it
     */
    public void require(Caller caller, @Nullable String pin) {
        if (!pins.isSet(caller.customerId())) {
            requireSignIn(caller);
            return;
        }
        if (pin == null) {
            throw PIN_WRONG.because("The PIN is missing.");
        }
        var refusal = checkPin.check(caller.customerId(), pin).refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    /**
     * A code that was typed just now.
     *
     * @throws Problem SIGN_IN_TOO_OLD
     */
    public void requireSignIn(Caller caller) {
        freshSignIn.require(caller.sessionId());
    }
}
