package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import kvit.database.Database;
import kvit.identity.Guard.Kind;
import kvit.identity.Guard.Tally;
import org.jspecify.annotations.Nullable;

/** The table phone_guard. */
@ApplicationScoped
class GuardStore {

    private final Database database;
    private final IdentityConfig config;

    GuardStore(Database database, IdentityConfig config) {
        this.database = database;
        this.config = config;
    }

    /**
     * Also of a phone of which nothing is counted. Until the end of the transaction: of parallel
     * guesses each sees the last.
     */
    Guard lock(String phone) {
        return database.find(
                        """
                        insert into phone_guard as g (phone, failures, failed_at)
                        values (?, 0, 'epoch')
                        on conflict (phone) do update set failures = g.failures
                        returning failures, failed_at, confirmation_failures, confirmation_failed_at,
                                  pin_failures, pin_failed_at, card_failures, card_failed_at,
                                  locked_until, own_locked_until
                        """,
                        in -> in.text(phone),
                        this::read)
                .orElseThrow();
    }

    private Guard read(ResultSet row) throws SQLException {
        return new Guard(
                config,
                Map.of(
                        Kind.SIGN_IN_CODE, tally(row, 1),
                        Kind.CONFIRMATION_CODE, tally(row, 3),
                        Kind.PIN, tally(row, 5),
                        Kind.CARD_DIGITS, tally(row, 7)),
                time(row, 9),
                time(row, 10));
    }

    private static Tally tally(ResultSet row, int column) throws SQLException {
        return new Tally(row.getInt(column), row.getTimestamp(column + 1).toInstant());
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    /** Where nothing is counted any more, nothing is kept. */
    void save(String phone, Guard guard) {
        if (guard.isEmpty()) {
            database.update("delete from phone_guard where phone = ?", in -> in.text(phone));
            return;
        }
        var signIn = guard.tally(Kind.SIGN_IN_CODE);
        var confirmation = guard.tally(Kind.CONFIRMATION_CODE);
        var pin = guard.tally(Kind.PIN);
        var card = guard.tally(Kind.CARD_DIGITS);
        database.update(
                """
                update phone_guard
                   set failures = ?, failed_at = ?, confirmation_failures = ?, confirmation_failed_at = ?,
                       pin_failures = ?, pin_failed_at = ?, card_failures = ?, card_failed_at = ?,
                       locked_until = ?, own_locked_until = ?
                 where phone = ?
                """,
                in ->
                        in.number(signIn.failures())
                                .time(signIn.failedAt())
                                .number(confirmation.failures())
                                .time(confirmation.failedAt())
                                .number(pin.failures())
                                .time(pin.failedAt())
                                .number(card.failures())
                                .time(card.failedAt())
                                .time(guard.signInsLockedUntil())
                                .time(guard.lockedUntil())
                                .text(phone));
    }
}
