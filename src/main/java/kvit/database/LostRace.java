package kvit.database;

/**
 * Somebody else has done the same at the same time and was first: the transaction is void, and made
 * again it sees what they have done.
 */
public abstract class LostRace extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Nobody reads its stack: it is no accident. */
    protected LostRace(String message) {
        super(message, null, false, false);
    }
}
