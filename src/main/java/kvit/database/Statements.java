package kvit.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * SQL on one given connection: for what reads more rows than fit into memory, which {@link
 * Database} would gather first.
 */
public final class Statements {

    /** A row that nobody keeps. */
    public interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** So many rows are in memory at once; of a few hundred bytes each. */
    private static final int FETCHED_AT_ONCE = 2_000;

    private final Connection connection;

    public Statements(Connection connection) {
        this.connection = connection;
    }

    /**
     * Hands over each row as it arrives, in constant memory as long as the connection is in a
     * transaction.
     *
     * @throws IllegalStateException caused by what the database said
     */
    public void forEach(String sql, Consumer<Parameters> bind, RowReader reader) {
        try (var statement = prepare(sql, bind)) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } catch (SQLException e) {
            throw Database.failed(sql, e);
        }
    }

    /** All rows, which are few. */
    public <T> List<T> query(String sql, Consumer<Parameters> bind, Database.Reading<T> reading) {
        var all = new ArrayList<T>();
        forEach(sql, bind, row -> all.add(reading.read(row)));
        return all;
    }

    /** The first row, for a query that has at most one. */
    public <T> Optional<T> find(
            String sql, Consumer<Parameters> bind, Database.Reading<T> reading) {
        return query(sql, bind, reading).stream().findFirst();
    }

    /** Says how many rows have changed. */
    public int update(String sql, Consumer<Parameters> bind) {
        try (var statement = prepare(sql, bind)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw Database.failed(sql, e);
        }
    }

    private PreparedStatement prepare(String sql, Consumer<Parameters> bind) throws SQLException {
        var statement = connection.prepareStatement(sql);
        try {
            bind.accept(new Parameters(connection, statement));
        } catch (RuntimeException e) {
            statement.close();
            throw e;
        }
        return statement;
    }
}
