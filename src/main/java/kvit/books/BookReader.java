package kvit.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.books.BookPosting.Line;
import kvit.database.Parameters;
import kvit.database.Statements;
import org.jspecify.annotations.Nullable;

/** Postings with their entries in the order of commits, one after the other. */
final class BookReader {

    private static final String COLUMNS =
            """
            select p.transaction::text, p.id, p.kind, p.effective_at, p.created_at, p.reverses,
                   e.account, e.sequence, e.minor, e.balance_after, e.at, e.kind, e.currency
            """;

    private static final String ENTRIES =
            """
            select e.*, a.kind, a.currency
              from book_entry e
              left join book_account a on a.id = e.account
            """;

    private static final String AFTER =
            " from book_posting where (transaction, id) > (cast(? as xid8), cast(? as uuid)) ";

    private static final String IN_ORDER = " order by p.transaction, p.id, e.account, e.sequence";

    /** Whatever is faster for all of them, which is to read the tables once. */
    private static final String ALL =
            COLUMNS
                    + ("from (select *" + AFTER + ") p ")
                    + ("left join (" + ENTRIES + ") e on e.posting = p.id")
                    + IN_ORDER;

    /**
     * One posting after the other by its key: a plan that was made for any limit expects a tenth of
     * the table, and reads all entries that there are for each link. The offset keeps the look-up
     * as it stands.
     */
    private static final String SOME =
            COLUMNS
                    + "from (select *"
                    + AFTER
                    + "and transaction < cast(? as xid8) order by transaction, id limit ?) p "
                    + ("left join lateral ("
                            + ENTRIES
                            + " where e.posting = p.id offset 0) e on true")
                    + IN_ORDER;

    private final Statements statements;

    BookReader(Statements statements) {
        this.statements = statements;
    }

    /** All that follow a place, whoever wrote them. */
    void all(Place after, Consumer<BookPosting> each) {
        read(ALL, in -> place(in, after), each);
    }

    /** Of those before that transaction the first so many. */
    void some(Place after, long before, int atMost, Consumer<BookPosting> each) {
        read(SOME, in -> place(in, after).text(Long.toUnsignedString(before)).number(atMost), each);
    }

    /** All of this one before which nothing that is still written can get. */
    long oldestRunning() {
        return statements
                .find(
                        "select pg_snapshot_xmin(pg_current_snapshot())::text",
                        in -> {},
                        row -> Long.parseUnsignedLong(row.getString(1)))
                .orElseThrow();
    }

    /** All of this one and after it nothing has begun yet, so nothing can be of them. */
    long firstToCome() {
        return statements
                .find(
                        "select pg_snapshot_xmax(pg_current_snapshot())::text",
                        in -> {},
                        row -> Long.parseUnsignedLong(row.getString(1)))
                .orElseThrow();
    }

    static Parameters place(Parameters in, Place place) {
        return in.text(Long.toUnsignedString(place.transaction())).uuid(place.posting());
    }

    private void read(String sql, Consumer<Parameters> bind, Consumer<BookPosting> each) {
        var gathering = new Gathering(each);
        statements.forEach(sql, bind, gathering::add);
        gathering.flush();
    }

    /** Makes one posting of its rows. */
    private static class Gathering {

        private final Consumer<BookPosting> each;
        private final List<Line> lines = new ArrayList<>();
        private @Nullable BookPosting current;

        Gathering(Consumer<BookPosting> each) {
            this.each = each;
        }

        void add(ResultSet row) throws SQLException {
            var id = row.getObject(2, UUID.class);
            if (current == null || !current.id().equals(id)) {
                flush();
                current =
                        new BookPosting(
                                new Place(Long.parseUnsignedLong(row.getString(1)), id),
                                row.getString(3),
                                row.getTimestamp(4).toInstant(),
                                row.getTimestamp(5).toInstant(),
                                row.getObject(6, UUID.class),
                                List.of());
            }
            var account = row.getObject(7, UUID.class);
            if (account != null) {
                lines.add(
                        new Line(
                                account,
                                row.getString(12),
                                row.getString(13),
                                row.getLong(8),
                                row.getLong(9),
                                row.getLong(10),
                                row.getTimestamp(11).toInstant()));
            }
        }

        void flush() {
            if (current != null) {
                each.accept(
                        new BookPosting(
                                current.place(),
                                current.kind(),
                                current.effectiveAt(),
                                current.createdAt(),
                                current.reverses(),
                                List.copyOf(lines)));
                lines.clear();
                current = null;
            }
        }
    }
}
