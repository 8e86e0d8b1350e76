package kvit.outbox;

import java.util.UUID;

/** An event that nobody subscribes to. */
record Missed(UUID key) implements Event {}
