package kvit.problem;

import jakarta.transaction.TransactionRolledbackException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells that the database is away, starting, full or too busy: a matter of time, and no bug of
 * ours.
 */
public final class Outage {

    /** No connection is to be had, or no room on the server: it befalls whoever asks. */
    private static final Set<String> AWAY =
            Set.of(
                    "08001", // nobody there
                    "08004", // not let in
                    "53", // out of disk, memory or connections
                    "57P03"); // it is starting

    /**
     * Codes of PostgreSQL, appendix A of its manual; a class of them where the code has two
     * letters.
     */
    private static final Set<String> STATES =
            Set.of(
                    "08", // connection exceptions
                    "53", // out of disk, memory or connections
                    "57P01", // the administrator stopped the server
                    "57P02", // it crashed
                    "57P03", // it is starting
                    "57014", // statement time-out
                    "55P03", // lock time-out
                    "25P03", // idle in transaction for too long
                    "40001", // could not serialize, after all retries
                    "40P01"); // deadlock, after all retries

    private Outage() {}

    /** Whether no other request would fare better right now. */
    public static boolean isForAll(Throwable failure) {
        return Causes.of(failure).stream()
                .anyMatch(
                        it ->
                                it instanceof SQLException sql
                                        && (isOneOf(AWAY, sql.getSQLState()) || isPool(sql)));
    }

    static boolean is(Throwable failure) {
        if (failure instanceof SQLException sql) {
            return isOneOf(STATES, sql.getSQLState()) || isPool(sql);
        }
        return failure instanceof TransactionRolledbackException;
    }

    private static boolean isOneOf(Set<String> states, @Nullable String state) {
        return state != null
                && state.length() == 5
                && (states.contains(state) || states.contains(state.substring(0, 2)));
    }

    /**
     * The connection pool has no codes: an acquisition that took too long is a plain exception, in
     * one of two wordings.
     */
    private static boolean isPool(SQLException failure) {
        return failure instanceof SQLTransientException
                || (failure.getSQLState() == null
                        && String.valueOf(failure.getMessage())
                                .toLowerCase(Locale.ROOT)
                                .contains("acquisition timeout"));
    }
}
