package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** What operators see of somebody's cards, and of what is open with them. */
@ApplicationScoped
public class CardFiles {

    /** Whatever was ever added stays in the table; nobody reads more than that at once. */
    private static final int OPEN_MAX = 100;

    /** A card that they have, as far as it may be shown. */
    public record CardLine(
            UUID id,
            CardState state,
            Brand brand,
            String last4,
            int expiryMonth,
            int expiryYear,
            Instant createdAt) {}

    /** A payout that has no end yet. */
    public record PayoutLine(
            UUID id, UUID cardId, Money amount, Instant createdAt, boolean cancellable) {}

    /** A charge that a cardholder contests, and that nobody has won or lost yet. */
    public record DisputeLine(
            UUID id, UUID cardId, Money amount, Money held, Instant receivedAt, Instant deadline) {}

    /**
     * What a card was charged for a transfer, or was to be.
     *
     * @param name the processor's name for it; null until it has said one
     * @param declineCode null where it was not declined
     */
    public record ChargeLine(
            UUID id,
            UUID cardId,
            Money amount,
            TopUpState state,
            @Nullable String name,
            @Nullable String declineCode,
            Instant createdAt,
            @Nullable Instant completedAt) {}

    private final CardStore cards;
    private final Database database;

    CardFiles(CardStore cards, Database database) {
        this.cards = cards;
        this.database = database;
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

    /** Those on their way, the newest first. */
    public List<PayoutLine> openPayouts(UUID customer) {
        return database.query(
                """
                select id, card, minor, currency, created_at, sent_at is null
                  from payout
                 where customer = ? and state = 'IN_TRANSIT'
                 order by id desc
                 limit ?
                """,
                in -> in.uuid(customer).number(OPEN_MAX),
                row ->
                        new PayoutLine(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                new Money(row.getLong(3), Currency.valueOf(row.getString(4))),
                                row.getTimestamp(5).toInstant(),
                                row.getBoolean(6)));
    }

    /** Those that are open, the newest first. */
    public List<DisputeLine> openDisputes(UUID customer) {
        return database.query(
                """
                select id, card, minor, currency, held, received_at, deadline
                  from dispute
                 where customer = ? and state = 'RECEIVED'
                 order by id desc
                 limit ?
                """,
                in -> in.uuid(customer).number(OPEN_MAX),
                row -> {
                    var currency = Currency.valueOf(row.getString(4));
                    return new DisputeLine(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            new Money(row.getLong(3), currency),
                            new Money(row.getLong(5), currency),
                            row.getTimestamp(6).toInstant(),
                            row.getTimestamp(7).toInstant());
                });
    }

    /** What a card was charged for this transfer; empty where the wallet has paid. */
    public Optional<ChargeLine> chargeFor(UUID transfer) {
        return database.find(
                """
                select id, card, minor, currency, state, name, decline_code, created_at, completed_at
                  from top_up
                 where transfer = ?
                """,
                in -> in.uuid(transfer),
                row -> {
                    var completedAt = row.getTimestamp(9);
                    return new ChargeLine(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            new Money(row.getLong(3), Currency.valueOf(row.getString(4))),
                            TopUpState.valueOf(row.getString(5)),
                            row.getString(6),
                            row.getString(7),
                            row.getTimestamp(8).toInstant(),
                            completedAt == null ? null : completedAt.toInstant());
                });
    }
}
