package kvit.support;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * Stops a database transaction that stores a transfer with a certain note, for as long as the gate
 * is shut, and with it whatever thread of the service writes it.
 *
 * <p>The wait is one for a lock of which the time-out for locks knows nothing, so that it is over
 * when the test says so; at the latest after the time-out for statements, which is 3 s.
 */
public final class Gate implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final String note = "gate-" + UUID.randomUUID();
    private final Connection keeper;
    private final int keeperPid;

    private Gate() throws SQLException {
        Sql.run("create table gate (shut boolean)");
        Sql.run("insert into gate values (true)");
        Sql.run(
                """
                create function wait_at_gate() returns trigger language plpgsql security definer
                    set search_path from current as $$
                begin
                    perform set_config('lock_timeout', '0', true);
                    perform from gate for update;
                    return new;
                end
                $$
                """);
        Sql.run(
                "create trigger wait_at_gate before insert on transfer for each row when (new.note = '%s') "
                                .formatted(note)
                        + "execute function wait_at_gate()");
        keeper = Sql.asOwner();
        keeper.setAutoCommit(false);
        try (var statement = keeper.createStatement();
                var locked =
                        statement.executeQuery("select pg_backend_pid() from gate for update")) {
            locked.next();
            keeperPid = locked.getInt(1);
        }
    }

    public static Gate shut() throws SQLException {
        return new Gate();
    }

    /** The note of a transfer that has to wait. */
    public String note() {
        return note;
    }

    /** Until a transaction has come to the gate. */
    public void awaitArrival() {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () ->
                                Sql.<Long>value(
                                                "select count(*) from pg_stat_activity "
                                                        + "where ? = any (pg_blocking_pids(pid))",
                                                keeperPid)
                                        > 0);
    }

    /** Lets all pass; may be called more than once. */
    public void open() throws SQLException {
        if (!keeper.isClosed()) {
            keeper.rollback();
            keeper.close();
        }
    }

    @Override
    public void close() throws SQLException {
        open();
        Sql.run("drop function wait_at_gate cascade");
        Sql.run("drop table gate");
    }
}
