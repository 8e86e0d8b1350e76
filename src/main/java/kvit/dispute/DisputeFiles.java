package kvit.dispute;

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
import org.jspecify.annotations.Nullable;

/**
 * What operators see of somebody's disputes, and the processor's names for what was posted of them.
 */
@ApplicationScoped
public class DisputeFiles {

    /** Whatever was ever added stays in the table; nobody reads more than that at once. */
    private static final int OPEN_MAX = 100;

    /**
     * A charge that a cardholder contests, and that nobody has won or lost yet.
     *
     * @param evidenceDueBy until when the processor takes what speaks for us; null where it has not
     *     said so
     */
    public record DisputeLine(
            UUID id,
            UUID cardId,
            Money amount,
            Money held,
            Instant receivedAt,
            Instant deadline,
            @Nullable Instant evidenceDueBy) {}

    private final Database database;

    DisputeFiles(Database database) {
        this.database = database;
    }

    /** Those that are open, the newest first. */
    public List<DisputeLine> openDisputes(UUID customer) {
        return database.query(
                """
                select id, card, minor, currency, held, received_at, deadline, evidence_due_by
                  from dispute
                 where customer = ? and state = 'RECEIVED'
                 order by id desc
                 limit ?
                """,
                in -> in.uuid(customer).number(OPEN_MAX),
                row -> {
                    var currency = Currency.valueOf(row.getString(4));
                    var dueBy = row.getTimestamp(8);
                    return new DisputeLine(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            new Money(row.getLong(3), currency),
                            new Money(row.getLong(5), currency),
                            row.getTimestamp(6).toInstant(),
                            row.getTimestamp(7).toInstant(),
                            dueBy == null ? null : dueBy.toInstant());
                });
    }

    /**
     * Disputes that came, or were won, since then; the charge that they are about is named, too.
     */
    public List<Named> named(Instant since) {
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
}
