package kvit.reconcile;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.reconcile.Findings.Match;
import org.jspecify.annotations.Nullable;

/** The tables recon_clearing, recon_run, recon_file, recon_line and recon_item. */
@ApplicationScoped
class RunStore {

    /** A statement of all would take longer than statements may. */
    private static final int PORTION = 10_000;

    private static final String COLUMNS =
            "id, state, summary, reason, created_by, created_at," + " approved_by, ended_at";

    private record Row(
            Line.Key key,
            boolean isBank,
            @Nullable String rule,
            @Nullable String method,
            @Nullable UUID match) {}

    private record Item(UUID item, UUID match) {}

    private final Database database;
    private final Watermark watermark;
    private final ObjectMapper json;

    RunStore(Database database, Watermark watermark, ObjectMapper json) {
        this.database = database;
        this.watermark = watermark;
        this.json = json;
    }

    /** Whoever changes what is reconciled of a currency waits here for whoever does already. */
    @Transactional(MANDATORY)
    void lock(Currency currency) {
        database.update(
                "insert into recon_clearing (currency) values (?) on conflict do nothing",
                in -> in.text(currency.name()));
        database.query(
                "select watermark from recon_clearing where currency = ? for update",
                in -> in.text(currency.name()),
                row -> row.getLong(1));
    }

    /** Of which something is on card clearing, whether or not a file of it has ever come. */
    List<Currency> currencies() {
        return database.query(
                """
                select currency from account where owner is null and kind = 'CARD_CLEARING'
                union
                select currency from recon_clearing
                order by currency
                """,
                in -> {},
                row -> Currency.valueOf(row.getString(1)));
    }

    /** Another one that waits to be posted. */
    Optional<UUID> planned(Currency currency) {
        return database.find(
                "select id from recon_run where currency = ? and state = 'PLANNED'",
                in -> in.text(currency.name()),
                row -> row.getObject(1, UUID.class));
    }

    @Transactional(MANDATORY)
    void insert(RunView run, byte[] hash) {
        database.update(
                """
                insert into recon_run (id, currency, rule_set, files, hash, state, summary, reason,
                                       created_by, created_at)
                values (?, ?, ?, ?, ?, 'PLANNED', cast(? as jsonb), ?, ?, ?)
                """,
                in ->
                        in.uuid(run.id())
                                .text(run.currency().name())
                                .number(run.ruleSet())
                                .uuids(run.fileIds())
                                .bytes(hash)
                                .text(write(run))
                                .text(run.reason())
                                .text(run.createdBy())
                                .time(run.createdAt()));
    }

    Optional<RunView> find(UUID id) {
        return database.find(
                "select " + COLUMNS + " from recon_run where id = ?",
                in -> in.uuid(id),
                this::read);
    }

