package kvit.rules;

/** What money comes from or goes to. What is none of these has no rule and is refused. */
public enum Instrument {
    /** The person's own balance with us. */
    WALLET,
    /** A debit card that a bank issued. */
    DEBIT,
    CREDIT,
    /** A card that was loaded before. */
    PREPAID,
    /** A card that a state pays benefits onto. */
    GOVERNMENT,
    /** A card of a health savings account. */
    HEALTH,
    BANK_ACCOUNT,
    /** A card of which nobody can tell what it is. */
    UNKNOWN
}
