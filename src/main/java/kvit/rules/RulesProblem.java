package kvit.rules;

import kvit.problem.ProblemType;

/** What the rules refuse, in order of precedence. */
public enum RulesProblem implements ProblemType {
    COUNTRY_NOT_SERVED("Not in this country"),
    CHANNEL_NOT_ALLOWED("Not through this channel"),
    CORRIDOR_NOT_ALLOWED("Not between these countries"),
    CURRENCY_NOT_ALLOWED("Not in this currency"),
    AGE_NOT_ALLOWED("Not at this age"),
    AMOUNT_OUT_OF_RANGE("More than one transfer may carry"),
    LIMIT_EXCEEDED("More than may be moved in this time"),
    FUNDING_SOURCE_UNUSABLE("Not with this card or account");

    private final String title;

    RulesProblem(String title) {
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
