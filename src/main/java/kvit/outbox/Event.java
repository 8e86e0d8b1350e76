package kvit.outbox;

import java.util.UUID;

/**
 * Something that happened, as a record named in the past tense. Stored as JSON, so that its
 * components are a contract: they are added to and never renamed.
 */
public interface Event {

    /** Whose event it is: the person or thing whose rows it was stored with. */
    UUID key();
}
