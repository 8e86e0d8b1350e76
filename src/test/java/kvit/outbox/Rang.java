package kvit.outbox;

import java.util.UUID;

/** An event of no meaning, for {@link OutboxTest}. */
record Rang(UUID key, String how) implements Event {}
