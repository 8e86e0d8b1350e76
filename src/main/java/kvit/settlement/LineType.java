package kvit.settlement;

/** What a line of a settlement file or a bank statement is about. */
public enum LineType {
    /** Taken from a card. */
    CHARGE,
    /** Given back to a card. */
    REFUND,
    /** Paid out to a card. */
    PAYOUT,
    /** Taken back by the cardholder's bank. */
    CHARGEBACK,
    /** Given to us again after that. */
    CHARGEBACK_REVERSED,
    /** What the source takes for its work, where it is not part of another line. */
    FEE,
    /** From the processor to our bank: its payout of a batch, and the bank's entry of it. */
    BANK_TRANSFER,
    /** The source mends a line of an earlier file. */
    CORRECTION,
    /** Whatever else a profile lets in. */
    OTHER,
    /**
     * What the source has not paid out with a batch and adds to another one: said twice, by the one
     * and by the other, and no money either time.
     */
    BALANCE_CARRIED;

    /** Whether it is about something that stands in our books, or should. */
    public boolean isOfTheBooks() {
        return this != BANK_TRANSFER && this != BALANCE_CARRIED;
    }
}
