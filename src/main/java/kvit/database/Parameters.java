package kvit.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The values of a statement, in the order of its question marks.
 *
 * <p>The plural ones bind one column of many rows as an array, for {@code unnest} and {@code any}.
 */
public final class Parameters {

    private final Connection connection;
    private final PreparedStatement statement;
    private int bound;

    Parameters(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    public Parameters uuid(@Nullable UUID value) {
        return bind(value, Types.OTHER);
    }

    public Parameters text(@Nullable String value) {
        return bind(value, Types.VARCHAR);
    }

    public Parameters number(@Nullable Long value) {
        return bind(value, Types.BIGINT);
    }

    public Parameters number(long value) {
        return bind(value, Types.BIGINT);
    }

    public Parameters flag(boolean value) {
        return bind(value, Types.BOOLEAN);
    }

    public Parameters bytes(byte @Nullable [] value) {
        return bind(value, Types.BINARY);
    }

    public Parameters time(@Nullable Instant value) {
        return bind(
                value == null ? null : value.atOffset(ZoneOffset.UTC),
                Types.TIMESTAMP_WITH_TIMEZONE);
    }

    public <T> Parameters uuids(Collection<T> rows, Function<T, @Nullable UUID> column) {
        return array("uuid", rows, column, UUID[]::new);
    }

    public Parameters uuids(Collection<UUID> values) {
        return uuids(values, it -> it);
    }

    public <T> Parameters texts(Collection<T> rows, Function<T, @Nullable String> column) {
        return array("text", rows, column, String[]::new);
    }

    public Parameters texts(Collection<String> values) {
        return texts(values, it -> it);
    }

    public <T> Parameters numbers(Collection<T> rows, Function<T, @Nullable Long> column) {
        return array("int8", rows, column, Long[]::new);
    }

    public <T> Parameters flags(Collection<T> rows, Function<T, Boolean> column) {
        return array("boolean", rows, column, Boolean[]::new);
    }

    /**
     * As instants, whose text says that it is UTC. That of {@link java.sql.Timestamp} is the local
     * time of the machine, and an hour of each autumn has two of those.
     */
    public <T> Parameters times(Collection<T> rows, Function<T, @Nullable Instant> column) {
        return array("timestamptz", rows, column, Instant[]::new);
    }

    /** By the type of the array the driver finds out what it need not write as text. */
    private <T, C> Parameters array(
            String type,
            Collection<T> rows,
            Function<T, @Nullable C> column,
            IntFunction<@Nullable C[]> empty) {
        try {
            statement.setArray(
                    ++bound,
                    connection.createArrayOf(type, rows.stream().map(column).toArray(empty)));
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException("no array of " + type, e);
        }
    }

    private Parameters bind(@Nullable Object value, int type) {
        try {
            statement.setObject(++bound, value, type);
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException("no value for parameter " + bound, e);
        }
    }
}
