package kvit.card;

/**
 * Knows what some kinds of notices are about. Each notice is shown to every one of them, until one
 * says that it is about something of theirs.
 */
public interface NoticeReader {

    /** Before it is taken, and outside of any transaction: here the processor may be asked. */
    default void ask(Notice notice) {}

    /**
     * Does what there is to do about it, in the transaction that takes it.
     *
     * @return whether it is about something that is known here by now; another one may be later
     */
    boolean take(Notice.Delivery delivery);

    /** It was nobody's for so long that it is not looked at any more. */
    default void stray(Notice.Delivery delivery) {}
}
