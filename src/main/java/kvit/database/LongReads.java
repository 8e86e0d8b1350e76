package kvit.database;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Reads that go through a whole table: on a snapshot of one moment, with a connection of their own,
 * and with more patience than a request that moves money may have. They lock nothing that a writer
 * waits for.
 */
@ApplicationScoped
public class LongReads {

    /** On top of what the server is given for a statement, so that the server answers first. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final DataSource source;

    LongReads(DataSource source) {
        this.source = source;
    }

    /**
     * Outside of any transaction.
     *
     * @param perStatement how long one statement may be silent: until its first rows, and between
     *     two portions of them
     * @param idle how long whoever takes the rows may take for a portion, before the server ends it
     */
    public <T> T reading(Duration perStatement, Duration idle, Function<Statements, T> work) {
        try (var connection = source.getConnection()) {
            var before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(perStatement.plus(MARGIN).toMillis()));
            connection.setAutoCommit(false);
            try {
                var statements = new Statements(connection);
                begin(statements, perStatement, idle);
                return work.apply(statements);
            } finally {
                end(connection, before);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("no connection for a long read", e);
        }
    }

    private static void begin(Statements statements, Duration perStatement, Duration idle) {
        statements.update("set transaction isolation level repeatable read read only", in -> {});
        statements.update("set local statement_timeout = " + perStatement.toMillis(), in -> {});
        statements.update(
                "set local idle_in_transaction_session_timeout = " + idle.toMillis(), in -> {});
    }

    private static void end(Connection connection, int networkTimeout) throws SQLException {
        if (connection.isClosed()) {
            return;
        }
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
    }
}
