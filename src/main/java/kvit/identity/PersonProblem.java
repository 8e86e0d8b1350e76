package kvit.identity;

import kvit.problem.ProblemType;

/** What every capability refuses to some people. */
public enum PersonProblem implements ProblemType {
    CUSTOMER_FROZEN(422, "Somebody in this may not move money");

    private final int status;
    private final String title;

    PersonProblem(int status, String title) {
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
