package kvit.topup;

import kvit.problem.ProblemType;

/**
 * Why there is no top-up. Why a card is not charged are CARD_NOT_FOUND and CARD_NOT_ACTIVE, then
 * CUSTOMER_FROZEN, what the rules of countries say, and CARD_DECLINED, in this order.
 */
enum TopUpProblem implements ProblemType {
    TOP_UP_NOT_FOUND(404, "There is no such top-up");

    private final int status;
    private final String title;

    TopUpProblem(int status, String title) {
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
