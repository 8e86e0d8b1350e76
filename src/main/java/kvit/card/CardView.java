package kvit.card;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.identity.ConfirmationView;
import org.jspecify.annotations.Nullable;

/**
 * What its owner sees of a card.
 *
 * @param verification where the code was sent; absent unless the card waits for one
 */
record CardView(
        UUID id,
        CardState state,
        Brand brand,
        String last4,
        int expiryMonth,
        int expiryYear,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ConfirmationView verification) {

    static CardView of(Card card, @Nullable ConfirmationView verification) {
        return new CardView(
                card.id(),
                card.state(),
                card.brand(),
                card.last4(),
                card.expiry().getMonthValue(),
                card.expiry().getYear(),
                card.createdAt(),
                verification);
    }
}
