package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;

/** What operators see of somebody's disputes. */
@ApplicationScoped
public class DisputeFiles {

    /** Whatever was ever added stays in the table; nobody reads more than that at once. */
    private static final int OPEN_MAX = 100;

    /** A charge that a cardholder contests, and that nobody has won or lost yet. */
    public record DisputeLine(
            UUID id, UUID cardId, Money amount, Money held, Instant receivedAt, Instant deadline) {}

    private final Database database;

    DisputeFiles(Database database) {
        this.database = database;
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

}
