package kvit.settlement;

/** Whose files they are. */
public enum SourceKind {
    /** The processor of cards: what it has settled, and what it pays for that. */
    PROCESSOR,
    /** The bank that keeps customers' money: statements of its account. */
    BANK
}
