package kvit.reconcile;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What does not agree. */
@Schema(name = "BreakType")
enum Fault {
    /** In the books, and in no file though it is time. */
    MISSING_EXTERNAL,
    /** In a file, and not in the books. */
    UNKNOWN_EXTERNAL,
    AMOUNT_MISMATCH,
    CURRENCY_MISMATCH,
    /** Given where we expected it to be taken, or the other way round. */
    DIRECTION_MISMATCH,
    /** The source says the same thing twice. */
    DUPLICATE_LINE,
    /** It may be one of several, and nobody guesses which. */
    AMBIGUOUS,
    /** The parts are not what the whole is: in a file, or a payout and what has arrived of it. */
    BATCH_TOTAL,
    /** A statement does not open with what the one before has closed with. */
    BALANCE_GAP,
    /** A file that cannot be read. */
    UNPARSEABLE
}
