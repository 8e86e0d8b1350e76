package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.util.Optional;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;
import kvit.problem.Problem;
import kvit.sms.Sms;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/** Makes the code that confirms something, and sends it with what it confirms. */
@ApplicationScoped
class SendConfirmation implements Subscriber<ConfirmationRequested> {

    private static final Logger LOG = Logger.getLogger(SendConfirmation.class);

    private final ConfirmationStore store;
    private final Codes codes;
    private final CodeMessages messages;
    private final Phones phones;
    private final SendLimits limits;
    private final Wording wording;
    private final Clock clock;

    SendConfirmation(
            ConfirmationStore store,
            Codes codes,
            CodeMessages messages,
            Phones phones,
            SendLimits limits,
            Wording wording,
            Clock clock) {
        this.store = store;
        this.codes = codes;
        this.messages = messages;
        this.phones = phones;
        this.limits = limits;
        this.wording = wording;
        this.clock = clock;
    }

    @Override
    public Class<ConfirmationRequested> kind() {
        return ConfirmationRequested.class;
    }

    /**
     * The code's proof is committed before the SMS leaves, and no connection is held while it does.
     */
    @Override
    @ActivateRequestContext
    public void deliver(ConfirmationRequested event) throws DeliveryFailed {
        if (event.number() == 1 && isOneTooMany(event)) {
            store.codeSent(event.confirmation(), event.number());
            return;
        }
        var code = codes.next();
        var sms = QuarkusTransaction.requiringNew().call(() -> prepare(event, code));
        if (sms.isPresent()) {
            messages.send(sms.get());
            store.codeSent(event.confirmation(), event.number());
        }
    }

    /**
     * Whoever asks for another code is told to wait; the first one comes with something else, whose
     * transaction counts nothing, so it is counted here. Resending works once the wait is over.
     */
    private boolean isOneTooMany(ConfirmationRequested event) {
        var phone = store.find(event.confirmation()).flatMap(it -> phones.find(it.phone()));
        try {
            phone.ifPresent(limits::requireToConfirm);
            return false;
        } catch (Problem e) {
            LOG.infof("no code for %s: %s", event.confirmation(), e.type().code());
            return true;
        }
    }

    /** Nothing is sent where nobody waits any more. */
    private Optional<Sms> prepare(ConfirmationRequested event, String code) {
        var confirmation = store.lock(event.confirmation()).orElse(null);
        if (confirmation == null
                || confirmation.confirmedAt() != null
                || confirmation.sends() != event.number()
                || !clock.instant().isBefore(confirmation.expiresAt())) {
            return Optional.empty();
        }
        store.codeMade(confirmation.id(), codes.mac(confirmation.purpose(), code));
        return Optional.of(
                new Sms(confirmation.phone(), wording.confirmation(confirmation, code), code));
    }
}
