package kvit.request;

import kvit.problem.ProblemType;

/**
 * Why nobody is asked, or a share is not paid, declined, divided or called to mind, in order of
 * precedence. What people and the rules of countries do not allow comes after PAYER_TWICE.
 */
enum RequestProblem implements ProblemType {
    REQUEST_NOT_FOUND(404, "There is no such request"),
    SHARE_NOT_FOUND(404, "There is no such share of this request"),
    NOT_THE_ASKED(403, "Only who was asked may do this"),
    NOT_THE_ASKER(403, "Only who has asked may do this"),
    TOO_MANY_PAYERS(422, "So many people are not asked at once"),
    SPLIT_NOT_EXACT(422, "The amounts do not add up"),
    SHARE_TOO_SMALL(422, "Somebody's share would be nothing"),
    ASKER_IS_PAYER(422, "Nobody asks themselves"),
    PAYER_TWICE(422, "Somebody is asked twice"),
    REQUEST_NOT_OPEN(422, "This request is over"),
    SHARE_NOT_OPEN(422, "This share is not open"),
    SHARE_AMOUNT_DIFFERS(422, "This share is of another amount"),
    SHARE_NOT_DECLINED(422, "This share was not declined"),
    NOBODY_LEFT(422, "There is nobody left to divide it among"),
    REMINDER_TOO_SOON(429, "They were reminded already");

    private final int status;
    private final String title;

    RequestProblem(int status, String title) {
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
