package kvit.idempotency;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import kvit.database.Database;

/**
 * The table used_key: keys of what moves money and is no transfer. A key is one for all that a
 * customer does, so whoever takes one takes it here, and asks {@link TransferKeys} before.
 */
@ApplicationScoped
public class Keys {

    /** Another customer's same key is another key. */
    public record Owned(UUID customer, String key) {}

    private final Database database;

    Keys(Database database) {
        this.database = database;
    }

    /**
     * Takes a key for good, in the running transaction; waits for whoever is taking it.
     *
     * @param id what it will stand for
     * @return whether it was free
     */
    public boolean take(Owned owned, UUID id) {
        return database.update(
                        """
                        insert into used_key (customer, key, id) values (?, ?, ?)
                        on conflict (customer, key) do nothing
                        """,
                        in -> in.uuid(owned.customer()).text(owned.key()).uuid(id))
                == 1;
    }

    /** Which of these are taken here; asked together with the next statement. */
    public Supplier<Set<Owned>> taken(Collection<Owned> keys) {
        var rows =
                database.queryLater(
                        """
                        select customer, key from used_key
                         where (customer, key) in (select * from unnest(?, ?))
                        """,
                        in -> in.uuids(keys, Owned::customer).texts(keys, Owned::key),
                        row -> new Owned(row.getObject(1, UUID.class), row.getString(2)));
        return () -> new HashSet<>(rows.get());
    }

    /** What this one stands for, where it is taken here; asked together with the next statement. */
    public Supplier<Optional<UUID>> standing(Owned owned) {
        var rows =
                database.queryLater(
                        "select id from used_key where customer = ? and key = ?",
                        in -> in.uuid(owned.customer()).text(owned.key()),
                        row -> row.getObject(1, UUID.class));
        return () -> rows.get().stream().findFirst();
    }
}
