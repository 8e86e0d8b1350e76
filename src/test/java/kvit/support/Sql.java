package kvit.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.eclipse.microprofile.config.ConfigProvider;

/** Raw SQL beside the service: as its own role, or as the owner of the tables. */
public final class Sql {

    /** Plans by name would outlive the tables that some tests make and drop. */
    private static final String NO_NAMED_PLANS = "0";

    private static final int KEEPS = 4;

    private static final int ANSWERS_WITHIN_SECONDS = 2;

    /**
     * The owner's, kept from one statement to the next: a new connection takes longer than most of
     * them, because a password is hashed some thousand times at both ends.
     */
    private static final Deque<Connection> IDLE = new ConcurrentLinkedDeque<>();

    private Sql() {}

    public static Connection asApp() throws SQLException {
        return connect("quarkus.datasource.username", "quarkus.datasource.password");
    }

    public static Connection asOwner() throws SQLException {
        return connect("quarkus.flyway.username", "quarkus.flyway.password");
    }

    private static Connection connect(String user, String password) throws SQLException {
        var config = ConfigProvider.getConfig();
        var properties = new Properties();
        properties.setProperty("user", config.getValue(user, String.class));
        properties.setProperty("password", config.getValue(password, String.class));
        properties.setProperty("prepareThreshold", NO_NAMED_PLANS);
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class), properties);
    }

    /** One that nobody else has at the moment, and that is not broken. */
    private static Connection taken() throws SQLException {
        var idle = IDLE.poll();
        while (idle != null) {
            if (idle.isValid(ANSWERS_WITHIN_SECONDS)) {
                return idle;
            }
            idle.close();
            idle = IDLE.poll();
        }
        return asOwner();
    }

    private static void giveBack(Connection connection) throws SQLException {
        if (IDLE.size() < KEEPS) {
            IDLE.push(connection);
        } else {
            connection.close();
        }
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private static <T> T with(String sql, Object[] values, Work<T> work) {
        try {
            var connection = taken();
            try (var statement = connection.prepareStatement(sql)) {
                for (var i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return work.on(statement);
            } finally {
                giveBack(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Runs one statement as owner of the tables. */
    public static void run(String sql, Object... values) {
        with(sql, values, PreparedStatement::execute);
    }

    /** The first column of every row. */
    @SuppressWarnings("unchecked")
    public static <T> List<T> column(String sql, Object... values) {
        return with(
                sql,
                values,
                statement -> {
                    var column = new ArrayList<T>();
                    try (var rows = statement.executeQuery()) {
                        while (rows.next()) {
                            column.add((T) rows.getObject(1));
                        }
                    }
                    return column;
                });
    }

    public static <T> T value(String sql, Object... values) {
        return Sql.<T>column(sql, values).get(0);
    }
}
