package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
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
     */
    record Found(Person person, @Nullable String phone, boolean mayBeSeen, boolean mayBePaidOut) {}

    private final Database database;

    PeopleStore(Database database) {
        this.database = database;
    }

    /** Whoever has one of these, by one statement. */
    List<Found> matching(
            Collection<UUID> ids, Collection<String> handles, Collection<String> phones) {
        return database.query(
                """
                select id, display_name, handle, country, birth_date, locale, visibility, tier, state, phone
                  from customer
                 where id = any (?) or handle = any (?) or phone = any (?)
                """,
                in -> in.uuids(ids).texts(handles).texts(phones),
                PeopleStore::read);
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
        return new Found(
                person,
                row.getString(10),
                Customer.mayBeSeen(state),
                state == Customer.State.ACTIVE || state == Customer.State.CLOSING);
    }
}
