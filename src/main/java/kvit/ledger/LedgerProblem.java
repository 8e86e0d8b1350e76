package kvit.ledger;

import kvit.problem.ProblemType;

/** Why the books refuse, in order of precedence. */
public enum LedgerProblem implements ProblemType {
    POSTING_NOT_FOUND(404, "There is no such posting"),
    ALREADY_REVERSED(422, "This was taken back before"),
    HOLD_NOT_FOUND(404, "There is no such hold"),
    HOLD_SETTLED(422, "This hold was captured, released or has expired"),
    CAPTURE_EXCEEDS_HOLD(422, "More than the hold holds"),
    BALANCE_OUT_OF_RANGE(422, "More than an account can count"),
    INSUFFICIENT_FUNDS(422, "Not enough money");

    private final int status;
    private final String title;

    LedgerProblem(int status, String title) {
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
