package kvit.reconcile;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.reconcile.Findings.Resolution;
import kvit.settlement.LineType;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** The tables recon_break and recon_note as they are written. */
@ApplicationScoped
class BreakStore {

    /**
     * A break about to be written down.
     *
     * @param dueOn of what is missing; null of all else
     */
    record Fresh(
            UUID id,
            Fault type,
            @Nullable Currency currency,
            @Nullable String source,
            @Nullable UUID file,
            @Nullable Integer line,
            boolean isBank,
            @Nullable UUID item,
            long minor,
            long parked,
            long fee,
            String bookedOn,
            @Nullable String dueOn,
            BreakState state) {}

    /**
     * One under lock, as far as it decides.
     *
     * @param lineType of its line; null where it has none
     */
    record Held(
            UUID id,
            Fault type,
            @Nullable Currency currency,
            Line.@Nullable Key line,
            boolean isBank,
            @Nullable UUID item,
            long minor,
            long parked,
            BreakState state,
            @Nullable BreakResolution resolution,
            @Nullable UUID posting,
            @Nullable LineType lineType) {

        boolean isResolved() {
            return state == BreakState.RESOLVED;
        }
    }

    private static final String HELD =
            "select id, type, currency, file, line_no, is_bank, item, minor, parked, state,"
                    + " resolution, posting, (select l.type from settlement_line l where l.file ="
                    + " recon_break.file and l.line_no = recon_break.line_no) from recon_break";

    private final Database database;
    private final Clock clock;
    private final Ids ids;

