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
     * @param declineCode why it has not, as a problem's code; null when it has
     */
    public record Result(UUID transfer, boolean completed, @Nullable String declineCode) {}

    private final TransferStore store;
    private final Settlement settlement;
    private final Clock clock;

    ReviewTransfer(TransferStore store, Settlement settlement, Clock clock) {
        this.store = store;
        this.settlement = settlement;
        this.clock = clock;
    }

    /**
     * Moves the money, unless one of the two is frozen by now or is over a limit: then the transfer
     * is declined for that, which is a result and has to be committed.
     *
     * @param by the operator, and their reason; neither blank
     * @throws Problem TRANSFER_NOT_FOUND, TRANSFER_NOT_REVIEWABLE; nothing has changed then
     */
    @Transactional(MANDATORY)
    public Result approve(UUID transfer, String by, String reason) {
        var review = new Review(by, reason);
        return result(settlement.complete(waiting(transfer), review).transfer());
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

    private TransferStore.Stored waiting(UUID id) {
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
