package kvit.transfer;

import static kvit.transfer.TransferProblem.CONFIRMATION_EXPIRED;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_CONFIRMABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.ConfirmationView;
import kvit.identity.Confirmations;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Asks for another code for a transfer that waits for one; the old one is dead. */
@ApplicationScoped
class ResendConfirmation {

    private final PayerOnly payerOnly;
    private final Confirmations confirmations;
    private final Clock clock;

    ResendConfirmation(PayerOnly payerOnly, Confirmations confirmations, Clock clock) {
        this.payerOnly = payerOnly;
        this.confirmations = confirmations;
        this.clock = clock;
    }

    /**
     * @throws Problem TRANSFER_NOT_FOUND, NOT_THE_PAYER, TRANSFER_NOT_CONFIRMABLE,
     *     CONFIRMATION_EXPIRED, TOO_MANY_ATTEMPTS
     */
    ConfirmationView resend(UUID payer, UUID id) {
        var transfer = payerOnly.require(payer, id);
        if (transfer.state() == TransferState.EXPIRED
                || (transfer.state() == TransferState.REQUIRES_CONFIRMATION
                        && !transfer.isWaitingAt(clock.instant()))) {
            throw CONFIRMATION_EXPIRED.because("The money is available again; send it anew.");
        }
        if (transfer.state() != TransferState.REQUIRES_CONFIRMATION) {
            throw TRANSFER_NOT_CONFIRMABLE.because("It waits for no code.");
        }
        var resent = confirmations.resend(id);
        // The code may be good for longer; the transfer has its own end, and nothing moves it.
        var until = Objects.requireNonNull(transfer.expiresAt());
        return until.isBefore(resent.expiresAt())
                ? new ConfirmationView(resent.sentTo(), until, resent.resendAt())
                : resent;
    }
}
