package kvit.settlement;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.settlement.FileView.Withdrawal;
import org.jspecify.annotations.Nullable;

/** The tables settlement_file and settlement_content: files as they came, good or not. */
@ApplicationScoped
class FileStore {

    private static final TypeReference<List<FileError>> ERRORS = new TypeReference<>() {};

    private static final String COLUMNS =
            "id, source, source_version, sha256, name, bytes, received_at, uploaded_by, state,"
                    + " fault, errors, batch, currency, account, booked_from, booked_to, opening_minor,"
                    + " closing_minor, line_count, withdrawn_at, withdrawal_by, withdrawn_by,"
                    + " withdrawal_reason";

    private final Database database;
    private final ObjectMapper json;

    FileStore(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    Optional<FileView> find(UUID id) {
        return database.find(
                "select " + COLUMNS + " from settlement_file where id = ?",
                in -> in.uuid(id),
                this::read);
    }

    /** By its bytes; of one source the same bytes are one file, but for those withdrawn. */
    Optional<FileView> find(String source, String sha256) {
        return database.find(
                "select "
                        + COLUMNS
                        + " from settlement_file where source = ? and sha256 = decode(?, 'hex')"
                        + " and state <> 'WITHDRAWN'",
                in -> in.text(source).text(sha256),
                this::read);
    }

    /**
     * The good file of a processor about that batch, or, where none is named, about just these
     * days.
     */
    Optional<UUID> ofBatch(String source, Contents contents) {
        return database.find(
                """
                select id from settlement_file
                 where source = ? and state = 'VALIDATED' and opening_minor is null and currency = ?
                   and batch is not distinct from ?
                   and (batch is not null
                        or (booked_from is not distinct from cast(? as date)
                            and booked_to is not distinct from cast(? as date)))
                """,
                in ->
                        in.text(source)
                                .text(contents.currency().name())
                                .text(contents.batch())
                                .text(text(contents.from()))
                                .text(text(contents.to())),
                row -> row.getObject(1, UUID.class));
    }

    /** The good file about the same days that says just the same, in whatever bytes. */
    Optional<UUID> ofPart(String source, Contents contents) {
        return database.find(
                """
                select id from settlement_file
                 where source = ? and state = 'VALIDATED' and opening_minor is null
                   and batch is null and currency = ? and part = decode(?, 'hex')
                   and booked_from = cast(? as date) and booked_to = cast(? as date)
                 limit 1
                """,
                in ->
                        in.text(source)
                                .text(contents.currency().name())
                                .text(contents.part())
                                .text(text(contents.from()))
                                .text(text(contents.to())),
                row -> row.getObject(1, UUID.class));
    }

    /** The newest first. */
    List<FileView> list(
            @Nullable String source,
            FileView.@Nullable State state,
            @Nullable UUID before,
            int limit) {
        var name = state == null ? null : state.name();
        return database.query(
                "select "
                        + COLUMNS
                        + """
                           from settlement_file
                          where (cast(? as text) is null or source = ?)
                            and (cast(? as text) is null or state = ?)
                            and (cast(? as uuid) is null or id < ?)
                          order by id desc
                          limit ?
                        """,
                in ->
                        in.text(source)
                                .text(source)
                                .text(name)
                                .text(name)
                                .uuid(before)
                                .uuid(before)
                                .number(limit),
                this::read);
    }

    /**
     * Whether it is new; of two who bring the same bytes at the same time one does, and the other
     * one waits to know.
     */
    @Transactional(MANDATORY)
    boolean insert(FileView file, @Nullable String part) {
        return database.update(
                        """
                        insert into settlement_file
                            (id, source, sha256, name, bytes, received_at, uploaded_by,
                             source_version, state, fault, errors, batch, currency, account,
                             booked_from, booked_to, opening_minor, closing_minor, line_count, part)
                        values (?, ?, decode(?, 'hex'), ?, ?, ?, ?, ?, ?, ?, cast(? as jsonb), ?, ?,
                                ?, cast(? as date), cast(? as date), ?, ?, ?, decode(?, 'hex'))
                        on conflict (source, sha256) where state <> 'WITHDRAWN' do nothing
                        """,
                        in -> {
                            in.uuid(file.id())
                                    .text(file.source())
                                    .text(file.sha256())
                                    .text(file.name())
                                    .number(file.bytes())
                                    .time(file.receivedAt())
                                    .text(file.uploadedBy());
                            verdict(file).accept(in);
                            in.text(part);
                        })
                == 1;
    }

    /** What is thought of a file by now that was refused before; whether it still was. */
    @Transactional(MANDATORY)
    boolean update(FileView file, @Nullable String part) {
        return database.update(
                        """
                        update settlement_file
                           set source_version = ?, state = ?, fault = ?, errors = cast(? as jsonb),
                               batch = ?, currency = ?, account = ?, booked_from = cast(? as date),
                               booked_to = cast(? as date), opening_minor = ?, closing_minor = ?,
                               line_count = ?, part = decode(?, 'hex'), explains = true
                         where id = ? and state = 'REJECTED'
                        """,
                        in -> {
                            verdict(file).accept(in);
                            in.text(part).uuid(file.id());
                        })
                == 1;
    }

    /** Who takes it into a run waits, and so does this for them. */
    @Transactional(MANDATORY)
    Optional<FileView> lock(UUID id) {
        return database.find(
                "select " + COLUMNS + " from settlement_file where id = ? for update",
                in -> in.uuid(id),
                this::read);
    }

    /** Whether it counted until now; its place in a chain goes with it. */
    @Transactional(MANDATORY)
    boolean withdraw(UUID id, Withdrawal withdrawal) {
        return database.update(
                        """
                        update settlement_file
                           set state = 'WITHDRAWN', withdrawn_at = ?, withdrawal_by = ?,
                               withdrawn_by = ?, withdrawal_reason = ?
                         where id = ? and state = 'VALIDATED'
                        """,
                        in ->
                                in.time(withdrawal.at())
                                        .text(withdrawal.proposedBy())
                                        .text(withdrawal.approvedBy())
                                        .text(withdrawal.reason())
                                        .uuid(id))
                == 1;
    }

    private Consumer<Parameters> verdict(FileView file) {
        var fault = file.fault();
        var currency = file.currency();
        var lineCount = file.lineCount();
        return in ->
                in.number(file.sourceVersion())
                        .text(file.state().name())
                        .text(fault == null ? null : fault.name())
                        .text(fault == null ? null : write(file.errors()))
                        .text(file.batch())
                        .text(currency == null ? null : currency.name())
                        .text(file.account())
                        .text(text(file.bookedFrom()))
                        .text(text(file.bookedTo()))
                        .number(minor(file.opening()))
                        .number(minor(file.closing()))
                        .number(lineCount == null ? null : (Long) lineCount.longValue());
    }

    /** The next of its bytes. */
    @Transactional(MANDATORY)
    void append(UUID file, int part, byte[] bytes) {
        database.update(
                "insert into settlement_content (file, part, bytes) values (?, ?, ?)",
                in -> in.uuid(file).number(part).bytes(bytes));
    }

    /** Its bytes in portions, from 1; empty after the last. */
    Optional<byte[]> part(UUID file, int part) {
        return database.find(
                "select bytes from settlement_content where file = ? and part = ?",
                in -> in.uuid(file).number(part),
                row -> row.getBytes(1));
    }

    private static @Nullable String text(@Nullable LocalDate day) {
        return day == null ? null : day.toString();
    }

    private static @Nullable Long minor(@Nullable Money amount) {
        return amount == null ? null : (Long) amount.minor();
    }

    private String write(List<FileError> errors) {
        try {
            return json.writeValueAsString(errors);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an error is a plain record", e);
        }
    }

    private FileView read(ResultSet row) throws SQLException {
        var fault = row.getString(10);
        var code = row.getString(13);
        var currency = code == null ? null : Currency.valueOf(code);
        return new FileView(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getInt(3),
                HexFormat.of().formatHex(row.getBytes(4)),
                row.getString(5),
                row.getLong(6),
                row.getTimestamp(7).toInstant(),
                row.getString(8),
                FileView.State.valueOf(row.getString(9)),
                fault == null ? null : FileFault.valueOf(fault),
                errors(row.getString(11)),
                row.getString(12),
                currency,
                row.getString(14),
                row.getObject(15, LocalDate.class),
                row.getObject(16, LocalDate.class),
                money(row.getObject(17, Long.class), currency),
                money(row.getObject(18, Long.class), currency),
                row.getObject(19, Integer.class),
                withdrawal(row));
    }

    private static @Nullable Withdrawal withdrawal(ResultSet row) throws SQLException {
        var at = row.getTimestamp(20);
        return at == null
                ? null
                : new Withdrawal(
                        at.toInstant(), row.getString(21), row.getString(22), row.getString(23));
    }

    private static @Nullable Money money(@Nullable Long minor, @Nullable Currency currency) {
        return minor == null || currency == null ? null : new Money(minor, currency);
    }

    private List<FileError> errors(@Nullable String text) {
        try {
            return text == null ? List.of() : json.readValue(text, ERRORS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("errors cannot be read: " + text, e);
        }
    }
}