    BreakStore(Database database, Clock clock, Ids ids) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
    }

    /** Those that are there already stay as they are. */
    @Transactional(MANDATORY)
    int insert(List<Fresh> fresh, @Nullable UUID run) {
        if (fresh.isEmpty()) {
            return 0;
        }
        return database.update(
                """
                insert into recon_break (id, type, currency, source, file, line_no, is_bank, item,
                                         minor, parked, fee, booked_on, due_on, state, run, opened_at)
                select b.id, b.type, b.currency, b.source, b.file, cast(b.line_no as int), b.is_bank,
                       b.item, b.minor, b.parked, b.fee, cast(b.booked_on as date),
                       cast(b.due_on as date), b.state, cast(? as uuid), cast(? as timestamptz)
                  from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    as b (id, type, currency, source, file, line_no, is_bank, item, minor, parked,
                          fee, booked_on, due_on, state)
                on conflict (id) do nothing
                """,
                in ->
                        in.uuid(run)
                                .time(clock.instant())
                                .uuids(fresh, Fresh::id)
                                .texts(fresh, it -> it.type().name())
                                .texts(fresh, BreakStore::currency)
                                .texts(fresh, Fresh::source)
                                .uuids(fresh, Fresh::file)
                                .numbers(fresh, BreakStore::line)
                                .flags(fresh, Fresh::isBank)
                                .uuids(fresh, Fresh::item)
                                .numbers(fresh, Fresh::minor)
                                .numbers(fresh, Fresh::parked)
                                .numbers(fresh, Fresh::fee)
                                .texts(fresh, Fresh::bookedOn)
                                .texts(fresh, Fresh::dueOn)
                                .texts(fresh, it -> it.state().name()));
    }

    private static @Nullable String currency(Fresh fresh) {
        return fresh.currency() == null ? null : fresh.currency().name();
    }

    private static @Nullable Long line(Fresh fresh) {
        return fresh.line() == null ? null : (Long) fresh.line().longValue();
    }

    /**
     * What sits in suspense by the books, and what open breaks have parked there.
     *
     * @param unapplied minor units, a credit positive, as all of it
     * @param parkedAbove what of breaks is above zero
     * @param parkedBelow what of them is below
     */
    record Suspense(long unapplied, long shortfall, long parkedAbove, long parkedBelow) {}

    /** With one statement, so that it is of one moment. */
    Suspense suspense(Currency currency) {
        return database.query(
                        """
                        select coalesce(sum(balance) filter (where kind = 'SUSPENSE_UNAPPLIED'), 0),
                               coalesce(sum(balance) filter (where kind = 'SUSPENSE_SHORTFALL'), 0),
                               (select coalesce(sum(parked), 0) from recon_break
                                 where currency = ? and state <> 'RESOLVED' and parked > 0),
                               (select coalesce(sum(parked), 0) from recon_break
                                 where currency = ? and state <> 'RESOLVED' and parked < 0)
                          from account
                         where owner is null and currency = ?
                           and kind in ('SUSPENSE_UNAPPLIED', 'SUSPENSE_SHORTFALL')
                        """,
                        in -> in.text(currency.name()).text(currency.name()).text(currency.name()),
                        row ->
                                new Suspense(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4)))
                .get(0);
    }

    /** What open breaks name of ours: it is not missing, it is there and wrong. */
    Set<UUID> named() {
        return new HashSet<>(
                database.query(
                        """
                        select item from recon_break
                         where item is not null and state <> 'RESOLVED'
                           and type <> 'MISSING_EXTERNAL'
                        """,
                        in -> {},
                        row -> row.getObject(1, UUID.class)));
    }

    /** Ends what a run has explained. */
    @Transactional(MANDATORY)
    void resolve(List<Resolution> resolutions) {
        for (var how : Findings.How.values()) {
            var explained = resolutions.stream().filter(it -> it.how() == how).toList();
            if (!explained.isEmpty()) {
                end(explained.stream().map(Resolution::id).toList(), how.name());
            }
        }
    }

    /**
     * Ends what was missing and has come by now.
     *
     * @return how many
     */
    @Transactional(MANDATORY)
    int resolveMissing(Currency currency) {
        var come =
                database.query(
                        """
                        select b.id
                          from recon_break b
                         where b.currency = ? and b.type = 'MISSING_EXTERNAL'
                           and b.state <> 'RESOLVED'
                           and case when b.file is null
                                    then exists (select from recon_item i
                                                  where i.currency = b.currency and i.item = b.item)
                                    when b.line_no is null
                                    then not exists (select from recon_unpaid u
                                                      where u.currency = b.currency
                                                        and u.source = b.source
                                                        and u.file = b.file and u.minor <> 0)
                                    else exists (select from recon_line l
                                                  where l.file = b.file and l.line_no = b.line_no
                                                    and l.match is not null) end
                        """,
                        in -> in.text(currency.name()),
                        row -> row.getObject(1, UUID.class));
        end(come, BreakResolution.LATE_MATCH.name());
        return come.size();
    }

    /** Ends all of these that have not ended, by nobody's hand. */
    @Transactional(MANDATORY)
    void end(Collection<UUID> breaks, String how) {
        RunStore.inPortions(List.copyOf(breaks), it -> endPortion(it, how));
    }

    private void endPortion(List<UUID> breaks, String how) {
        database.update(
                """
                update recon_break set state = 'RESOLVED', resolution = ?, resolved_at = ?
                 where id = any (?) and state <> 'RESOLVED'
                """,
                in -> in.text(how).time(clock.instant()).uuids(breaks));
        note(breaks, null, "resolve", how);
    }

    /** Ends one by what somebody does. */
    @Transactional(MANDATORY)
    void end(UUID id, BreakResolution how, @Nullable UUID posting) {
        database.update(
                """
                update recon_break
                   set state = 'RESOLVED', resolution = ?, resolved_at = ?, posting = ?
                 where id = ?
                """,
                in -> in.text(how.name()).time(clock.instant()).uuid(posting).uuid(id));
    }

    @Transactional(MANDATORY)
    void reopen(UUID id) {
        database.update(
                """
                update recon_break
                   set state = 'REOPENED', resolution = null, resolved_at = null, posting = null
                 where id = ?
                """,
                in -> in.uuid(id));
    }

    @Transactional(MANDATORY)
    void assign(UUID id, String owner) {
        database.update(
                "update recon_break set state = 'INVESTIGATING', owner = ? where id = ?",
                in -> in.text(owner).uuid(id));
    }

    @Transactional(MANDATORY)
    void raise(UUID id) {
        database.update(
                "update recon_break set raised_at = coalesce(raised_at, ?) where id = ?",
                in -> in.time(clock.instant()).uuid(id));
    }

    /** By whom, of what, why; null where it was nobody. */
    @Transactional(MANDATORY)
    void note(Collection<UUID> breaks, @Nullable String by, String action, String text) {
        if (breaks.isEmpty()) {
            return;
        }
        var fresh = breaks.stream().map(it -> ids.next()).toList();
        database.update(
                """
                insert into recon_note (id, break, at, by, action, text)
                select n.id, n.break, cast(? as timestamptz), cast(? as text), cast(? as text),
                       cast(? as text)
                  from unnest(?, ?) as n (id, break)
                """,
                in ->
                        in.time(clock.instant())
                                .text(by)
                                .text(action)
                                .text(text)
                                .uuids(fresh)
                                .uuids(breaks));
    }

    /** In the order of their ids, so that two who want several do not wait for each other. */
    @Transactional(MANDATORY)
    List<Held> lock(Collection<UUID> breaks) {
        return database.query(
                HELD + " where id = any (?) order by id for update",
                in -> in.uuids(breaks),
                BreakStore::held);
    }

    Optional<Held> find(UUID id) {
        return database.find(HELD + " where id = ?", in -> in.uuid(id), BreakStore::held);
    }

    private static Held held(ResultSet row) throws SQLException {
        var currency = row.getString(3);
        var file = row.getObject(4, UUID.class);
        var resolution = row.getString(11);
        var lineType = row.getString(13);
        return new Held(
                row.getObject(1, UUID.class),
                Fault.valueOf(row.getString(2)),
                currency == null ? null : Currency.valueOf(currency),
                file == null || row.getObject(5) == null ? null : new Line.Key(file, row.getInt(5)),
                row.getBoolean(6),
                row.getObject(7, UUID.class),
                row.getLong(8),
                row.getLong(9),
                BreakState.valueOf(row.getString(10)),
                resolution == null ? null : BreakResolution.valueOf(resolution),
                row.getObject(12, UUID.class),
                lineType == null ? null : LineType.valueOf(lineType));
    }

    /** Of which currency it is, for whoever has to lock that first; empty where there is none. */
    Optional<Currency> currencyOf(UUID id) {
        return database
                .query(
                        "select currency from recon_break where id = ? and currency is not null",
                        in -> in.uuid(id),
                        row -> Currency.valueOf(row.getString(1)))
                .stream()
                .findFirst();
    }
}
