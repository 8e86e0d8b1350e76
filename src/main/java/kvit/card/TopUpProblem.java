package kvit.card;

import kvit.problem.ProblemType;

/**
 * Why a card is not charged, in order of precedence; CARD_NOT_FOUND comes before CARD_NOT_ACTIVE,
 * and then CUSTOMER_FROZEN, what the rules of countries say, and CARD_DECLINED.
 */
enum TopUpProblem implements ProblemType {
    TOP_UP_NOT_FOUND(404, "There is no such top-up"),
    CARD_NOT_ACTIVE(422, "This card cannot be paid with");

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
