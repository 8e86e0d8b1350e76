package kvit.identity;

import kvit.problem.ProblemType;

/** Why somebody is not let in or not found, in order of precedence. */
enum IdentityProblem implements ProblemType {
    CLIENT_UNKNOWN(401, "This front end is not known here"),
    PHONE_INVALID(422, "This is not a phone number"),
    PHONE_NOT_SERVED(422, "No codes are sent to this country"),
    SIGN_IN_NOT_FOUND(404, "There is no such sign-in"),
    CONFIRMATION_NOT_FOUND(404, "There is nothing to confirm"),
    TOO_MANY_ATTEMPTS(429, "Too many attempts"),
    CODE_WRONG(422, "The code is wrong"),
    SIGN_IN_TOO_OLD(422, "You have signed in too long ago"),
    PIN_LOCKED(429, "Too many wrong tries"),
    PIN_WRONG(422, "The PIN is wrong"),
    CARD_DIGITS_WRONG(422, "No active card of yours ends so"),
    PIN_WEAK(422, "This PIN is too easy to guess"),
    SESSION_REVOKED(401, "This session has ended"),
    SESSION_NOT_FOUND(404, "There is no such session"),
    HANDLE_TAKEN(422, "Somebody else has this handle"),
    CUSTOMER_NOT_FOUND(404, "There is no such customer"),
    CUSTOMER_BLOCKED(422, "This customer is blocked"),
    CUSTOMER_NOT_FROZEN(422, "This customer is not frozen"),
    CLIENT_NOT_FOUND(404, "There is no such front end"),
    CLIENT_EXISTS(422, "There is a front end with this id"),
    CLIENT_NOT_CONFIDENTIAL(422, "A public front end has no secret");

    private final int status;
    private final String title;

    IdentityProblem(int status, String title) {
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
