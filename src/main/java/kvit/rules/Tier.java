package kvit.rules;

/** How well we know a customer. */
public enum Tier {
    /** A phone that was proved by a code, and nothing more. */
    PHONE,
    /** Identity documents have been seen. */
    VERIFIED
}
