package kvit.transfer;

/**
 * Who has looked at a transfer, and why they decided as they did.
 *
 * @param by the operator, as the audit trail names them
 */
record Review(String by, String reason) {

    Review {
        if (by.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("a review has somebody and a reason");
        }
    }
}
