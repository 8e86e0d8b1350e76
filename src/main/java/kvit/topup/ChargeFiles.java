package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** What operators see of what cards were charged for transfers. */
@ApplicationScoped
public class ChargeFiles {

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

    private final Database database;

    ChargeFiles(Database database) {
        this.database = database;
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
