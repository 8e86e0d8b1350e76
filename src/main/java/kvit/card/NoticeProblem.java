package kvit.card;

import kvit.problem.ProblemType;

/** Why a processor's notice is not taken. */
enum NoticeProblem implements ProblemType {
    NOTICE_SIGNATURE_INVALID(400, "The notice is not signed as it should be");

    private final int status;
    private final String title;

    NoticeProblem(int status, String title) {
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
