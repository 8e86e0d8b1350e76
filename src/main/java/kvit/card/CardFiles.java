package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What operators see of somebody's cards. */
@ApplicationScoped
public class CardFiles {

    /** A card that they have, as far as it may be shown. */
    public record CardLine(
            UUID id,
            CardState state,
            Brand brand,
            String last4,
            int expiryMonth,
            int expiryYear,
            Instant createdAt) {}

    private final CardStore cards;

    CardFiles(CardStore cards) {
        this.cards = cards;
    }

    /** Those that they have now, the newest first. */
    public List<CardLine> cards(UUID customer) {
        return cards.living(customer).stream()
                .filter(Card::isKnown)
                .map(
                        it ->
                                new CardLine(
                                        it.id(),
                                        it.state(),
                                        it.brand(),
                                        it.last4(),
                                        it.expiry().getMonthValue(),
                                        it.expiry().getYear(),
                                        it.createdAt()))
                .toList();
    }
}
