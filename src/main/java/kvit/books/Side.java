package kvit.books;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which column an amount stands in; both are positive there. */
enum Side {
    @JsonProperty("debit")
    DEBIT,
    @JsonProperty("credit")
    CREDIT;

    /** As the ledger counts: a credit is positive. */
    long signed(long minor) {
        return this == DEBIT ? -minor : minor;
    }
}
