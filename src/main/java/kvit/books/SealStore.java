package kvit.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Statements;

/** The table seal. */
final class SealStore {

    private static final String COLUMNS =
            """
            number, after_transaction::text, after_posting, last_transaction::text, last_posting,
            postings, entries, content, previous, digest, sealed_at
            """;

    private final Statements statements;

    SealStore(Statements statements) {
        this.statements = statements;
    }

    Optional<Seal> last() {
        return statements.find(
                "select " + COLUMNS + " from seal order by number desc limit 1",
                in -> {},
                SealStore::seal);
    }

    Optional<Seal> find(long number) {
        return statements.find(
                "select " + COLUMNS + " from seal where number = ?",
                in -> in.number(number),
                SealStore::seal);
    }

    /** False where another replica has written this link. */
    boolean insert(Seal seal) {
        return statements.update(
                        """
                        insert into seal (number, after_transaction, after_posting, last_transaction,
                                          last_posting, postings, entries, content, previous, digest,
                                          sealed_at)
                        values (?, cast(? as xid8), ?, cast(? as xid8), ?, ?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """,
                        in -> {
                            in.number(seal.number());
                            BookReader.place(in, seal.after());
                            BookReader.place(in, seal.last());
                            in.number(seal.postings())
                                    .number(seal.entries())
                                    .bytes(seal.content())
                                    .bytes(seal.previous())
                                    .bytes(seal.digest())
                                    .time(seal.sealedAt());
                        })
                == 1;
    }

    private static Seal seal(ResultSet row) throws SQLException {
        return new Seal(
                row.getLong(1),
                place(row, 2),
                place(row, 4),
                row.getInt(6),
                row.getInt(7),
                row.getBytes(8),
                row.getBytes(9),
                row.getBytes(10),
                row.getTimestamp(11).toInstant());
    }

    private static Place place(ResultSet row, int column) throws SQLException {
        return new Place(
                Long.parseUnsignedLong(row.getString(column)),
                row.getObject(column + 1, UUID.class));
    }

    /** Those after that one, in their order, so many at once: contents are large. */
    List<Seal> after(long number, int atMost) {
        return statements.query(
                "select " + COLUMNS + " from seal where number > ? order by number limit ?",
                in -> in.number(number).number(atMost),
                SealStore::seal);
    }
}
