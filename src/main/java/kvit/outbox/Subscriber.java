package kvit.outbox;

/**
 * Somebody who acts on the events of one kind. A bean; called on a thread of the relay, outside of
 * any transaction, and at least once per event: twice when Kvit dies between the act and the note
 * of it.
 *
 * @param <E> the kind of event, a record
 */
public interface Subscriber<E extends Event> {

    Class<E> kind();

    /**
     * Acts on one event.
     *
     * @throws DeliveryFailed when it has to be tried again, or can never succeed
     */
    void deliver(E event) throws DeliveryFailed;
}
