package kvit.card;

import kvit.problem.ProblemType;

/**
 * Why a card is not added or confirmed, in order of precedence. Those from DETAILS_MISSING to
 * CARD_DECLINED are answers to a key that was taken, and are stored.
 */
public enum CardProblem implements ProblemType {
    CARD_NOT_FOUND(404, "There is no such card"),
    CARD_NOT_VERIFIABLE(422, "This card waits for no code"),
    DETAILS_MISSING(422, "First say who you are"),
    CARD_INVALID(422, "This is not a card"),
    CARD_EXPIRED(422, "This card is not good any more"),
    CARD_DUPLICATE(422, "This card is added already"),
    CARD_LIMIT_REACHED(422, "There are as many cards as there may be"),
    CARD_DECLINED(422, "This card was declined"),
    CARD_PROCESSOR_UNAVAILABLE(503, "Cards cannot be checked right now"),
    PIN_MISSING(422, "First choose a PIN"),
    /** Of one that money was to come from or to go to. */
    CARD_NOT_ACTIVE(422, "This card cannot be paid with");

    private final int status;
    private final String title;

    CardProblem(int status, String title) {
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
