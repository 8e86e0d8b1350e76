package kvit.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.identity.Visibility;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** How a row of the table transfer is read, whichever statement has found it. */
@ApplicationScoped
class TransferRows {

    /** What a statement selects that {@link #read} is given. */
    static final String COLUMNS =
            """
            id, payer, payee, minor, currency, note, visibility, reference, conversation, state, decline_code,
            refund_of, refunded, created_at, completed_at, expires_at, review, funding, request, share, phone,
            awaited
            """;

    /** What else is stored: more than all of the others, and only needed to answer once more. */
    private static final String STORED_COLUMNS =
            COLUMNS + ", key, fingerprint, answer_status, answer, rule_set, ruling, limits\n";

    private final Database database;
    private final ObjectMapper json;

    TransferRows(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    /**
     * @param from what of the statement follows the columns
     */
    Optional<StoredTransfer> find(String from, Consumer<Parameters> bind) {
        return database.find("select " + STORED_COLUMNS + from, bind, this::stored);
    }

    /** Several such. */
    List<StoredTransfer> stored(String from, Consumer<Parameters> bind) {
        return database.query("select " + STORED_COLUMNS + from, bind, this::stored);
    }

    /**
     * In the order of the statement.
     *
     * @param from what of the statement follows the columns
     */
    Map<UUID, Transfer> transfers(String from, Consumer<Parameters> bind) {
        var transfers = new LinkedHashMap<UUID, Transfer>();
        read("select " + COLUMNS + from, bind).forEach(it -> transfers.put(it.id(), it));
        return transfers;
    }

    /** By a whole statement. */
    List<Transfer> read(String sql, Consumer<Parameters> bind) {
        return database.query(sql, bind, this::transfer);
    }

    private Transfer transfer(ResultSet row) throws SQLException {
        var completedAt = row.getTimestamp(15);
        var expiresAt = row.getTimestamp(16);
        return new Transfer(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getString(21),
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
                completedAt == null ? null : completedAt.toInstant(),
                expiresAt == null ? null : expiresAt.toInstant(),
                row.getBoolean(17),
                funding(row.getString(18)),
                share(row),
                row.getBoolean(22));
    }

    private StoredTransfer stored(ResultSet row) throws SQLException {
        return new StoredTransfer(
                transfer(row),
                row.getString(23),
                row.getString(24),
                row.getInt(25),
                row.getString(26),
                row.getObject(27, Long.class),
                row.getString(28),
                row.getString(29));
    }

    private static @Nullable ShareRef share(ResultSet row) throws SQLException {
        var share = row.getObject(20, UUID.class);
        return share == null ? null : new ShareRef(row.getObject(19, UUID.class), share);
    }

    private @Nullable Funding funding(@Nullable String text) {
        try {
            return text == null ? null : json.readValue(text, Funding.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what a card pays cannot be read", e);
        }
    }
}