    /** The newest first. */
    List<RunView> list(@Nullable UUID before, int limit) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                          from recon_run
                         where (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in -> in.uuid(before).uuid(before).number(limit),
                this::read);
    }

    /** Ends it; whether it had not ended. */
    @Transactional(MANDATORY)
    boolean end(UUID id, RunView.State state, @Nullable String approvedBy, Instant now) {
        return database.update(
                        """
                        update recon_run set state = ?, approved_by = ?, ended_at = ?
                         where id = ? and state = 'PLANNED'
                        """,
                        in -> in.text(state.name()).text(approvedBy).time(now).uuid(id))
                == 1;
    }

    /** Nobody withdraws them from here on, and whoever is at it is waited for. */
    @Transactional(MANDATORY)
    void keep(Collection<UUID> files) {
        database.query(
                "select 1 from settlement_file where id = any (?) order by id for share",
                in -> in.uuids(files),
                row -> row.getInt(1));
    }

    /** What became of each line, and of what was expected. */
    @Transactional(MANDATORY)
    void write(UUID run, Plan plan) {
        var world = plan.world();
        database.update(
                "insert into recon_file (file, run) select f, ? from unnest(?) f",
                in -> in.uuid(run).uuids(world.files(), World.File::id));
        var matched = new HashMap<Line.Key, Match>();
        plan.matches().forEach(it -> it.lines().forEach(line -> matched.put(line, it)));
        var fresh = new ArrayList<Row>();
        world.lines().forEach(it -> fresh.add(row(it.key(), false, matched.remove(it.key()))));
        world.entries().forEach(it -> fresh.add(row(it.key(), true, matched.remove(it.key()))));
        inPortions(fresh, this::insertLines);
        // What is left was dealt with by an earlier run, and has waited for this.
        var late = new ArrayList<Row>();
        matched.forEach((key, match) -> late.add(row(key, false, match)));
        inPortions(late, this::updateLines);
        var items = new ArrayList<Item>();
        plan.matches()
                .forEach(it -> it.items().forEach(item -> items.add(new Item(item, it.id()))));
        inPortions(items, it -> insertItems(world.currency(), it));
    }

    private static Row row(Line.Key key, boolean isBank, @Nullable Match match) {
        return match == null
                ? new Row(key, isBank, null, null, null)
                : new Row(key, isBank, match.rule(), match.method().name(), match.id());
    }

    private void insertLines(List<Row> rows) {
        database.update(
                """
                insert into recon_line (file, line_no, is_bank, rule, method, match)
                select * from unnest(?, cast(? as int[]), ?, ?, ?, ?)
                """,
                in ->
                        in.uuids(rows, it -> it.key().file())
                                .numbers(rows, it -> (long) it.key().number())
                                .flags(rows, Row::isBank)
                                .texts(rows, Row::rule)
                                .texts(rows, Row::method)
                                .uuids(rows, Row::match));
    }

    private void updateLines(List<Row> rows) {
        database.update(
                """
                update recon_line l
                   set rule = s.rule, method = s.method, match = s.match
                  from unnest(?, cast(? as int[]), ?, ?, ?) as s (file, line_no, rule, method, match)
                 where l.file = s.file and l.line_no = s.line_no
                """,
                in ->
                        in.uuids(rows, it -> it.key().file())
                                .numbers(rows, it -> (long) it.key().number())
                                .texts(rows, Row::rule)
                                .texts(rows, Row::method)
                                .uuids(rows, Row::match));
    }

    private void insertItems(Currency currency, List<Item> items) {
        database.update(
                """
                insert into recon_item (currency, item, match)
                select ?, item, match from unnest(?, ?) as i (item, match)
                """,
                in -> in.text(currency.name()).uuids(items, Item::item).uuids(items, Item::match));
    }

    /** Lines and what they are about, by somebody's word. */
    @Transactional(MANDATORY)
    void match(
            Currency currency,
            Collection<Line.Key> lines,
            Collection<UUID> items,
            String method,
            UUID match) {
        updateLines(
                lines.stream().map(it -> new Row(it, false, "by-hand", method, match)).toList());
        insertItems(currency, items.stream().map(it -> new Item(it, match)).toList());
    }

    /** Those of these lines that nothing has matched: a wrong amount is matched, and a break. */
    List<Line.Key> loose(Collection<Line.Key> lines) {
        return database.query(
                """
                select l.file, l.line_no
                  from recon_line l
                  join unnest(?, cast(? as int[])) as k (file, line_no)
                    on l.file = k.file and l.line_no = k.line_no
                 where l.match is null
                """,
                in -> in.uuids(lines, Line.Key::file).numbers(lines, it -> (long) it.number()),
                row -> new Line.Key(row.getObject(1, UUID.class), row.getInt(2)));
    }

    /** Up to where hardly anything is expected any more, so that nobody looks there again. */
    @Transactional(MANDATORY)
    void advance(Currency currency) {
        watermark.advance(currency);
    }

    static <T> void inPortions(List<T> all, Consumer<List<T>> each) {
        for (var from = 0; from < all.size(); from += PORTION) {
            each.accept(all.subList(from, Math.min(all.size(), from + PORTION)));
        }
    }

    private RunView read(ResultSet row) throws SQLException {
        var ended = row.getTimestamp(8);
        return parse(row.getString(3))
                .ended(
                        RunView.State.valueOf(row.getString(2)),
                        row.getString(7),
                        ended == null ? null : ended.toInstant());
    }

    private RunView parse(String text) {
        try {
            return json.readValue(text, RunView.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run cannot be read: " + text, e);
        }
    }

    private String write(RunView run) {
        try {
            return json.writeValueAsString(run);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run is a plain record", e);
        }
    }
}
