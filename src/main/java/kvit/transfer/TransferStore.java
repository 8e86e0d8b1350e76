package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import kvit.identity.Visibility;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The table transfer: all SQL that touches it, over arrays where a list of attempts passes through.
 */
@ApplicationScoped
class TransferStore {

    /** A transfer with the key it stands for and its first answer. */
    record Stored(Transfer transfer, String key, String fingerprint, int status, String body) {

        Attempt.Owned owned() {
            return new Attempt.Owned(transfer.payer(), key);
        }
    }

    /**
     * Which transfers of a person.
     *
     * @param sent those that they paid, declined ones included
     * @param received those that they were paid
     * @param from created not before
     * @param to created before
     * @param after the last one of the page before this one
     */
    record Query(
            UUID person,
            boolean sent,
            boolean received,
            @Nullable TransferState state,
            @Nullable String key,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID after,
            int limit) {}

    private static final String COLUMNS =
            """
            id, payer, payee, minor, currency, note, visibility, reference, conversation, state, decline_code,
            refund_of, refunded, created_at, completed_at, key, fingerprint, answer_status, answer
            """;

    private final DataSource database;

    TransferStore(DataSource database) {
        this.database = database;
    }

    Map<Attempt.Owned, Stored> byKeys(Collection<Attempt.Owned> keys) {
        var stored =
                query(
                        "select "
                                + COLUMNS
                                + """
                                  from transfer
                                 where (payer, key) in (select * from unnest(?, ?))
                                """,
                        (connection, statement) -> {
                            statement.setArray(
                                    1, array(connection, "uuid", keys, Attempt.Owned::payer));
                            statement.setArray(
                                    2, array(connection, "text", keys, Attempt.Owned::key));
                        });
        var byKey = new HashMap<Attempt.Owned, Stored>();
        stored.forEach(it -> byKey.put(it.owned(), it));
        return byKey;
    }

    /** Says how many were new: a key that somebody else has just taken is not. */
    int insert(List<Stored> rows) {
        return update(
                """
                insert into transfer (id, payer, payee, minor, currency, note, visibility, reference,
                                      conversation, state, decline_code, refund_of, created_at,
                                      completed_at, key, fingerprint, answer_status, answer)
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict do nothing
                """,
                (connection, statement) -> {
                    statement.setArray(1, column(connection, "uuid", rows, Transfer::id));
                    statement.setArray(2, column(connection, "uuid", rows, Transfer::payer));
                    statement.setArray(3, column(connection, "uuid", rows, Transfer::payee));
                    statement.setArray(
                            4, column(connection, "int8", rows, it -> it.amount().minor()));
                    statement.setArray(
                            5,
                            column(connection, "text", rows, it -> it.amount().currency().name()));
                    statement.setArray(6, column(connection, "text", rows, Transfer::note));
                    statement.setArray(
                            7, column(connection, "text", rows, it -> it.visibility().name()));
                    statement.setArray(8, column(connection, "text", rows, Transfer::reference));
                    statement.setArray(9, column(connection, "text", rows, Transfer::conversation));
                    statement.setArray(
                            10, column(connection, "text", rows, it -> it.state().name()));
                    statement.setArray(11, column(connection, "text", rows, Transfer::declineCode));
                    statement.setArray(12, column(connection, "uuid", rows, Transfer::refundOf));
                    statement.setArray(
                            13,
                            column(
                                    connection,
                                    "timestamptz",
                                    rows,
                                    it -> timestamp(it.createdAt())));
                    statement.setArray(
                            14,
                            column(
                                    connection,
                                    "timestamptz",
                                    rows,
                                    it -> timestamp(it.completedAt())));
                    statement.setArray(15, array(connection, "text", rows, Stored::key));
                    statement.setArray(16, array(connection, "text", rows, Stored::fingerprint));
                    statement.setArray(
                            17, array(connection, "int2", rows, it -> (short) it.status()));
                    statement.setArray(18, array(connection, "text", rows, Stored::body));
                });
    }

    Optional<Transfer> find(UUID id) {
        return byIds(List.of(id)).values().stream().findFirst();
    }

    Map<UUID, Transfer> byIds(Collection<UUID> ids) {
        return transfers(
                "select " + COLUMNS + " from transfer where id = any (?)",
                (connection, statement) ->
                        statement.setArray(1, connection.createArrayOf("uuid", ids.toArray())));
    }

    /** In id order, and before any account is locked: nobody waits in a circle. */
    Map<UUID, Transfer> lock(Collection<UUID> ids) {
        return transfers(
                "select " + COLUMNS + " from transfer where id = any (?) order by id for update",
                (connection, statement) ->
                        statement.setArray(1, connection.createArrayOf("uuid", ids.toArray())));
    }

