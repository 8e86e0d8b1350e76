package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * Of the table transfer what waits for something. {@link TransferStore} writes what becomes of it.
 */
@ApplicationScoped
class WaitingStore {

    private final Database database;
    private final TransferRows rows;

    WaitingStore(Database database, TransferRows rows) {
        this.database = database;
        this.rows = rows;
    }

    /** Those that wait for somebody to look at them, the oldest first. */
    List<StoredTransfer> toReview(Instant now, @Nullable UUID after, int atMost) {
        return rows.stored(
                """
                  from transfer
                 where state = 'PENDING' and expires_at > ?
                   and (cast(? as uuid) is null or id > ?)
                 order by id
                 limit ?
                """,
                in -> in.time(now).uuid(after).uuid(after).number(atMost));
    }

    /** What cards of these payers are being charged for at this moment, and what is unclaimed. */
    List<StoredTransfer> underWay(Collection<UUID> payers) {
        return rows.stored(
                "from transfer where payer = any (?) and state in ('CHARGING', 'UNCLAIMED')",
                in -> in.uuids(payers));
    }

    /** What waits for this customer, or for whoever has this phone; the oldest first. */
    List<UUID> unclaimedBy(UUID customer, String phone, int atMost) {
        return database.query(
                """
                (select id from transfer
                  where phone = ? and state = 'UNCLAIMED' and phone is not null and payee is null
                  order by id limit ?)
                union all
                (select id from transfer
                  where payee = ? and state = 'UNCLAIMED' and payee is not null
                  order by id limit ?)
                """,
                in -> in.text(phone).number(atMost).uuid(customer).number(atMost),
                row -> row.getObject(1, UUID.class));
    }

    /**
     * Those that have waited for too long; at most so many. Without those that somebody is at:
     * whoever is, comes to an end of their own, or leaves them to the next sweep.
     */
    List<Transfer> lockDue(Instant now, int atMost) {
        return List.copyOf(
                rows.transfers(
                                """
                                  from transfer
                                 where state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED')
                                   and expires_at <= ?
                                 order by expires_at
                                 limit ?
                                   for update skip locked
                                """,
                                in -> in.time(now).number(atMost))
                        .values());
    }

    /** Some that somebody has sent and that wait, under lock and in the order of their ids. */
    List<Transfer> lockWaiting(UUID payer, int atMost) {
        return List.copyOf(
                rows.transfers(
                                """
                                  from transfer
                                 where payer = ?
                                   and state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED')
                                 order by id
                                 limit ?
                                   for update
                                """,
                                in -> in.uuid(payer).number(atMost))
                        .values());
    }
}
