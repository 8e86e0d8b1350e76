package kvit.card;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Where cards are charged and paid out to.
 *
 * <p>It is another party: it does things that our database does not roll back, and does not always
 * say so. So the order is: commit the intention, call, commit the outcome. A call within a database
 * transaction is refused with an IllegalStateException; it may take ten seconds.
 *
 * <p>One id is one operation for ever. At the processor the same id does the same thing once,
 * however often it is sent, for as long as the processor remembers ids; an operation that is older
 * is not sent any more but looked for. Nothing in here sends anything twice by itself.
 *
 * <p>A call that the processor refuses because we have asked for nonsense, such as another amount
 * under the same id, is a bug of ours: {@link NonsenseRefused}.
 */
public interface CardProcessor {

    /** The right to make one call. To be closed when it was made, or will not be. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * After that long, what was sent has arrived or never will: the longest call takes ten seconds,
     * and no network keeps a request for minutes.
     */
    Duration ARRIVES_WITHIN = Duration.ofMinutes(15);

    /**
     * Checks a card without charging it, and makes it known to the processor. Nothing is ever
     * charged by that, so a registration may be given up at any time.
     *
     * @param card our id of it, new (of version 7, which tells when it was made): for 23 hours the
     *     same id with the same details is one card there. What is unknown is sent again under the
     *     same id; later it is {@code NotSent} with {@code TOO_OLD}, and the card is tried anew
     *     under another id
     * @throws NonsenseRefused when the processor refuses the request itself
     */
    Registration register(UUID card, CardDetails details);

    /**
     * Takes a turn before it is known whether there will be a call, for whoever commits that there
     * is one: so many are made at once and no more, and whoever learns of that only when they call
     * has committed it in vain. Waits for nobody and calls nobody.
     *
     * @return empty where as many calls as may be are under way
     */
    default Optional<Turn> turn() {
        return Optional.of(() -> {});
    }

    /**
     * Has it done. {@link Result.NotFound} is no answer to this.
     *
     * @throws NonsenseRefused when the processor refuses the request itself
     */
    Result carryOut(Operation operation);

    /**
     * The same by whoever has a turn, and keeps it.
     *
     * @throws NonsenseRefused when the processor refuses the request itself
     */
    default Result carryOut(Operation operation, Turn turn) {
        return carryOut(operation);
    }

    /**
     * What became of it. May be asked at any time, years later too, and never brings anything
     * about; but what was begun there and is not to go on any more is ended by the way.
     *
     * @throws NonsenseRefused when the processor refuses the question itself
     */
    Result find(Operation operation);
}
