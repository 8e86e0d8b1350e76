package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import kvit.source.Clock;

/** Tells whether an SMS is still to come: for the sandbox, whose reader does not want to guess. */
@ApplicationScoped
public class CodesUnderWay {

    private final SignIns signIns;
    private final ConfirmationStore confirmations;
    private final Clock clock;

    CodesUnderWay(SignIns signIns, ConfirmationStore confirmations, Clock clock) {
        this.signIns = signIns;
        this.confirmations = confirmations;
        this.clock = clock;
    }

    /** Whether a code was asked for and has not been handed to the gateway. */
    @Transactional
    public boolean any(String phone) {
        var now = clock.instant();
        return signIns.isCodeDue(phone, now) || confirmations.isCodeDue(phone, now);
    }
}
