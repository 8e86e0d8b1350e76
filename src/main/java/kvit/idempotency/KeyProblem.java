package kvit.idempotency;

import kvit.problem.ProblemType;

/** Why a key is none, or not this request's, in order of precedence. */
public enum KeyProblem implements ProblemType {
    IDEMPOTENCY_KEY_MISSING(400, "An Idempotency-Key is needed"),
    IDEMPOTENCY_KEY_INVALID(400, "This is not an Idempotency-Key"),
    IDEMPOTENCY_KEY_REUSED(422, "This key was used for another request");

    private final int status;
    private final String title;

    KeyProblem(int status, String title) {
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
