package kvit.settlement;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/** The table settlement_source. */
@ApplicationScoped
class SourceStore {

    private static final String COLUMNS =
            "code, version, name, kind, format, currency, account, profile, expected_days, country,"
                    + " active, skips_numbers";

    private final Database database;
    private final ObjectMapper json;

    SourceStore(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    Optional<SettlementSource> find(String code) {
        return database.find(
                "select " + COLUMNS + " from settlement_source where code = ?",
                in -> in.text(code),
                this::read);
    }

    /** By code; there are never so many that they need a second page. */
    List<SettlementSource> all() {
        return database.query(
                "select " + COLUMNS + " from settlement_source order by code",
                in -> {},
                this::read);
    }

    /**
     * Who brings a part of its day, or its next statement, waits for whoever brings another one,
     * and for whoever withdraws one.
     */
    @Transactional(MANDATORY)
    void lock(String code) {
        database.query(
                "select code from settlement_source where code = ? for no key update",
                in -> in.text(code),
                row -> row.getString(1));
    }

    /** Unless there is one of that code. */
    void insertNew(SettlementSource source, Instant now) {
        insert(source, now, "on conflict do nothing");
    }

    /** The first version of a source, or the one after the one that is there. */
    @Transactional(MANDATORY)
    void put(SettlementSource source, Instant now) {
        if (source.version() == 1) {
            insert(source, now, "");
            return;
        }
        database.update(
                """
                update settlement_source
                   set version = ?, name = ?, kind = ?, format = ?, currency = ?, account = ?,
                       profile = cast(? as jsonb), expected_days = ?, country = ?, active = ?,
                       skips_numbers = ?, changed_at = ?
                 where code = ? and version = ? - 1
                """,
                in ->
                        values(source, now)
                                .andThen(it -> it.text(source.code()).number(source.version()))
                                .accept(in));
    }

    private void insert(SettlementSource source, Instant now, String conflict) {
        database.update(
                """
                insert into settlement_source
                    (code, version, name, kind, format, currency, account, profile, expected_days,
                     country, active, skips_numbers, changed_at)
                values (?, ?, ?, ?, ?, ?, ?, cast(? as jsonb), ?, ?, ?, ?, ?)
                """
                        + conflict,
                in -> {
                    in.text(source.code());
                    values(source, now).accept(in);
                });
    }

    private Consumer<Parameters> values(SettlementSource source, Instant now) {
        var currency = source.currency();
        return in ->
                in.number(source.version())
                        .text(source.name())
                        .text(source.kind().name())
                        .text(source.format().name())
                        .text(currency == null ? null : currency.name())
                        .text(source.account())
                        .text(write(source.profile()))
                        .number(source.expectedDays())
                        .text(source.country())
                        .flag(source.active())
                        .flag(source.skipsNumbers())
                        .time(now);
    }

    private @Nullable String write(@Nullable CsvProfile profile) {
        try {
            return profile == null ? null : json.writeValueAsString(profile);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a profile is plain records", e);
        }
    }

    private SettlementSource read(ResultSet row) throws SQLException {
        var currency = row.getString(6);
        return new SettlementSource(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                SourceKind.valueOf(row.getString(4)),
                Format.valueOf(row.getString(5)),
                currency == null ? null : Currency.valueOf(currency),
                row.getString(7),
                parse(row.getString(8)),
                row.getInt(9),
                row.getString(10),
                row.getBoolean(11),
                row.getBoolean(12));
    }

    private @Nullable CsvProfile parse(@Nullable String text) {
        try {
            return text == null ? null : json.readValue(text, CsvProfile.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a profile cannot be read: " + text, e);
        }
    }
}
