package kvit.notice;

import java.util.Objects;
import java.util.UUID;

/**
 * What one person is told of an event.
 *
 * @param type a word for what has happened to what, in the past tense and of this person's side
 * @param data what they may see of it, a record that becomes a JSON object; as with events, its
 *     components are added to and never renamed
 */
public record Told(UUID customer, String type, Object data) {

    public Told {
        // An event of another version that lacks it is nobody's news, and keeps no other from being
        // told.
        Objects.requireNonNull(customer);
        Objects.requireNonNull(type);
    }
}
