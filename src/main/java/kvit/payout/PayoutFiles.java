package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.card.Named;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Ids;

/**
 * What operators see of somebody's payouts, and the processor's names for those that have arrived.
 */
@ApplicationScoped
public class PayoutFiles {

    /** Whatever was ever added stays in the table; nobody reads more than that at once. */
    private static final int OPEN_MAX = 100;

    /** A payout that has no end yet. */
    public record PayoutLine(
            UUID id, UUID cardId, Money amount, Instant createdAt, boolean cancellable) {}

    private final Database database;

    PayoutFiles(Database database) {
        this.database = database;
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

    /** Payouts that have arrived since then, and those of them that came back. */
    public List<Named> named(Instant since) {
        return database
                .query(
                        """
                        select id, push, name from payout
                         where paid_at is not null and (paid_at >= ? or back_at >= ?)
                        """,
                        in -> in.time(since).time(since),
                        row -> {
                            var id = row.getObject(1, UUID.class);
                            var push = row.getObject(2, UUID.class).toString();
                            var names = Set.of(row.getString(3));
                            return List.of(
                                    new Named(Ids.named(id, "payout-paid"), push, names),
                                    new Named(Ids.named(id, "payout-returned"), push, names));
                        })
                .stream()
                .flatMap(List::stream)
                .toList();
    }
}
