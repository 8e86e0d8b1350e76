package kvit.transfer;

import static kvit.transfer.TransferProblem.CONFIRMATION_EXPIRED;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_CONFIRMABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.identity.Confirmations;
import kvit.identity.Pins;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.topup.Charges;
import org.jspecify.annotations.Nullable;

/** Lets a transfer go on with the code that was sent for it, or with its payer's PIN. */
@ApplicationScoped
class ConfirmTransfer {

    /** The payer's word for a transfer, under whose lock it is taken. */
    private interface Proof {
        @Nullable Problem refusal(Transfer transfer);
    }

    private final PayerOnly payerOnly;
    private final TransferStore store;
    private final Confirmations confirmations;
    private final Pins pins;
    private final Settlement settlement;
    private final BeginCharge beginCharge;
    private final Charges charges;
    private final WhyDeclined whyDeclined;
    private final MoneyTransactions transactions;
    private final TransferConfig config;
    private final Clock clock;

    ConfirmTransfer(
            PayerOnly payerOnly,
            TransferStore store,
            Confirmations confirmations,
            Pins pins,
            Settlement settlement,
            BeginCharge beginCharge,
            Charges charges,
            WhyDeclined whyDeclined,
            MoneyTransactions transactions,
            TransferConfig config,
            Clock clock) {
        this.payerOnly = payerOnly;
        this.store = store;
        this.confirmations = confirmations;
        this.pins = pins;
        this.settlement = settlement;
        this.beginCharge = beginCharge;
        this.charges = charges;
        this.whyDeclined = whyDeclined;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Completes the transfer, or hands it on to whoever looks at it, or has its card charged and
     * waits for that. The right code of one that has gone on already changes nothing, so this needs
     * no key: whoever did not hear the answer asks again, and is told how it is by now.
     *
     * @return the transfer as it is now
     * @throws Problem TRANSFER_NOT_FOUND, NOT_THE_PAYER, TRANSFER_NOT_CONFIRMABLE,
     *     CONFIRMATION_EXPIRED, TOO_MANY_ATTEMPTS, CODE_WRONG; CARD_PROCESSOR_UNAVAILABLE, and the
     *     same may be sent again; or that with which the transfer was declined, because something
     *     has changed while it waited, or by whoever issued the card
     */
    Transfer confirm(UUID payer, UUID id, String code) {
        payerOnly.require(payer, id);
        return settled(id, it -> confirmations.refusal(it.id(), it.terms(), code));
    }

    /**
     * The same with the payer's PIN. It is looked at before the transfer is locked, because that
     * takes long on purpose; and only while a right one would do something, or has done it, so that
     * no try counts for nothing.
     *
     * @throws Problem as above, with PIN_LOCKED and PIN_WRONG in place of those of codes, the
     *     latter also where there is no PIN; UNAVAILABLE when too many others are at it
     */
    Transfer confirmByPin(UUID payer, UUID id, String pin) {
        var closed = closed(payerOnly.require(payer, id));
        var refusal = closed == null ? pins.refusal(payer, pin) : closed;
        if (refusal != null) {
            throw refusal.with("transferId", id);
        }
        return settled(
                id,
                it -> confirmations.confirmedByPin(it.id(), it.terms()) ? null : notConfirmable());
    }

    private Transfer settled(UUID id, Proof proof) {
        try (var call = charges.call()) {
            var settled = transactions.keyed(() -> inTransaction(id, proof, call));
            if (settled.refusal() != null) {
                throw settled.refusal();
            }
            return settled.transfer().state() == TransferState.CHARGING
                    ? charged(id, call)
                    : settled.transfer();
        }
    }

    /** By whoever has let it begin; anybody else is told how far it is. */
    private Transfer charged(UUID id, Charges.Call call) {
        charges.carryOut(id, call);
        var transfer = store.find(id).orElseThrow();
        if (transfer.state() == TransferState.DECLINED) {
            throw whyDeclined.of(transfer);
        }
        return transfer;
    }

    /** A refusal is returned and commits, because a wrong try counts and a decline is kept. */
    private Settlement.Settled inTransaction(UUID id, Proof proof, Charges.Call call) {
        var stored = store.lockStored(id);
        var transfer = stored.transfer();
        var closed = closed(transfer);
        var refusal = closed == null ? proof.refusal(transfer) : closed;
        if (refusal != null) {
            return refused(transfer, refusal);
        }
        return switch (transfer.state()) {
            case REQUIRES_CONFIRMATION -> goOn(stored, call);
            case DECLINED -> new Settlement.Settled(transfer, whyDeclined.of(transfer));
            default -> new Settlement.Settled(transfer, null);
        };
    }

    /** Why nothing confirms it; null while it waits for that, and when it was confirmed before. */
    private @Nullable Problem closed(Transfer transfer) {
        return switch (transfer.state()) {
            case REQUIRES_CONFIRMATION -> transfer.isWaitingAt(clock.instant()) ? null : expired();
            case PENDING, CHARGING, UNCLAIMED, COMPLETED, REFUNDED ->
                    confirmations.isConfirmed(transfer.id()) ? null : notConfirmable();
            case EXPIRED -> expired();
            // It has gone on with that confirmation, and that it came to nothing is the answer.
            case DECLINED ->
                    charges.fateOf(transfer.id()) != Charges.Fate.NOT_BEGUN
                                    && confirmations.isConfirmed(transfer.id())
                            ? null
                            : notConfirmable();
            case CANCELLED -> notConfirmable();
        };
    }

    private Settlement.Settled goOn(StoredTransfer stored, Charges.Call call) {
        var transfer = stored.transfer();
        if (!transfer.review()) {
            var settled =
                    transfer.isPaidByCard()
                            ? beginCharge.begin(stored, null, call)
                            : settlement.complete(stored, null);
            return settled.refusal() == null
                    ? settled
                    : refused(settled.transfer(), settled.refusal());
        }
        var confirmed = transfer.confirmed(clock.instant().plus(config.reviewLife()));
        settlement.awaitReview(confirmed);
        return new Settlement.Settled(confirmed, null);
    }

    private static Settlement.Settled refused(Transfer transfer, Problem refusal) {
        return new Settlement.Settled(transfer, refusal.with("transferId", transfer.id()));
    }

    private static Problem expired() {
        return CONFIRMATION_EXPIRED.because("The money is available again; send it anew.");
    }

    private static Problem notConfirmable() {
        return TRANSFER_NOT_CONFIRMABLE.because(
                "It waits for no confirmation, or has come to nothing.");
    }
}
