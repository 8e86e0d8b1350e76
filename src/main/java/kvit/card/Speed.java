package kvit.card;

/** How fast money goes out to a card. */
enum Speed {
    /** One to three business days. */
    STANDARD,
    /** Minutes, for a fee, and only to cards that can take it. */
    INSTANT
}
