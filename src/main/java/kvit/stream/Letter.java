package kvit.stream;

import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, as far as HTTP is concerned.
 *
 * @param id what the client shows when it comes back; nothing where it keeps the one before
 * @param name nothing for notices, which are told apart by their type
 * @param data nothing for a sign of life
 */
record Letter(@Nullable String id, @Nullable String name, @Nullable String data) {

    /** That so much is known to the client, and nothing else. */
    static Letter alive(long upTo) {
        return new Letter(Long.toString(upTo), null, null);
    }

    static Letter notice(long number, String json) {
        return new Letter(Long.toString(number), null, json);
    }

    /** Something is missing between what the client has and what comes: it is to ask anew. */
    static Letter reset(long upTo) {
        return new Letter(Long.toString(upTo), "reset", "{}");
    }

    /** Nothing comes any more on this stream. */
    static Letter end(String reason) {
        return new Letter(null, "end", "{\"reason\":\"" + reason + "\"}");
    }
}
