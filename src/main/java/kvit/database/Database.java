package kvit.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Runs statements by the connection of the running transaction if there is one, otherwise each in a
 * transaction of its own.
 *
 * <p>A statement whose result nobody needs yet can wait for the next one and go to the database
 * with it: while a transaction is short, half of its time is the way there and back. They are
 * carried out in the order in which they were given, and all that was given is carried out before
 * COMMIT.
 */
@ApplicationScoped
public class Database {

    /** Makes something of a row. */
    public interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final DataSource source;
    private final TransactionSynchronizationRegistry transaction;

    Database(DataSource source, TransactionSynchronizationRegistry transaction) {
        this.source = source;
        this.transaction = transaction;
    }

    /**
     * All rows of a query, or what a changing statement returns, in the database's order.
     *
     * @throws IllegalStateException caused by what the database said
     */
    public <T> List<T> query(String sql, Consumer<Parameters> bind, Reading<T> reading) {
        var rows = new Step.Rows<>(reading);
        send(new Step(sql, bind, rows));
        return Objects.requireNonNull(rows.read());
    }

    /**
     * The same with the next statement of the running transaction, or when the rows are asked for.
     *
     * @return the rows; of this transaction and to be asked for within it
     */
    public <T> Supplier<List<T>> queryLater(
            String sql, Consumer<Parameters> bind, Reading<T> reading) {
        var rows = new Step.Rows<>(reading);
        later(new Step(sql, bind, rows));
        return () -> {
            if (rows.read() == null) {
                flush();
            }
            return Objects.requireNonNull(rows.read());
        };
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
        var changed = new AtomicInteger();
        send(new Step(sql, bind, new Step.Changed(changed::set)));
        return changed.get();
    }

    /**
     * Changes rows with the next statement of the running transaction, or at its end. The values
     * are taken then, so they must not change any more.
     *
     * @param changed is told how many rows have; what it throws ends the transaction
     */
    public void updateLater(String sql, Consumer<Parameters> bind, IntConsumer changed) {
        later(new Step(sql, bind, new Step.Changed(changed)));
    }

    /** The same where the number tells nothing. */
    public void updateLater(String sql, Consumer<Parameters> bind) {
        updateLater(sql, bind, number -> {});
    }

    /** Sends what waits, for whoever wants to know of its failure before the COMMIT. */
    public void flush() {
        send(unsent());
    }

    private void later(Step step) {
        if (transaction.getTransactionKey() == null) {
            send(List.of(step));
            return;
        }
        var unsent = (Unsent) transaction.getResource(this);
        if (unsent == null) {
            unsent = new Unsent();
            transaction.registerInterposedSynchronization(unsent);
            transaction.putResource(this, unsent);
        }
        if (unsent.isOver) {
            send(step);
        } else {
            unsent.steps.add(step);
        }
    }

    private void send(Step step) {
        var steps = unsent();
        steps.add(step);
        send(steps);
    }

    /** What waits in the running transaction, and does not any more. */
    private List<Step> unsent() {
        var steps = new ArrayList<Step>();
        if (transaction.getTransactionKey() != null
                && transaction.getResource(this) instanceof Unsent unsent) {
            steps.addAll(unsent.steps);
            unsent.steps.clear();
        }
        return steps;
    }

    /** In one go: the driver sends statements that are separated by semicolons together. */
    private void send(List<Step> steps) {
        if (steps.isEmpty()) {
            return;
        }
        try {
            carryOut(steps);
        } catch (RuntimeException | Error e) {
            // Some of them may not have been for whoever hears of it, and are lost all the same.
            if (transaction.getTransactionKey() != null) {
                transaction.setRollbackOnly();
            }
            throw e;
        }
    }

    private void carryOut(List<Step> steps) {
        var sql = steps.stream().map(Step::sql).collect(Collectors.joining(";\n"));
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement(sql)) {
            var parameters = new Parameters(connection, statement);
            steps.forEach(it -> it.bind().accept(parameters));
            statement.execute();
            for (var step : steps) {
                step.result().take(statement);
                statement.getMoreResults();
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /**
     * Names what failed and how, and no values: those are parameters, may be secrets, and are
     * quoted by the server.
     */
    static IllegalStateException failed(String sql, SQLException e) {
        var how = e.getSQLState() == null ? e.getClass().getSimpleName() : e.getSQLState();
        return new IllegalStateException(
                "failed with " + how + ": " + sql.strip().replaceAll("\\s+", " "), e);
    }

    /** The statements of one transaction that were not sent yet. */
    private class Unsent implements Synchronization {

        private final List<Step> steps = new ArrayList<>();

        /** Nobody asks any more what waits, so nothing may. */
        private boolean isOver;

        @Override
        public void beforeCompletion() {
            isOver = true;
            flush();
        }

        @Override
        public void afterCompletion(int status) {}
    }
}
