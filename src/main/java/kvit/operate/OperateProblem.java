package kvit.operate;

import kvit.problem.ProblemType;

/** What operators are refused, in order of precedence. */
public enum OperateProblem implements ProblemType {
    SIGN_IN_ELSEWHERE(403, "Somebody else signs operators in"),
    SIGN_IN_REFUSED(401, "Not signed in"),
    INVITATION_INVALID(422, "No such invitation"),
    OPERATOR_NOT_FOUND(404, "No such operator"),
    OPERATOR_KNOWN(409, "Somebody has that address already"),
    OPERATOR_SELF(403, "It is about yourself"),
    OPERATOR_FROM_ELSEWHERE(409, "Somebody else decides that"),
    OPERATOR_STATE(409, "The operator is not in that state"),
    OPERATOR_LAST_ADMIN(409, "Nobody would be left to let others in"),
    INVITATION_NOT_YOURS(403, "The invitation is not yours to hand over"),
    APPROVAL_NOT_FOUND(404, "No such request"),
    APPROVAL_BY_MAKER(403, "It takes somebody else"),
    APPROVAL_SETTLED(409, "It was decided before"),
    APPROVAL_EXPIRED(409, "It was left for too long"),
    APPROVAL_STALE(409, "It was asked of something that has changed since"),
    APPROVAL_PENDING(409, "One such request waits already");

    private final int status;
    private final String title;

    OperateProblem(int status, String title) {
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

    /** Of a request that was decided, the same question gets the same answer for ever. */
    @Override
    public boolean retryable() {
        return this == APPROVAL_PENDING;
    }
}
