package kvit.closing;

import kvit.problem.ProblemType;

/**
 * Why an account is not closed, in order of precedence. What is said of the proof comes first, then
 * CUSTOMER_FROZEN; CARD_NOT_FOUND comes before MONEY_NOT_PAID_OUT.
 */
enum ClosingProblem implements ProblemType {
    CLOSING_NOT_FOUND(404, "You are not closing your account"),
    CLOSING_CONTESTED(422, "Somebody contests a payment"),
    CLOSING_CHARGING(409, "A card is being charged"),
    MONEY_LEFT(422, "There is money left"),
    MONEY_NOT_PAID_OUT(422, "The money that is left could not be paid out");

    private final int status;
    private final String title;

    ClosingProblem(int status, String title) {
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
