package kvit.settlement;

/** What is wrong with a file as a whole. */
public enum FileFault {
    /** It cannot be read, or a line of it cannot be what it says. */
    UNPARSEABLE,
    /** It can be read, and is another account's or in another currency. */
    WRONG_SOURCE,
    /** It does not add up: a line, the batch's payout, a control total, or a statement. */
    BATCH_TOTAL,
    /** The statement does not go on where the one before it has ended. */
    BALANCE_GAP,
    /** It is about a batch of which there is a good file already, in other bytes. */
    BATCH_REPEATED
}
