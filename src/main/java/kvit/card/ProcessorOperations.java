package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.source.Ids;

/**
 * What the processor knows our operations by, for whoever compares its files with the books. Of a
 * top-up that is its own id, which is the posting's as well, so nobody has to ask.
 */
@ApplicationScoped
public class ProcessorOperations {

    /**
     * What was posted, by the processor's names for it.
     *
     * @param reference our id, as the processor was given it
     * @param names of its own
     */
    public record Named(UUID posting, String reference, Set<String> names) {}

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

    ProcessorOperations(Database database) {
        this.database = database;
    }

    /** Payouts that have arrived since then, and those of them that came back. */
    public List<Named> payouts(Instant since) {
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

    /**
     * Disputes that came, or were won, since then; the charge that they are about is named, too.
     */
    public List<Named> disputes(Instant since) {
        return database
                .query(
                        """
                        select id, top_up, name from dispute where received_at >= ? or won_at >= ?
                        """,
                        in -> in.time(since).time(since),
                        row -> {
                            var id = row.getObject(1, UUID.class);
                            var charge = row.getObject(2, UUID.class).toString();
                            var names = Set.of(row.getString(3));
                            return List.of(
                                    new Named(id, charge, names),
                                    new Named(Ids.named(id, "won"), charge, names));
                        })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Charges of that currency that went back, or are to: rare, whatever was wrong. */
    public List<WentBack> wentBack(Currency currency) {
        return database.query(
                """
                select r.id, r.refund, r.charge, t.minor, r.created_at
                  from charge_return r
                  join top_up t on t.customer = r.customer and t.id = r.id
                 where t.currency = ?
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
