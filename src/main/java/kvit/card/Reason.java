package kvit.card;

/** Why a call has no answer that says what became of it. */
public enum Reason {
    /** Sent, and no answer in time. */
    TIME_OUT(true),
    /** Sent, and cut off before the answer was complete. */
    CONNECTION_LOST(true),
    /** The processor says that it has failed, which does not say that it did nothing. */
    SERVER_ERROR(true),
    /** The processor has too much to do. */
    BUSY(true),
    /** An answer that is none. */
    UNREADABLE(true),
    /** The same operation is under way there at this very moment. */
    CONFLICT(false),
    /** No connection came about, so nothing was sent. */
    NOT_CONNECTED(true),
    /** We have stopped asking for a while, because too many calls went wrong. */
    BREAKER_OPEN(false),
    /** As many calls as we make at once are under way. */
    TOO_MANY_AT_ONCE(false),
    /** So old that the processor may have forgotten its id, and would do it a second time. */
    TOO_OLD(false),
    /** Not sent, because whoever was to send it came to it when others may have given it up. */
    TOO_LATE(false);

    private final boolean isTrouble;

    Reason(boolean isTrouble) {
        this.isTrouble = isTrouble;
    }

    /** Whether the processor is not well; what speaks for leaving it alone for a while. */
    boolean isTrouble() {
        return isTrouble;
    }
}
