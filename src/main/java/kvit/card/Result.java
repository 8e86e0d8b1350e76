package kvit.card;

/**
 * What a call says about an operation. {@code Done} and {@code Declined} are facts and final, but
 * that money which went out may still come back, a refund too, and a charge may be charged back; a
 * {@link Notice} tells. The other four leave it open, each in its own way.
 */
public sealed interface Result {

    /**
     * It happened.
     *
     * @param name the processor's name for it, to be kept: refunds and notices go by it
     */
    record Done(String name) implements Result {}

    /**
     * The processor has taken it and does not know the end yet. Ask again, or wait for the notice.
     *
     * @param name the processor's name for it, as with {@link Done}
     */
    record Pending(String name) implements Result {}

    /**
     * It did not happen and never will under this id.
     *
     * @param code the processor's word for why, such as {@code insufficient_funds}; not for people
     */
    record Declined(String code) implements Result {}

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

    /** It may or may not have happened: ask, or send the very same again. Never give it up. */
    record Unknown(Reason reason) implements Result {}
}
