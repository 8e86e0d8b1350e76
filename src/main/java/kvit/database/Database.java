package kvit.database;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Runs single statements, by the connection of the running transaction if there is one, otherwise
 * each in a transaction of its own.
 */
@ApplicationScoped
public class Database {

    /** Makes something of a row. */
    public interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final DataSource source;

    Database(DataSource source) {
        this.source = source;
    }

    /**
     * All rows of a query, or what a changing statement returns, in the database's order.
     *
     * @throws IllegalStateException caused by what the database said
     */
    public <T> List<T> query(String sql, Consumer<Parameters> bind, Reading<T> reading) {
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind.accept(new Parameters(connection, statement));
            var read = new ArrayList<T>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    read.add(reading.read(rows));
                }
            }
            return read;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** The first row, for a query that has at most one. */
    public <T> Optional<T> find(String sql, Consumer<Parameters> bind, Reading<T> reading) {
        return query(sql, bind, reading).stream().findFirst();
    }

    /**
     * Says how many rows have changed.
     *
     * @throws IllegalStateException caused by what the database said
     */
    public int update(String sql, Consumer<Parameters> bind) {
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind.accept(new Parameters(connection, statement));
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /**
     * Names what failed and how, and no values: those are parameters, may be secrets, and are
     * quoted by the server.
     */
    private static IllegalStateException failed(String sql, SQLException e) {
        var how = e.getSQLState() == null ? e.getClass().getSimpleName() : e.getSQLState();
        return new IllegalStateException(
                "failed with " + how + ": " + sql.strip().replaceAll("\\s+", " "), e);
    }
}
