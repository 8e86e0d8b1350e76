package kvit.transfer;

import kvit.identity.Visibility;

/**
 * What the two parties of a transfer say of who may see it; the stricter of the two holds. Who has
 * said nothing has said what it began with.
 */
record Words(Visibility payer, Visibility payee) {

    /** As one begins, which is with the stricter of what the two wished then. */
    static Words beginning(Visibility visibility) {
        return new Words(visibility, visibility);
    }

    Words with(boolean isPayer, Visibility word) {
        return isPayer ? new Words(word, payee) : new Words(payer, word);
    }

    Visibility holds() {
        return payer.stricter(payee);
    }
}
