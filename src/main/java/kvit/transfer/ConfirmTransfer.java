package kvit.transfer;

import static kvit.transfer.TransferProblem.CONFIRMATION_EXPIRED;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_CONFIRMABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.identity.Confirmations;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Lets a transfer go on with the code that was sent for it. */
@ApplicationScoped
class ConfirmTransfer {

    private final PayerOnly payerOnly;
    private final TransferStore store;
    private final Confirmations confirmations;
    private final Settlement settlement;
    private final MoneyTransactions transactions;
    private final TransferConfig config;
    private final Clock clock;

    ConfirmTransfer(
            PayerOnly payerOnly,
            TransferStore store,
            Confirmations confirmations,
            Settlement settlement,
            MoneyTransactions transactions,
            TransferConfig config,
            Clock clock) {
        this.payerOnly = payerOnly;
        this.store = store;
        this.confirmations = confirmations;
        this.settlement = settlement;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Completes the transfer, or hands it on to whoever looks at it. The right code of one that has
     * gone on already changes nothing, so this needs no key: whoever did not hear the answer asks
     * again.
     *
     * @return the transfer as it is now
     * @throws Problem TRANSFER_NOT_FOUND, NOT_THE_PAYER, TRANSFER_NOT_CONFIRMABLE,
     *     CONFIRMATION_EXPIRED, TOO_MANY_ATTEMPTS, CODE_WRONG; or that with which the transfer was
     *     declined, because something has changed while it waited
     */
    Transfer confirm(UUID payer, UUID id, String code) {
        payerOnly.require(payer, id);
        var settled = transactions.keyed(() -> inTransaction(id, code));
        if (settled.refusal() != null) {
            throw settled.refusal();
        }
        return settled.transfer();
    }

    /** A refusal is returned and commits, because a wrong try counts and a decline is kept. */
    private Settlement.Settled inTransaction(UUID id, String code) {
        var stored = store.lockStored(id);
        var transfer = stored.transfer();
        return switch (transfer.state()) {
            case REQUIRES_CONFIRMATION -> goOn(stored, code);
            case PENDING, COMPLETED, REFUNDED -> repeated(transfer, code);
            case EXPIRED -> refused(transfer, expired());
            case DECLINED, CANCELLED -> refused(transfer, notConfirmable());
        };
    }

    private Settlement.Settled goOn(TransferStore.Stored stored, String code) {
        var transfer = stored.transfer();
        var now = clock.instant();
        if (!transfer.isWaitingAt(now)) {
            return refused(transfer, expired());
        }
        var refusal = confirmations.refusal(transfer.id(), code);
        if (refusal != null) {
            return refused(transfer, refusal);
        }
        if (!transfer.review()) {
            var settled = settlement.complete(stored, null);
            return settled.refusal() == null
                    ? settled
                    : refused(settled.transfer(), settled.refusal());
        }
        var confirmed = transfer.confirmed(now.plus(config.reviewLife()));
        settlement.awaitReview(confirmed);
        return new Settlement.Settled(confirmed, null);
    }

    private Settlement.Settled repeated(Transfer transfer, String code) {
        return new Settlement.Settled(
                transfer,
                confirmations.isConfirmed(transfer.id())
                        ? confirmations.refusal(transfer.id(), code)
                        : notConfirmable());
    }

    private static Settlement.Settled refused(Transfer transfer, Problem refusal) {
        return new Settlement.Settled(transfer, refusal.with("transferId", transfer.id()));
    }

    private static Problem expired() {
        return CONFIRMATION_EXPIRED.because("The money is available again; send it anew.");
    }

    private static Problem notConfirmable() {
        return TRANSFER_NOT_CONFIRMABLE.because("It needs no code, or has come to nothing.");
    }
}
