package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** What operators see of charges: for a transfer, and those that went back. */
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

    /**
     * A charge that the books never heard of, because it went back; nor of its going back.
     *
     * @param charge our id of the one, and of the posting that never was
     * @param refund our id of the other
     * @param minor of both
     */
    public record WentBack(
            UUID charge, UUID refund, Set<String> names, long minor, Instant createdAt) {}

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

    /** Charges of that currency that went back, or are to: rare, whatever was wrong. */
    public List<WentBack> wentBack(Currency currency) {
        return database.query(
                """
                select r.id, r.refund, r.charge, t.minor, r.created_at
                  from charge_return r
                  join top_up t on t.customer = r.customer and t.id = r.id
                 where t.currency = ? and t.state = 'DECLINED'
                """,
                in -> in.text(currency.name()),
                row ->
                        new WentBack(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                Set.of(row.getString(3)),
                                row.getLong(4),
                                row.getTimestamp(5).toInstant()));
    }
}
