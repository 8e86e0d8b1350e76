package kvit.transfer;

import org.jspecify.annotations.Nullable;

/**
 * A transfer with the key it stands for and its first answer: all of its row.
 *
 * @param status of no meaning while there is no answer
 * @param body null while a card is charged for it that waited for nothing else, and nobody has
 *     asked again
 * @param ruleSet the version of the rules that decided; null where they were not asked
 * @param ruling what they looked at and said, as JSON
 * @param limits of one that waits or that a card pays for: those that it is held against when it
 *     settles, as JSON
 */
record StoredTransfer(
        Transfer transfer,
        String key,
        String fingerprint,
        int status,
        @Nullable String body,
        @Nullable Long ruleSet,
        @Nullable String ruling,
        @Nullable String limits) {

    Attempt.Owned owned() {
        return new Attempt.Owned(transfer.payer(), key);
    }
}
