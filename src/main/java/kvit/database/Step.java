package kvit.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One statement with its values, and what becomes of its result.
 *
 * @param result takes it while the statement stands at it
 */
record Step(String sql, Consumer<Parameters> bind, Result result) {

    /** What a statement has come to. */
    interface Result {
        void take(PreparedStatement statement) throws SQLException;
    }

    /** The number of rows that have changed. */
    record Changed(IntConsumer number) implements Result {
        @Override
        public void take(PreparedStatement statement) throws SQLException {
            number.accept(statement.getUpdateCount());
        }
    }

    /** The rows that were read; null until then. */
    static final class Rows<T> implements Result {

        private final Database.Reading<T> reading;
        private @Nullable List<T> read;

        Rows(Database.Reading<T> reading) {
            this.reading = reading;
        }

        @Override
        public void take(PreparedStatement statement) throws SQLException {
            var list = new ArrayList<T>();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    list.add(reading.read(rows));
                }
            }
            read = list;
        }

        @Nullable List<T> read() {
            return read;
        }
    }
}
