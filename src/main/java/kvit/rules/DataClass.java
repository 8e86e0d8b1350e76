package kvit.rules;

/**
 * What of people's data passes through a front end's platform, in the classes of 149-FZ art. 10
 * part 8. A shell that only shows our own pages carries nothing.
 */
public enum DataClass {
    PAYMENT_DOCUMENT,
    PERSONAL_DATA,
    TRANSFER_DATA,
    PAYMENT_DETAILS,
    ACCOUNT_DATA
}
