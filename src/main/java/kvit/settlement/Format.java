package kvit.settlement;

/** How a file is written. */
public enum Format {
    /** Columns, by the source's own profile. */
    CSV,
    /** ISO 20022, camt.053.001.02 or .08. */
    CAMT053
}
