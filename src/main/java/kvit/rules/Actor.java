package kvit.rules;

/** What the institution that runs Kvit is before the law. */
public enum Actor {
    BANK,
    E_MONEY_INSTITUTION,
    STATE_BODY,
    OTHER
}
