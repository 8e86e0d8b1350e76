package kvit.settlement;

import kvit.problem.ProblemType;

/** What is refused of settlement files, in order of precedence. */
public enum SettlementProblem implements ProblemType {
    SETTLEMENT_SOURCE_UNKNOWN("No such source of settlement files"),
    SETTLEMENT_ACCOUNT_TAKEN("The account is another source's"),
    SETTLEMENT_FILE_REFUSED("The file is not what it should be"),
    SETTLEMENT_FILE_DOES_NOT_COUNT("The file does not count"),
    SETTLEMENT_FILE_POSTED("The file was posted"),
    SETTLEMENT_FILE_CONTINUED("Another statement goes on where the file's ends");

    private final String title;

    SettlementProblem(String title) {
        this.title = title;
    }

    @Override
    public int status() {
        return 422;
    }

    @Override
    public String title() {
        return title;
    }
}
