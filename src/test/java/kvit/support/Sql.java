package kvit.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** Raw SQL beside the service: as its own role, or as the owner of the tables. */
public final class Sql {

    private Sql() {}

    public static Connection asApp() throws SQLException {
        return connect("quarkus.datasource.username", "quarkus.datasource.password");
    }

    public static Connection asOwner() throws SQLException {
        return connect("quarkus.flyway.username", "quarkus.flyway.password");
    }

    private static Connection connect(String user, String password) throws SQLException {
        var config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue(user, String.class),
                config.getValue(password, String.class));
    }

    /** Runs one statement as owner of the tables. */
    public static void run(String sql, Object... values) {
        try (var connection = asOwner();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of every row. */
    @SuppressWarnings("unchecked")
    public static <T> List<T> column(String sql, Object... values) {
        try (var connection = asOwner();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            var column = new ArrayList<T>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    column.add((T) rows.getObject(1));
                }
            }
            return column;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public static <T> T value(String sql, Object... values) {
        return Sql.<T>column(sql, values).get(0);
    }
}
