package kvit.friend;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.friend.Friendship.Standing;
import org.jspecify.annotations.Nullable;

/** The table friendship. Whoever changes a row holds both people. */
@ApplicationScoped
class FriendshipStore {

    private static final String COLUMNS = "asker, asked, state, id, since";

    /** Greater than any id, so that the first page is bounded by its index, too. */
    private static final UUID LAST = new UUID(-1, -1);

    private final Database database;

    FriendshipStore(Database database) {
        this.database = database;
    }

    Optional<Friendship> find(UUID one, UUID other) {
        return database.find(
                "select "
                        + COLUMNS
                        + " from friendship where (asker = ? and asked = ?) or (asker = ? and asked"
                        + " = ?)",
                in -> in.uuid(one).uuid(other).uuid(other).uuid(one),
                FriendshipStore::read);
    }

    /** In place of what was said between the two before. */
    void put(Friendship friendship) {
        remove(friendship.asker(), friendship.asked());
        database.update(
                "insert into friendship (" + COLUMNS + ") values (?, ?, ?, ?, ?)",
                in ->
                        in.uuid(friendship.asker())
                                .uuid(friendship.asked())
                                .text(friendship.state().name())
                                .uuid(friendship.id())
                                .time(friendship.since()));
    }

    void remove(UUID one, UUID other) {
        database.update(
                "delete from friendship where (asker = ? and asked = ?) or (asker = ? and asked ="
                        + " ?)",
                in -> in.uuid(one).uuid(other).uuid(other).uuid(one));
    }

    /** All of a person's, asked for and declined ones included. */
    void removeAll(UUID person) {
        database.update(
                "delete from friendship where asker = ? or asked = ?",
                in -> in.uuid(person).uuid(person));
    }

    /**
     * Those of a person that look so to them, the last one first: by an index for each side.
     *
     * @param before the last one of the page before this one
     */
    List<Friendship> list(UUID person, Standing standing, @Nullable UUID before, int atMost) {
        var parts =
                switch (standing) {
                    case FRIENDS ->
                            List.of(
                                    part("asker = ? and state = 'FRIENDS'"),
                                    part("asked = ? and state = 'FRIENDS'"));
                    case SENT ->
                            List.of(
                                    part("asker = ? and state = 'ASKED'"),
                                    part("asker = ? and state = 'DECLINED'"));
                    case RECEIVED -> List.of(part("asked = ? and state = 'ASKED'"));
                    case NOTHING -> List.<String>of();
                };
        if (parts.isEmpty()) {
            return List.of();
        }
        return database.query(
                "select * from ("
                        + String.join(" union all ", parts)
                        + ") f order by id desc limit ?",
                in -> {
                    for (var i = 0; i < parts.size(); i++) {
                        in.uuid(person).uuid(before == null ? LAST : before).number(atMost);
                    }
                    in.number(atMost);
                },
                FriendshipStore::read);
    }

    private static String part(String whose) {
        return "(select "
                + COLUMNS
                + " from friendship where "
                + whose
                + " and id < ? order by id desc limit ?)";
    }

    private static Friendship read(ResultSet row) throws SQLException {
        return new Friendship(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                Friendship.State.valueOf(row.getString(3)),
                row.getObject(4, UUID.class),
                row.getTimestamp(5).toInstant());
    }
}
