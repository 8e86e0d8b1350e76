package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * The table customer as the other capabilities read it: many at once, on the way of every transfer,
 * and never to change them.
 */
@ApplicationScoped
class PeopleStore {

    /**
     * Somebody, and what else they can be found by.
     *
     * @param phone E.164; null of one who is closed
     * @param mayBeSeen false of one who is blocked, or who leaves or has left
     * @param mayBePaidOut whether their money may leave for a card
     * @param blocks whom they have blocked themselves
     */
    record Found(
            Person person,
            @Nullable String phone,
            boolean mayBeSeen,
            boolean mayBePaidOut,
            Set<UUID> blocks) {}

    private final Database database;

    PeopleStore(Database database) {
        this.database = database;
    }

    /**
     * Whoever has one of these, by one statement. Whom they have blocked comes with it, because a
     * statement of its own would be a round trip on the way of every transfer; and of those who
     * have never blocked anybody nothing is looked for.
     */
    List<Found> matching(
            Collection<UUID> ids, Collection<String> handles, Collection<String> phones) {
        return database.query(
                """
                select id, display_name, handle, country, birth_date, locale, visibility, tier, state, phone,
                       case when blocks_somebody
                            then (select array_agg(b.blocked) from block b where b.blocker = customer.id)
                       end
                  from customer
                 where id = any (?) or handle = any (?) or phone = any (?)
                """,
                in -> in.uuids(ids).texts(handles).texts(phones),
                PeopleStore::read);
    }

    /**
     * Which of these are the SHA-256 of somebody's phone, who may be seen by this viewer and wants
     * to be found; by the look of one key each.
     *
     * @param hashes in hexadecimal
     */
    Map<String, PersonView> byHashes(UUID viewer, Collection<String> hashes) {
        var found = new LinkedHashMap<String, PersonView>();
        database.query(
                        """
                        select h.hash, c.id, c.display_name, c.handle
                          from unnest(?) as h (hash)
                         cross join lateral (
                               select id, display_name, handle
                                 from customer
                                where sha256(decode(phone, 'escape')) = decode(h.hash, 'hex')
                                  and findable and state in ('ACTIVE', 'FROZEN') and id <> ?
                               offset 0) c
                         where not exists (select from block b where b.blocker = ? and b.blocked = c.id)
                           and not exists (select from block b where b.blocker = c.id and b.blocked = ?)
                        """,
                        in -> in.texts(hashes).uuid(viewer).uuid(viewer).uuid(viewer),
                        row ->
                                Map.entry(
                                        row.getString(1),
                                        new PersonView(
                                                row.getObject(2, UUID.class),
                                                row.getString(3),
                                                row.getString(4))))
                .forEach(it -> found.put(it.getKey(), it.getValue()));
        return found;
    }

    private static Found read(ResultSet row) throws SQLException {
        var state = Customer.State.valueOf(row.getString(9));
        var person =
                new Person(
                        row.getObject(1, UUID.class),
                        state == Customer.State.CLOSED ? Customer.CLOSED_NAME : row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, LocalDate.class),
                        row.getString(6),
                        Visibility.valueOf(row.getString(7)),
                        CustomerTier.valueOf(row.getString(8)),
                        state == Customer.State.ACTIVE);
        var blocks = row.getArray(11);
        return new Found(
                person,
                row.getString(10),
                Customer.mayBeSeen(state),
                state == Customer.State.ACTIVE || state == Customer.State.CLOSING,
                blocks == null ? Set.of() : Set.of((UUID[]) blocks.getArray()));
    }
}
