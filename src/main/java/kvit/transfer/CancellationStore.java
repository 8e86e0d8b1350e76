package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import kvit.database.Database;

/** The table cancellation. */
@ApplicationScoped
class CancellationStore {

    /** A wish to take a transfer back, with the key it stands for and its first answer. */
    record Stored(
            Attempt.Owned owned, String fingerprint, UUID transfer, int status, String body) {}

    private final Database database;

    CancellationStore(Database database) {
        this.database = database;
    }

    /** Asked together with the next statement, because transfers are always asked as well. */
    Supplier<Map<Attempt.Owned, Stored>> byKeys(Collection<Attempt.Owned> keys) {
        var rows =
                database.queryLater(
                        """
                        select payer, key, fingerprint, transfer, answer_status, answer
                          from cancellation
                         where (payer, key) in (select * from unnest(?, ?))
                        """,
                        in -> in.uuids(keys, Attempt.Owned::payer).texts(keys, Attempt.Owned::key),
                        row ->
                                new Stored(
                                        new Attempt.Owned(
                                                row.getObject(1, UUID.class), row.getString(2)),
                                        row.getString(3),
                                        row.getObject(4, UUID.class),
                                        row.getInt(5),
                                        row.getString(6)));
        return () -> {
            var byKey = new HashMap<Attempt.Owned, Stored>();
            rows.get().forEach(it -> byKey.put(it.owned(), it));
            return byKey;
        };
    }

    /** Says whether it was new: a key that somebody else has just taken is not. */
    boolean insert(Stored cancellation, Instant now) {
        return database.update(
                        """
                        insert into cancellation (payer, key, fingerprint, transfer, created_at,
                                                  answer_status, answer)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (payer, key) do nothing
                        """,
                        in ->
                                in.uuid(cancellation.owned().payer())
                                        .text(cancellation.owned().key())
                                        .text(cancellation.fingerprint())
                                        .uuid(cancellation.transfer())
                                        .time(now)
                                        .number(cancellation.status())
                                        .text(cancellation.body()))
                == 1;
    }
}