    void updateRefunded(Collection<Transfer> transfers) {
        if (transfers.isEmpty()) {
            return;
        }
        update(
                """
                update transfer t
                   set state = r.state, refunded = r.refunded
                  from unnest(?, ?, ?, ?) as r (payer, id, state, refunded)
                 where t.payer = r.payer and t.id = r.id
                """,
                (connection, statement) -> {
                    statement.setArray(1, array(connection, "uuid", transfers, Transfer::payer));
                    statement.setArray(2, array(connection, "uuid", transfers, Transfer::id));
                    statement.setArray(
                            3, array(connection, "text", transfers, it -> it.state().name()));
                    statement.setArray(4, array(connection, "int8", transfers, Transfer::refunded));
                });
    }

    /**
     * Newest first. The two directions have an index each, so each is read by its own and only so
     * far.
     */
    List<Transfer> list(Query query) {
        var filter =
                """
                   and (cast(? as text) is null or state = ?)
                   and (cast(? as text) is null or (payer = ? and key = ?))
                   and (cast(? as timestamptz) is null or created_at >= ?)
                   and (cast(? as timestamptz) is null or created_at < ?)
                   and (cast(? as uuid) is null or id < ?)
                 order by id desc
                 limit ?
                """;
        return List.copyOf(
                transfers(
                                "(select "
                                        + COLUMNS
                                        + " from transfer where payer = ? and ? "
                                        + filter
                                        + ") union all (select "
                                        + COLUMNS
                                        + " from transfer where payee = ? and state <> 'DECLINED' and ? "
                                        + filter
                                        + ") order by id desc limit ?",
                                (connection, statement) -> {
                                    var next = bind(statement, 1, query, query.sent());
                                    next = bind(statement, next, query, query.received());
                                    statement.setInt(next, query.limit());
                                })
                        .values());
    }

    private static int bind(PreparedStatement statement, int first, Query query, boolean wanted)
            throws SQLException {
        var column = first;
        statement.setObject(column++, query.person());
        statement.setBoolean(column++, wanted);
        var state = query.state() == null ? null : query.state().name();
        statement.setString(column++, state);
        statement.setString(column++, state);
        statement.setString(column++, query.key());
        statement.setObject(column++, query.person());
        statement.setString(column++, query.key());
        statement.setTimestamp(column++, timestamp(query.from()));
        statement.setTimestamp(column++, timestamp(query.from()));
        statement.setTimestamp(column++, timestamp(query.to()));
        statement.setTimestamp(column++, timestamp(query.to()));
        statement.setObject(column++, query.after(), Types.OTHER);
        statement.setObject(column++, query.after(), Types.OTHER);
        statement.setInt(column++, query.limit());
        return column;
    }

    private Map<UUID, Transfer> transfers(String sql, Binding binding) {
        var transfers = new LinkedHashMap<UUID, Transfer>();
        query(sql, binding).forEach(it -> transfers.put(it.transfer().id(), it.transfer()));
        return transfers;
    }

    private static Stored read(ResultSet row) throws SQLException {
        var completedAt = row.getTimestamp(15);
        var transfer =
                new Transfer(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        new Money(row.getLong(4), Currency.valueOf(row.getString(5))),
                        row.getString(6),
                        Visibility.valueOf(row.getString(7)),
                        row.getString(8),
                        row.getString(9),
                        TransferState.valueOf(row.getString(10)),
                        row.getString(11),
                        row.getObject(12, UUID.class),
                        row.getLong(13),
                        row.getTimestamp(14).toInstant(),
                        completedAt == null ? null : completedAt.toInstant());
        return new Stored(
                transfer, row.getString(16), row.getString(17), row.getInt(18), row.getString(19));
    }

    private interface Binding {
        void bind(Connection connection, PreparedStatement statement) throws SQLException;
    }

    private List<Stored> query(String sql, Binding binding) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(connection, statement);
            var found = new ArrayList<Stored>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("transfers could not be read", e);
        }
    }

    private int update(String sql, Binding binding) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(connection, statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("transfers could not be written", e);
        }
    }

    private static Array column(
            Connection connection,
            String type,
            List<Stored> rows,
            Function<Transfer, @Nullable Object> value)
            throws SQLException {
        return array(connection, type, rows, it -> value.apply(it.transfer()));
    }

    private static <T> Array array(
            Connection connection,
            String type,
            Collection<T> rows,
            Function<T, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
