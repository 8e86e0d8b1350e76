package kvit.dispute;

import kvit.problem.ProblemType;

/** What operators are refused about disputes, in order of precedence. */
enum DisputeProblem implements ProblemType {
    DISPUTE_NOT_FOUND(404, "There is no such dispute"),
    EVIDENCE_NOT_FOUND(404, "There is no such evidence"),
    DISPUTE_SETTLED(422, "This dispute is won or lost"),
    EVIDENCE_SUBMITTED(422, "The evidence was handed in"),
    EVIDENCE_MISSING(422, "There is no evidence to hand in"),
    EVIDENCE_LIMIT_REACHED(422, "There is as much evidence as there may be"),
    CREDIT_GIVEN(422, "This dispute was credited before"),
    CREDIT_EXCEEDS_HOLD(422, "More than is held for this dispute"),
    CREDIT_NOT_FOUND(404, "This dispute was not credited"),
    CREDIT_RETURNED(422, "This credit was taken back before");

    private final int status;
    private final String title;

    DisputeProblem(int status, String title) {
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
