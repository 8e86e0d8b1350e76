package kvit.payout;

import kvit.problem.ProblemType;

/**
 * Why money is not paid out or taken back, in order of precedence. CARD_NOT_FOUND and
 * CARD_NOT_ACTIVE come before CARD_TAKES_NO_PAYOUTS; CUSTOMER_FROZEN and what the rules of
 * countries say before PAYOUTS_HELD; the ledger's own come last.
 */
enum PayoutProblem implements ProblemType {
    PAYOUT_NOT_FOUND(404, "There is no such payout"),
    PAYOUT_NOT_CANCELLABLE(422, "This payout cannot be taken back any more"),
    CARD_TAKES_NO_PAYOUTS(422, "Nothing can be paid out to this card"),
    PAYOUTS_HELD(422, "Nothing is paid out for a while"),
    INSTANT_NOT_OFFERED(422, "Nothing is paid out at once in this currency"),
    PAYOUT_TOO_SMALL(422, "The fee would be more than what arrives");

    private final int status;
    private final String title;

    PayoutProblem(int status, String title) {
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
