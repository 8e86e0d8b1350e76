package kvit.speed;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;

/** Threads that each have a connection, and do the same without a pause; as pgbench has it. */
final class SqlLoad {

    /** One transaction after another, on one connection. */
    interface Session extends AutoCloseable {

        void next() throws SQLException;

        @Override
        void close() throws SQLException;
    }

    /** Prepares what a session does. */
    interface Script {
        Session on(Connection connection) throws SQLException;
    }

    private final Postgres postgres;

    SqlLoad(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Transactions per second. */
    double run(Script script, int connections, Duration time)
            throws SQLException, InterruptedException {
        var threads = Executors.newFixedThreadPool(connections);
        var sessions = new ArrayList<Session>();
        var opened = new ArrayList<Connection>();
        try {
            for (var i = 0; i < connections; i++) {
                var connection = postgres.connect(Role.OWNER);
                opened.add(connection);
                sessions.add(script.on(connection));
            }
            var begunAt = System.nanoTime();
            var endsAt = begunAt + time.toNanos();
            var works = new ArrayList<Callable<Long>>();
            sessions.forEach(it -> works.add(() -> repeat(it, endsAt)));
            var done = 0L;
            for (Future<Long> work : threads.invokeAll(works)) {
                done += work.get();
            }
            return done * 1e9 / (System.nanoTime() - begunAt);
        } catch (ExecutionException e) {
            throw new SQLException("a session failed", e.getCause());
        } finally {
            threads.shutdownNow();
            for (var session : sessions) {
                session.close();
            }
            for (var connection : opened) {
                connection.close();
            }
        }
    }

    private static long repeat(Session session, long endsAt) throws SQLException {
        var done = 0L;
        while (System.nanoTime() - endsAt < 0) {
            session.next();
            done++;
        }
        return done;
    }
}
