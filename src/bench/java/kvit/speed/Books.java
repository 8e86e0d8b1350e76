package kvit.speed;

import java.sql.SQLException;
import java.util.BitSet;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;

/** What is in the tables after all the haste. Asks as their owner, whom no time-out cuts off. */
final class Books {

    /**
     * The keys of one traffic, as answered and as stored.
     *
     * @param acknowledged keys that were answered with a transfer or with its refusal
     * @param unanswered keys of which nothing is known: no answer, or one that nobody expected
     * @param rows with such a key
     * @param lost acknowledged, and not there
     * @param doubled rows beyond the first of their key
     * @param unexplained there, though the request was turned away, or was never made
     */
    record Kept(
            String prefix,
            long acknowledged,
            long unanswered,
            long rows,
            long lost,
            long doubled,
            long unexplained) {

        String line() {
            return Report.format(
                    "| %s* | %d | %d | %d | %d | %d | %d |%n",
                    prefix, acknowledged, unanswered, rows, lost, doubled, unexplained);
        }
    }

    private static final int PORTION = 10_000;

    private final Postgres postgres;

    Books(Postgres postgres) {
        this.postgres = postgres;
    }

    /** What does not add up; of everything that is in the books. */
    long discrepancies() throws SQLException {
        return count("select count(*) from books_discrepancy");
    }

    long postings() throws SQLException {
        return count("select count(*) from posting");
    }

    long transfers() throws SQLException {
        return count("select count(*) from transfer");
    }

    private long count(String query) throws SQLException {
        return postgres.number(Role.OWNER, query);
    }

    Kept kept(Keys keys) throws SQLException {
        var found = new BitSet();
        var rows = 0L;
        try (var connection = postgres.connect(Role.OWNER)) {
            // Without this the driver reads all of them at once.
            connection.setAutoCommit(false);
            try (var statement =
                    connection.prepareStatement("select key from transfer where key like ?")) {
                statement.setFetchSize(PORTION);
                statement.setString(1, keys.prefix() + "%");
                try (var row = statement.executeQuery()) {
                    while (row.next()) {
                        rows++;
                        found.set(keys.number(row.getString(1)));
                    }
                }
            }
        }
        var lost = (BitSet) keys.acknowledged().clone();
        lost.andNot(found);
        var unexplained = (BitSet) found.clone();
        unexplained.andNot(keys.acknowledged());
        unexplained.andNot(keys.unanswered());
        return new Kept(
                keys.prefix(),
                keys.acknowledged().cardinality(),
                keys.unanswered().cardinality(),
                rows,
                lost.cardinality(),
                rows - found.cardinality(),
                unexplained.cardinality());
    }
}
