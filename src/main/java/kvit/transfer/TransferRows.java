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

    /** What {@code select} of such a statement names. */
    static final String COLUMNS =
            """
            id, payer, payee, minor, currency, note, visibility, reference, conversation, state, decline_code,
            refund_of, refunded, created_at, completed_at, key, fingerprint, answer_status, answer,
            rule_set, ruling, expires_at, review, limits, funding, request, share, phone, awaited
            """;

    private final Database database;
    private final ObjectMapper json;

    TransferRows(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    Optional<StoredTransfer> find(String sql, Consumer<Parameters> bind) {
        return database.find(sql, bind, this::read);
    }

    List<StoredTransfer> stored(String sql, Consumer<Parameters> bind) {
        return database.query(sql, bind, this::read);
    }

    /** In the order of the statement. */
    Map<UUID, Transfer> transfers(String sql, Consumer<Parameters> bind) {
        var transfers = new LinkedHashMap<UUID, Transfer>();
        stored(sql, bind).forEach(it -> transfers.put(it.transfer().id(), it.transfer()));
        return transfers;
    }

    private StoredTransfer read(ResultSet row) throws SQLException {
        var completedAt = row.getTimestamp(15);
        var expiresAt = row.getTimestamp(22);
        var transfer =
                new Transfer(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getString(28),
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
                        row.getBoolean(23),
                        funding(row.getString(25)),
                        share(row),
                        row.getBoolean(29));
        return new StoredTransfer(
                transfer,
                row.getString(16),
                row.getString(17),
                row.getInt(18),
                row.getString(19),
                row.getObject(20, Long.class),
                row.getString(21),
                row.getString(24));
    }

    private static @Nullable ShareRef share(ResultSet row) throws SQLException {
        var share = row.getObject(27, UUID.class);
        return share == null ? null : new ShareRef(row.getObject(26, UUID.class), share);
    }

    private @Nullable Funding funding(@Nullable String text) {
        try {
            return text == null ? null : json.readValue(text, Funding.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what a card pays cannot be read", e);
        }
    }
}
