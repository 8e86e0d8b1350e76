package kvit.claim;

import kvit.problem.ProblemType;

/** What is refused about claims, mostly to operators, in order of precedence. */
enum ClaimProblem implements ProblemType {
    CLAIM_NOT_FOUND(404, "There is no such claim"),
    TRANSFER_NOT_CLAIMABLE(422, "Nothing can be claimed of this transfer"),
    CLAIM_PENDING(409, "A claim on this transfer is open"),
    CLAIM_SETTLED(422, "This claim is accepted or rejected"),
    CLAIM_INVESTIGATED(422, "This claim is being investigated already"),
    CLAIM_NOT_INVESTIGATED(422, "Nobody has looked into this claim"),
    CLAIM_CREDITED(422, "This claim was credited before"),
    CLAIM_CREDIT_OUT(422, "What they have for this claim is still with them"),
    CLAIM_NOT_CREDITED(404, "Nothing was credited for this claim, or it is back"),
    CLAIM_AMOUNT_LEFT(422, "Not as much is left of the transfer");

    private final int status;
    private final String title;

    ClaimProblem(int status, String title) {
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
