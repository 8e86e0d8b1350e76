package kvit.transfer;

import static jakarta.transaction.Transactional.TxType.MANDATORY;
import static kvit.transfer.TransferProblem.REVIEW_REJECTED;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_REVIEWABLE;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.topup.Charges;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a transfer that is kept back until somebody has looked at it. In the caller's
 * transaction, so that who did it is recorded with what they did; {@link
 * kvit.ledger.MoneyTransactions} runs one that is repeated where the database asks for it.
 */
@ApplicationScoped
class ReviewTransfer {

    /**
     * What has become of the transfer.
     *
     * @param completed whether the money has moved
     * @param declineCode why it will not, as a problem's code; null when it has, while its card is
     *     being charged, and while it waits for its payee
     */
    @Schema(name = "ReviewResult")
    public record Result(UUID transfer, boolean completed, @Nullable String declineCode) {}

    private final TransferStore store;
    private final Settlement settlement;
    private final BeginCharge beginCharge;
    private final Charges charges;
    private final Clock clock;

    ReviewTransfer(
            TransferStore store,
            Settlement settlement,
            BeginCharge beginCharge,
            Charges charges,
            Clock clock) {
        this.store = store;
        this.settlement = settlement;
        this.beginCharge = beginCharge;
        this.charges = charges;
        this.clock = clock;
    }

    /**
     * Moves the money, unless one of the two is frozen by now or is over a limit: then the transfer
     * is declined for that, which is a result and has to be committed. Where a card pays, it is
     * charged next, by {@link #charge} after the commit.
     *
     * @param by the operator, and their reason; neither blank
     * @throws Problem TRANSFER_NOT_FOUND, TRANSFER_NOT_REVIEWABLE, CARD_PROCESSOR_UNAVAILABLE;
     *     nothing has changed then, if the transaction is undone
     */
    @Transactional(MANDATORY)
    public Result approve(UUID transfer, String by, String reason, Charges.Call call) {
        var review = new Review(by, reason);
        var waiting = waiting(transfer);
        var settled =
                settlement.isToBeCharged(waiting.transfer())
                        ? beginCharge.begin(waiting, review, call)
                        : settlement.complete(waiting, review);
        return result(settled.transfer());
    }

    /**
     * Charges the card of one that was let through and is paid for by it; any other stays what it
     * is. In no transaction.
     */
    Result charge(Result reviewed, Charges.Call call) {
        if (store.find(reviewed.transfer()).orElseThrow().state() != TransferState.CHARGING) {
            return reviewed;
        }
        charges.carryOut(reviewed.transfer(), call);
        return result(store.find(reviewed.transfer()).orElseThrow());
    }

    /**
     * Declines the transfer with the code {@code review-rejected}; the payer has the money again.
     *
     * @param by the operator, and their reason, which nobody else is told; neither blank
     * @throws Problem TRANSFER_NOT_FOUND, TRANSFER_NOT_REVIEWABLE; nothing has changed then
     */
    @Transactional(MANDATORY)
    public Result reject(UUID transfer, String by, String reason) {
        var review = new Review(by, reason);
        var rejected = waiting(transfer).transfer().rejected(REVIEW_REJECTED.code());
        settlement.end(List.of(rejected), review);
        return result(rejected);
    }

    private StoredTransfer waiting(UUID id) {
        if (store.find(id).isEmpty()) {
            throw TRANSFER_NOT_FOUND.because("No transfer " + id + ".");
        }
        var stored = store.lockStored(id);
        if (stored.transfer().state() != TransferState.PENDING
                || !stored.transfer().isWaitingAt(clock.instant())) {
            throw TRANSFER_NOT_REVIEWABLE
                    .because("It does not wait for a review, or not any more.")
                    .with("transferId", id)
                    .with("state", stored.transfer().state());
        }
        return stored;
    }

    private static Result result(Transfer transfer) {
        return new Result(transfer.id(), transfer.completedAt() != null, transfer.declineCode());
    }
}
