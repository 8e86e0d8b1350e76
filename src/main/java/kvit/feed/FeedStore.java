package kvit.feed;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.identity.Visibility;
import org.jspecify.annotations.Nullable;

/** The views feed_entry and feed_hidden, of what others write. */
@ApplicationScoped
class FeedStore {

    /**
     * Whose entries, as far as they are as visible as that.
     *
     * @param visibility not PRIVATE
     */
    record Shown(UUID person, Visibility visibility) {}

    /**
     * Which entries.
     *
     * @param viewer between whom and everybody in it no block stands
     * @param own whether the viewer's are among them, whoever else may see those
     * @param before the last one of the page before this one
     */
    record Query(UUID viewer, boolean own, List<Shown> others, @Nullable UUID before, int atMost) {}

    /** Greater than any id, so that the first page is bounded by its indexes, too. */
    private static final UUID LAST = new UUID(-1, -1);

    private static final String COLUMNS =
            " f.id, f.payer, f.payee, f.note, f.visibility, f.completed_at ";

    private static final String NEWEST = " and f.id < v.before order by f.id desc limit v.at_most ";

    /**
     * Each person's newest by an index of their own, and of all those the newest: it reads as much
     * of each as a page may need, however many transfers they have. Whom the viewer does not see is
     * read once. An entry of two friends is found by both.
     */
    private static final String SQL =
            """
            with v as materialized (
                 select cast(? as uuid) as viewer, cast(? as boolean) as own, cast(? as uuid) as before,
                        cast(? as bigint) as at_most),
                 hidden as materialized (
                 select h.person from v join feed_hidden h on h.viewer = v.viewer)
            select distinct on (e.id) e.*
              from v
             cross join lateral (
            """
                    + own("payer", "payee")
                    + " union all "
                    + own("payee", "payer")
                    + " union all select t.* from unnest(?, ?) as w (person, visibility)"
                    + " cross join lateral ("
                    + shown("payer", "payee")
                    + " union all "
                    + shown("payee", "payer")
                    + ") t) e order by e.id desc limit ?";

    private static String own(String side, String other) {
        return "(select"
                + COLUMNS
                + "from feed_entry f where v.own and f."
                + side
                + " = v.viewer and f."
                + other
                + " not in (select person from hidden)"
                + NEWEST
                + ")";
    }

    /** PRIVATE is excluded in words: the index is one of the others only. */
    private static String shown(String side, String other) {
        return "(select"
                + COLUMNS
                + "from feed_entry f where f."
                + side
                + " = w.person and f.visibility = w.visibility and f.visibility <> 'PRIVATE'"
                + " and f."
                + other
                + " not in (select person from hidden)"
                + NEWEST
                + ")";
    }

    private final Database database;

    FeedStore(Database database) {
        this.database = database;
    }

    /** The newest first. */
    List<FeedEntry.Row> entries(Query query) {
        var before = query.before() == null ? LAST : query.before();
        return database.query(
                SQL,
                in ->
                        in.uuid(query.viewer())
                                .flag(query.own())
                                .uuid(before)
                                .number(query.atMost())
                                .uuids(query.others(), Shown::person)
                                .texts(query.others(), it -> it.visibility().name())
                                .number(query.atMost()),
                FeedStore::read);
    }

    private static FeedEntry.Row read(ResultSet row) throws SQLException {
        return new FeedEntry.Row(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getString(4),
                Visibility.valueOf(row.getString(5)),
                row.getTimestamp(6).toInstant());
    }
}
