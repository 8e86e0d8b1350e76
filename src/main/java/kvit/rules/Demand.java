package kvit.rules;

/** What a transfer that is allowed still needs before the money moves; in this order. */
public enum Demand {
    /** The payer types in a code that was sent for this very transfer. */
    CONFIRMATION,
    /** Somebody of ours looks at it. */
    REVIEW,
    /** The payee adds a card, unless they have had one, or have received before. */
    CARD
}
