package kvit.identity;

import kvit.problem.ProblemType;

/** What every capability refuses of some people, in order of precedence. */
public enum PersonProblem implements ProblemType {
    PERSON_NOT_FOUND(404, "There is no such person"),
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
