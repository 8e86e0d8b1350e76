package kvit.rules;

/** What somebody's money does, from their side. */
public enum Operation {
    SEND,
    RECEIVE,
    TOP_UP,
    PAY_OUT
}
