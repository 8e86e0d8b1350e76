package kvit.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A device in the list of devices. */
record SessionView(
        UUID id, @Nullable String device, Instant createdAt, Instant lastUsedAt, boolean current) {}
