package kvit.books;

import kvit.problem.ProblemType;

/** What those who keep the books are refused, in order of precedence. */
enum BooksProblem implements ProblemType {
    ACCOUNT_NOT_FOUND(404, "There is no such account"),
    SEAL_NOT_FOUND(404, "There is no such seal"),
    POSTING_UNBALANCED(422, "Debits and credits are not the same"),
    POSTING_NOT_REVERSIBLE(422, "This posting is taken back where it was made"),
    PERIOD_CLOSED(422, "This day is closed"),
    PERIOD_NOT_OVER(422, "This day is not over"),
    PERIOD_NOT_CLOSED(422, "This day is not closed"),
    PERIOD_NOT_READY(409, "This day cannot be closed yet"),
    BOOKS_BUSY(503, "Enough others are reading the whole books");

    private final int status;
    private final String title;

    BooksProblem(int status, String title) {
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
