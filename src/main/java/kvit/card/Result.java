package kvit.card;

import org.jspecify.annotations.Nullable;

/**
 * What a call says about an operation. {@code Done} and {@code Declined} are facts and final, but
 * that money which went out may still come back, a refund too, and a charge may be charged back; a
 * {@link Notice} tells. The other four leave it open, each in its own way.
 *
 * <p>Of a push it also says whether its money has left what the processor owes us, and by which
 * name: that is what its files say, days before it has arrived or come back.
 */
public sealed interface Result {

    /**
     * It happened.
     *
     * @param name the processor's name for it, to be kept: refunds and notices go by it
     * @param outAs of a push the name of what took its money from us; null where that is the same
     */
    record Done(String name, @Nullable String outAs) implements Result {

        public Done(String name) {
            this(name, null);
        }
    }

    /**
     * The processor has taken it and does not know the end yet. Ask again, or wait for the notice.
     *
     * @param name the processor's name for it, as with {@link Done}
     * @param outAs as with {@link Done}
     */
    record Pending(String name, @Nullable String outAs) implements Result {

        public Pending(String name) {
            this(name, null);
        }
    }

    /**
     * It did not happen and never will under this id.
     *
     * @param code the processor's word for why, such as {@code insufficient_funds}; not for people
     * @param trip of a push whose money was away in between; null where none has moved, or the
     *     processor does not say
     */
    record Declined(String code, @Nullable Trip trip) implements Result {

        public Declined(String code) {
            this(code, null);
        }
    }

    /**
     * The processor does not know the operation. Only {@link CardProcessor#find} says so, and it is
     * final no sooner than {@link CardProcessor#ARRIVES_WITHIN} after the last call that may have
     * carried it.
     */
    record NotFound() implements Result {}

    /**
     * This call has sent nothing. If it was the first one for the operation, then nothing happened
     * and it may be given up at once; of earlier calls it says nothing.
     */
    record NotSent(Reason reason) implements Result {}

    /**
     * It may or may not have happened: ask, or send the very same again. Never give it up.
     *
     * @param outAs of a push whose money has left us for certain, the name of what took it
     */
    record Unknown(Reason reason, @Nullable String outAs) implements Result {

        public Unknown(Reason reason) {
            this(reason, null);
        }
    }

    /**
     * Out and back again, as the processor's files have it.
     *
     * @param out the name of what took the money from us
     * @param back the name of what has brought it back; null where nobody has said one
     */
    record Trip(String out, @Nullable String back) {}
}
