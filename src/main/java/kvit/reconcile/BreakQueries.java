package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.payout.BusinessDays;
import kvit.problem.Problem;
import kvit.reconcile.BreakView.NoteView;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Breaks as people look at them. */
@ApplicationScoped
class BreakQueries {

    /**
     * Which of them.
     *
     * @param ageFrom in business days; null for any
     */
    record Filter(
            @Nullable BreakState state,
            @Nullable Fault type,
            @Nullable Currency currency,
            @Nullable Integer ageFrom,
            @Nullable String owner,
            @Nullable UUID run) {}

    /** The oldest are first, and those of one day in the order of their ids. */
    record Place(LocalDate bookedOn, UUID id) {}

    private static final String NO_CURRENCY = "";

    /** A request that waits is written down there and nowhere else; so is that its time is over. */
    private static final String ROWS =
            """
            select b.id, b.type,
                   case when b.state = 'RESOLVED' then b.state
                        when exists (select from approval p
                                      where p.action in ('reconciliation.force-match',
                                                         'reconciliation.write-off')
                                        and p.resource = b.id::text and p.state = 'OPEN'
                                        and p.expires_at > ?) then 'PENDING_APPROVAL'
                        when b.id::text in (select jsonb_array_elements_text(p.payload::jsonb
                                                                             -> 'breaks')
                                              from approval p
                                             where p.action = 'reconciliation.settle'
                                               and p.state = 'OPEN' and p.expires_at > ?)
                        then 'PENDING_APPROVAL'
                        when b.state = 'EXPECTED' and b.due_on < cast(? as date) then 'OPEN'
                        else b.state end as state,
                   b.source, b.file, b.line_no, b.item, b.currency, b.minor, b.parked, b.booked_on,
                   b.due_on, b.opened_at, b.owner, b.raised_at, b.resolution, b.resolved_at, b.posting,
                   b.run
              from recon_break b
            """;

    private final Database database;
    private final BusinessDays days;
    private final Terms terms;
    private final Clock clock;

    BreakQueries(Database database, BusinessDays days, Terms terms, Clock clock) {
        this.database = database;
        this.days = days;
        this.terms = terms;
        this.clock = clock;
    }

    /**
     * One with all that was done about it.
     *
     * @throws Problem BREAK_NOT_FOUND
     */
    BreakView find(UUID id) {
        var found =
                views("select * from (" + ROWS + " where b.id = ?) b", in -> moment(in).uuid(id));
        if (found.isEmpty()) {
            throw BREAK_NOT_FOUND.because("No break " + id + ".");
        }
        return found.get(0).with(notes(id));
    }

    private List<NoteView> notes(UUID id) {
        return database.query(
                "select at, by, action, text from recon_note where break = ? order by id",
                in -> in.uuid(id),
                row ->
                        new NoteView(
                                row.getTimestamp(1).toInstant(),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4)));
    }

    /** Those after a place, the oldest first. */
    List<BreakView> list(Filter filter, @Nullable Place after, int limit) {
        var oldEnough = oldEnough(filter.ageFrom());
        var state = filter.state() == null ? null : filter.state().name();
        var type = filter.type() == null ? null : filter.type().name();
        var currency = filter.currency() == null ? null : filter.currency().name();
        var day = after == null ? null : after.bookedOn().toString();
        var id = after == null ? null : after.id();
        var codes = List.copyOf(oldEnough.keySet());
        return views(
                "select * from ("
                        + ROWS
                        + """
                        ) b
                         where (cast(? as text) is null or b.state = ?)
                           and (cast(? as text) is null or b.type = ?)
                           and (cast(? as text) is null or b.currency = ?)
                           and (cast(? as text) is null or b.owner = ?)
                           and (cast(? as uuid) is null or b.run = ?)
                           and (not ? or exists (select from unnest(?, ?) o (currency, until)
                                                  where o.currency = coalesce(b.currency, '')
                                                    and b.booked_on <= cast(o.until as date)))
                           and (cast(? as uuid) is null
                                or (b.booked_on, b.id) > (cast(? as date), cast(? as uuid)))
                         order by b.booked_on, b.id
                         limit ?
                        """,
                in ->
                        moment(in)
                                .text(state)
                                .text(state)
                                .text(type)
                                .text(type)
                                .text(currency)
                                .text(currency)
                                .text(filter.owner())
                                .text(filter.owner())
                                .uuid(filter.run())
                                .uuid(filter.run())
                                .flag(filter.ageFrom() != null)
                                .texts(codes)
                                .texts(codes, it -> String.valueOf(oldEnough.get(it)))
                                .uuid(id)
                                .text(day)
                                .uuid(id)
                                .number(limit));
    }

    /** Of each currency the last day that is so many business days ago; weekends differ. */
    private Map<String, LocalDate> oldEnough(@Nullable Integer age) {
        var until = new HashMap<String, LocalDate>();
        if (age == null) {
            return until;
        }
        for (var code : currencies()) {
            var country = country(code);
            var today = today(country);
            var day = today;
            while (days.since(country, day, today) < age) {
                day = day.minusDays(1);
            }
            until.put(code, day);
        }
        return until;
    }

    private List<String> currencies() {
        return database.query(
                "select distinct coalesce(currency, '') from recon_break",
                in -> {},
                row -> row.getString(1));
    }

    private String country(String code) {
        return code.equals(NO_CURRENCY) ? "XX" : terms.of(Currency.valueOf(code)).country();
    }

    LocalDate today(String country) {
        return days.dayOf(country, clock.instant());
    }

    private Parameters moment(Parameters in) {
        var now = clock.instant();
        return in.time(now).time(now).text(now.atOffset(ZoneOffset.UTC).toLocalDate().toString());
    }

    private List<BreakView> views(String sql, Consumer<Parameters> bind) {
        record Row(String currency, BreakView view) {}
        var rows =
                database.query(
                        sql,
                        bind,
                        row -> {
                            var code = row.getString(8);
                            return new Row(code == null ? NO_CURRENCY : code, read(row));
                        });
        var countries = new HashMap<String, String>();
        var ages = new HashMap<List<Object>, Integer>();
        var views = new ArrayList<BreakView>(rows.size());
        for (var row : rows) {
            var country = countries.computeIfAbsent(row.currency(), this::country);
            var view = row.view();
            var until =
                    view.resolvedAt() == null
                            ? today(country)
                            : days.dayOf(country, view.resolvedAt());
            var age =
                    ages.computeIfAbsent(
                            List.of(country, view.bookedOn(), until),
                            it -> days.since(country, view.bookedOn(), until));
            views.add(view.aged(age));
        }
        return views;
    }

    private static BreakView read(ResultSet row) throws SQLException {
        var code = row.getString(8);
        var currency = code == null ? null : Currency.valueOf(code);
        var resolution = row.getString(16);
        return new BreakView(
                row.getObject(1, UUID.class),
                Fault.valueOf(row.getString(2)),
                BreakState.valueOf(row.getString(3)),
                row.getString(4),
                row.getObject(5, UUID.class),
                row.getObject(6, Integer.class),
                row.getObject(7, UUID.class),
                currency == null ? null : new Money(row.getLong(9), currency),
                currency == null ? null : new Money(row.getLong(10), currency),
                row.getObject(11, LocalDate.class),
                row.getObject(12, LocalDate.class),
                0,
                row.getTimestamp(13).toInstant(),
                row.getString(14),
                time(row, 15),
                resolution == null ? null : BreakResolution.valueOf(resolution),
                time(row, 17),
                row.getObject(18, UUID.class),
                row.getObject(19, UUID.class),
                null);
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
