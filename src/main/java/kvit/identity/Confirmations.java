package kvit.identity;

import static jakarta.transaction.Transactional.TxType.MANDATORY;
import static kvit.identity.IdentityProblem.CODE_WRONG;
import static kvit.identity.IdentityProblem.CONFIRMATION_NOT_FOUND;
import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.identity.Guard.Kind;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Confirming one thing by a code that was sent for it: proof of having the phone, at the moment and
 * for what the message names, which is an amount and a payee, or a card. For money a PIN does as
 * well.
 */
@ApplicationScoped
public class Confirmations {

    /**
     * What has to be confirmed.
     *
     * @param id of it; a code for one is nothing for another
     * @param customer who has to confirm it
     * @param amount as the message is to name it
     * @param payee as the message is to name them
     * @param terms what it is in all that makes it what it is, word for word the same when it is
     *     confirmed: two people may have one name, and a row may be changed
     */
    public record Request(UUID id, UUID customer, String amount, String payee, String terms) {}

    private final ConfirmationStore store;
    private final Codes codes;
    private final Guesses guesses;
    private final Phones phones;
    private final SendLimits limits;
    private final Outbox outbox;
    private final IdentityConfig config;
    private final Clock clock;

    Confirmations(
            ConfirmationStore store,
            Codes codes,
            Guesses guesses,
            Phones phones,
            SendLimits limits,
            Outbox outbox,
            IdentityConfig config,
            Clock clock) {
        this.store = store;
        this.codes = codes;
        this.guesses = guesses;
        this.phones = phones;
        this.limits = limits;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** Sends a code for each as soon as the caller's transaction has committed. */
    @Transactional(MANDATORY)
    public void request(List<Request> requests) {
        if (requests.isEmpty()) {
            return;
        }
        store.insert(requests, clock.instant(), config.codeLife(), config.resendGap());
        outbox.add(requests.stream().map(it -> new ConfirmationRequested(it.id(), 1)).toList());
    }

    /**
     * Sends a code for a card as soon as the caller's transaction has committed.
     *
     * @param id of the card; a code for one is nothing for another
     * @param last4 its last digits, as the message is to name it
     */
    @Transactional(MANDATORY)
    public ConfirmationView requestForCard(UUID id, UUID customer, String last4) {
        store.insertForCard(
                id, customer, last4, clock.instant(), config.codeLife(), config.resendGap());
        outbox.add(List.of(new ConfirmationRequested(id, 1)));
        return view(id).orElseThrow();
    }

    /** What waits for a code, as its owner may see it; empty where nothing does. */
    public Optional<ConfirmationView> view(UUID id) {
        return store.find(id)
                .filter(it -> it.confirmedAt() == null)
                .map(
                        it ->
                                new ConfirmationView(
                                        phones.mask(it.phone()), it.expiresAt(), it.resendAt()));
    }

    /**
     * Takes a code for a payment, like {@link #refusal(UUID, String)}.
     *
     * @param terms of the payment as it is now; where they are others than when the code was asked
     *     for, no code is right
     */
    @Transactional(MANDATORY)
    public @Nullable Problem refusal(UUID id, String terms, String code) {
        var asked = store.lock(id);
        if (asked.isPresent() && !asked.get().isAbout(terms)) {
            return wrong();
        }
        return refusal(id, code);
    }

    /**
     * Takes a code, in the caller's transaction. That has to commit whatever the answer is, because
     * a wrong try counts. The right code stays right, for whoever did not hear that it was.
     *
     * @return TOO_MANY_ATTEMPTS or CODE_WRONG; null when the code is right
     */
    @Transactional(MANDATORY)
    public @Nullable Problem refusal(UUID id, String code) {
        var now = clock.instant();
        var confirmation = store.lock(id).orElse(null);
        if (confirmation == null) {
            return wrong();
        }
        var matches = codes.matches(confirmation.purpose(), code, confirmation.proof());
        var block = blockedFor(confirmation, now);
        if (block.isPresent()) {
            return block.get();
        }
        if (confirmation.confirmedAt() != null && matches) {
            return null;
        }
        if (!confirmation.isOpenAt(now) || !matches) {
            store.failed(id);
            guesses.failed(confirmation.phone(), Kind.CONFIRMATION_CODE, now);
            return wrong();
        }
        store.confirm(id, now);
        guesses.succeeded(confirmation.phone(), Kind.CONFIRMATION_CODE, now);
        return null;
    }

    private Optional<Problem> blockedFor(Confirmation confirmation, Instant now) {
        if (confirmation.tries() >= config.triesMax()) {
            var wait = Duration.between(now, confirmation.resendAt());
            return Optional.of(
                    TOO_MANY_ATTEMPTS
                            .because("This code is dead; ask for a new one.")
                            .retryAfter(wait.isNegative() ? Duration.ZERO : wait));
        }
        return guesses.blockedFor(confirmation.phone(), now).map(Guesses::tooMany);
    }

    private static Problem wrong() {
        return CODE_WRONG.because("It is wrong, or expired, or was replaced.");
    }

    /**
     * Notes that it was confirmed otherwise than by a code, in the caller's transaction: by the
     * customer's PIN, which {@link Pins} has taken before. Once more changes nothing.
     *
     * @param terms of the payment as it is now
     * @return false where nothing was asked for, or with other terms: nothing was confirmed
     */
    @Transactional(MANDATORY)
    public boolean confirmedByPin(UUID id, String terms) {
        var asked = store.lock(id);
        if (asked.isEmpty() || !asked.get().isAbout(terms)) {
            return false;
        }
        if (asked.get().confirmedAt() == null) {
            store.confirm(id, clock.instant());
        }
        return true;
    }

    /** Whether the right code was given before, or the PIN. */
    public boolean isConfirmed(UUID id) {
        return store.find(id).filter(it -> it.confirmedAt() != null).isPresent();
    }

    /**
     * Asks for a new code; the old one is dead from that moment. In transactions of its own.
     *
     * @throws Problem CONFIRMATION_NOT_FOUND, also for one that was confirmed; TOO_MANY_ATTEMPTS
     *     when it is too soon or was too often
     */
    public ConfirmationView resend(UUID id) {
        var phone = phones.parse(waiting(store.find(id)).phone());
        // Outside of the transaction: what was counted stays counted.
        limits.requireToConfirm(phone);
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            // Looked at once more under lock: two at once are one too many.
                            var number = waiting(store.lock(id)).sends() + 1;
                            var now = clock.instant();
                            var life = config.codeLife();
                            var resendGap = config.resendGap();
                            store.requestCode(id, now, life, resendGap);
                            outbox.add(List.of(new ConfirmationRequested(id, number)));
                            return new ConfirmationView(
                                    phone.masked(), now.plus(life), now.plus(resendGap));
                        });
    }

    private Confirmation waiting(Optional<Confirmation> found) {
        var confirmation =
                found.filter(it -> it.confirmedAt() == null)
                        .orElseThrow(
                                () -> CONFIRMATION_NOT_FOUND.because("Nothing waits for a code."));
        var now = clock.instant();
        if (now.isBefore(confirmation.resendAt())) {
            throw TOO_MANY_ATTEMPTS
                    .because("The last code is still on its way.")
                    .retryAfter(Duration.between(now, confirmation.resendAt()));
        }
        return confirmation;
    }
}
