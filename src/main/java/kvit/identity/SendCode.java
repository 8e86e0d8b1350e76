package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;
import kvit.sms.Sms;
import kvit.source.Clock;

/**
 * Makes the code and sends it. It exists here, in the SMS and in the person's head; a second
 * attempt makes another one, so the last SMS to arrive is the one that counts.
 */
@ApplicationScoped
class SendCode implements Subscriber<CodeRequested> {

    private final SignIns signIns;
    private final Codes codes;
    private final CodeMessages messages;
    private final Wording wording;
    private final Clock clock;

    SendCode(SignIns signIns, Codes codes, CodeMessages messages, Wording wording, Clock clock) {
        this.signIns = signIns;
        this.codes = codes;
        this.messages = messages;
        this.wording = wording;
        this.clock = clock;
    }

    @Override
    public Class<CodeRequested> kind() {
        return CodeRequested.class;
    }

    /**
     * The code's proof is committed before the SMS leaves, and no connection is held while it does.
     */
    @Override
    public void deliver(CodeRequested event) throws DeliveryFailed {
        var code = codes.next();
        var sms = QuarkusTransaction.requiringNew().call(() -> prepare(event, code));
        if (sms.isEmpty()) {
            return;
        }
        messages.send(sms.get());
        QuarkusTransaction.requiringNew().run(() -> arrived(event));
    }

    /** Nothing is sent where nobody waits any more. */
    private Optional<Sms> prepare(CodeRequested event, String code) {
        var signIn = signIns.lock(event.signIn()).orElse(null);
        if (signIn == null
                || signIn.confirmedAt != null
                || signIn.sends != event.number()
                || !clock.instant().isBefore(signIn.expiresAt)) {
            return Optional.empty();
        }
        signIn.codeMade(codes.mac(signIn.id, code));
        return Optional.of(new Sms(signIn.phone, wording.signIn(signIn.locale, code), code));
    }

    private void arrived(CodeRequested event) {
        signIns.lock(event.signIn()).ifPresent(SignIn::codeSent);
    }
}
