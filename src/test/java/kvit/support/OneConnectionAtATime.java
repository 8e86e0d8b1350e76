package kvit.support;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.jdbc.PgConnection;

/**
 * Refuses a thread of the service its second connection. As many of them as the pool is large would
 * each hold one and wait for another, while every connection lies idle; a test meets that only when
 * all of them come within the same milliseconds, so this is looked at whenever one is taken.
 */
@ApplicationScoped
class OneConnectionAtATime implements AgroalPoolInterceptor {

    private final Map<PgConnection, Thread> holders = new ConcurrentHashMap<>();

    @Override
    public void onConnectionAcquire(Connection connection) {
        forgetBroken();
        if (holders.containsValue(Thread.currentThread())) {
            throw new IllegalStateException("holds a connection and takes another");
        }
        holders.put(physical(connection), Thread.currentThread());
    }

    @Override
    public void onConnectionReturn(Connection connection) {
        forgetBroken();
        if (!isBroken(connection)) {
            holders.remove(physical(connection));
        }
    }

    /** The pool does not take them back. */
    private void forgetBroken() {
        holders.keySet().removeIf(OneConnectionAtATime::isBroken);
    }

    private static boolean isBroken(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The pool wraps it anew for each of these calls. */
    private static PgConnection physical(Connection connection) {
        try {
            return connection.unwrap(PgConnection.class);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
