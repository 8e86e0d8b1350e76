package kvit.card;

/**
 * What a card is called at Stripe: {@code cus_…/pm_…}. Each card has a customer of its own there,
 * because that is what makes its charges a short list that can be read exactly.
 *
 * @param customer the customer that stands for the card
 * @param method the payment method
 */
record StripeCard(String customer, String method) {

    /**
     * Reads a reference.
     *
     * @throws IllegalStateException when another processor has made it
     */
    static StripeCard of(String reference) {
        var parts = reference.split("/", -1);
        if (parts.length != 2 || !parts[0].startsWith("cus_") || !parts[1].startsWith("pm_")) {
            throw new IllegalStateException("not a card at Stripe: " + reference);
        }
        return new StripeCard(parts[0], parts[1]);
    }

    String reference() {
        return customer + "/" + method;
    }
}
