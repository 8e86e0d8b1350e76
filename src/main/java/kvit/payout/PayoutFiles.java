package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.card.Named;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What operators see of somebody's payouts, and the processor's names for what it has taken for
 * them.
 */
@ApplicationScoped
public class PayoutFiles {

    /** Whatever was ever added stays in the table; nobody reads more than that at once. */
    private static final int OPEN_MAX = 100;

    /** A payout that has no end yet. */
    @Schema(name = "CustomerPayout")
    public record PayoutLine(
            UUID id, UUID cardId, Money amount, Instant createdAt, boolean cancellable) {}

    private final Database database;
    private final PayoutTrips trips;

    PayoutFiles(Database database, PayoutTrips trips) {
        this.database = database;
        this.trips = trips;
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

    /** What the processor has taken, and given back, of these postings. */
    public List<Named> named(Collection<UUID> postings) {
        return trips.named(postings);
    }

    /**
     * Payouts that had arrived since then, and those of them that came back, from before the books
     * followed what the processor has taken.
     */
    public List<Named> namedOfBefore(Instant since) {
        return database
                .query(
                        """
                        select p.id, p.push, p.name from payout p
                         where p.paid_at is not null and (p.paid_at >= ? or p.back_at >= ?)
                           and not exists (select from payout_trip t
                                            where t.customer = p.customer and t.payout = p.id)
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
