package kvit.notice;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import kvit.outbox.Event;

/**
 * Whom the events of one kind concern, and what each of them is told.
 *
 * @param told one for each person; none where the event concerns nobody
 */
public record Telling<E extends Event>(Class<E> kind, Function<E, List<Told>> told) {

    /** For events that concern one person, and say one thing. */
    public static <E extends Event> Telling<E> one(
            Class<E> kind, Function<E, UUID> customer, String type, Function<E, Object> data) {
        return one(kind, it -> new Told(customer.apply(it), type, data.apply(it)));
    }

    /** For events that concern one person. */
    public static <E extends Event> Telling<E> one(Class<E> kind, Function<E, Told> told) {
        return new Telling<>(kind, it -> List.of(told.apply(it)));
    }
}
