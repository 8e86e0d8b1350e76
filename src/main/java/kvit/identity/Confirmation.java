package kvit.identity;

import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a customer has to confirm, and at most one living code for it.
 *
 * @param id of what is confirmed
 * @param phone of the customer, as it is now
 * @param amount as the message names it; null where it is about a card
 * @param payee as the message names them; null where it is about a card
 * @param terms of a payment, what it may not differ in by a bit: {@link Confirmations.Request};
 *     null where it is about a card, and of a payment that was asked for before there were terms
 * @param cardLast4 as the message names the card; null where it is about a payment
 * @param codeMac what proves the code, in hex; null until it was made
 * @param tries wrong ones, of this code
 * @param sends how many codes were asked for
 */
record Confirmation(
        UUID id,
        String phone,
        String locale,
        @Nullable String amount,
        @Nullable String payee,
        @Nullable String terms,
        @Nullable String cardLast4,
        @Nullable String codeMac,
        Instant expiresAt,
        Instant resendAt,
        int tries,
        int sends,
        @Nullable Instant confirmedAt) {

    /**
     * What a code is good for, and nothing else: RTS (EU) 2018/389, article 5, wants it to be
     * specific to the amount and the payee, so that a change of either voids it. A card has another
     * form of it than any payment, which begins with a currency's amount.
     */
    String purpose() {
        if (cardLast4 != null) {
            return id + "/card/" + cardLast4;
        }
        return terms == null
                ? id + "/" + amount + "/" + payee
                : id + "/" + terms + "/" + amount + "/" + payee;
    }

    /** Whether it is still what was asked for. */
    boolean isAbout(String termsNow) {
        return terms == null || terms.equals(termsNow);
    }

    byte @Nullable [] proof() {
        return codeMac == null ? null : HexFormat.of().parseHex(codeMac);
    }

    boolean isOpenAt(Instant now) {
        return confirmedAt == null && codeMac != null && now.isBefore(expiresAt);
    }
}
