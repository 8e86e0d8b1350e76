package kvit.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a front end wants to hear of its customers: a row of webhook_endpoint.
 *
 * @param types those of notices; none is all
 * @param place of all notices up to this number, what is for it has its delivery
 * @param failures in a row
 */
// Nobody compares them: a salt is read for the secret that it makes.
@SuppressWarnings("ArrayRecordComponent")
record Endpoint(
        UUID id,
        String client,
        String url,
        Set<String> types,
        EndpointState state,
        @Nullable DisabledBecause disabledBecause,
        byte @Nullable [] salt,
        byte @Nullable [] previousSalt,
        @Nullable Instant previousEndsAt,
        @Nullable Instant drawUntil,
        boolean drawLeaked,
        long place,
        int failures,
        @Nullable Instant failingSince,
        @Nullable Instant quietUntil,
        Instant createdAt) {

    boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }

    boolean isActive() {
        return state == EndpointState.ACTIVE;
    }

    boolean isQuiet(Instant now) {
        return quietUntil != null && now.isBefore(quietUntil);
    }

    /** Of the secrets that count: the one of now first. */
    List<byte[]> salts(Instant now) {
        if (salt == null) {
            throw new IllegalStateException("endpoint " + id + " has no secret");
        }
        return previousSalt != null && previousEndsAt != null && now.isBefore(previousEndsAt)
                ? List.of(salt, previousSalt)
                : List.of(salt);
    }

    EndpointView view() {
        return new EndpointView(
                id,
                client,
                url,
                new TreeSet<>(types),
                state,
                disabledBecause,
                failingSince,
                drawUntil,
                previousEndsAt,
                createdAt);
    }
}
