package kvit.sandbox;

import kvit.problem.ProblemType;

/** What a sandbox refuses. */
enum SandboxProblem implements ProblemType {
    CUSTOMER_NOT_FOUND(404, "There is no such customer");

    private final int status;
    private final String title;

    SandboxProblem(int status, String title) {
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
