package kvit.transfer;

import kvit.problem.ProblemType;

/**
 * Why money is not sent, taken back or given back, in order of precedence; those of the key come
 * first, the ledger's own last. Those from TRANSFER_NOT_CANCELLABLE on are answers to a key that
 * was taken, and are stored.
 */
enum TransferProblem implements ProblemType {
    TRANSFER_NOT_FOUND(404, "There is no such transfer"),
    NOT_THE_PAYEE(403, "Only the payee can give it back"),
    NOT_THE_PAYER(403, "Only the payer can confirm it or take it back"),
    TRANSFER_NOT_CONFIRMABLE(422, "This transfer waits for no confirmation"),
    CONFIRMATION_EXPIRED(422, "This transfer has waited for too long"),
    TRANSFER_NOT_REVIEWABLE(422, "This transfer waits for no review"),
    TRANSFER_NOT_REVERSIBLE(422, "There is nothing of this transfer to take back"),
    TRANSFER_GONE_BACK(422, "What was sent to you has gone back"),
    TRANSFER_NOT_CANCELLABLE(422, "This transfer does not wait any more"),
    PAYER_IS_PAYEE(422, "Payer and payee are the same"),
    PAYEE_NOT_FOUND(422, "The payee is not a customer"),
    TRANSFER_NOT_REFUNDABLE(422, "This transfer cannot be given back"),
    REFUND_EXCEEDS_TRANSFER(422, "More than is left to give back"),
    /** No answer to a request, but why a transfer that had waited was declined. */
    REVIEW_REJECTED(422, "This transfer was looked at and not let through"),
    /** Nor is this: its money had waited, and the bank of the card wants it back. */
    CHARGE_CONTESTED(422, "The cardholder contests what paid for this transfer");

    private final int status;
    private final String title;

    TransferProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
