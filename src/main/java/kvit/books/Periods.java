package kvit.books;

import static kvit.books.BooksProblem.PERIOD_CLOSED;
import static kvit.books.BooksProblem.PERIOD_NOT_CLOSED;
import static kvit.books.BooksProblem.PERIOD_NOT_OVER;
import static kvit.books.BooksProblem.PERIOD_NOT_READY;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import kvit.database.Statements;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/** Which days are closed, and what has to hold before one is. Days are those of UTC. */
@ApplicationScoped
class Periods {

    /**
     * What has to hold before a day is closed.
     *
     * @param detail what is missing; null where nothing is
     */
    record Check(String name, boolean passed, @Nullable String detail) {}

    private final DataSource source;
    private final BooksConfig config;
    private final Clock clock;
    private final Ids ids;

    Periods(DataSource source, BooksConfig config, Clock clock, Ids ids) {
        this.source = source;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What is on its way may be of a day for so long: ten minutes are looked through by the
     * database without a lock, and the rest is a transaction and what clocks differ by.
     */
    private static final Duration CLOSE_AFTER_MIN = Duration.ofMinutes(11);

    void check(@Observes StartupEvent start) {
        if (config.closeAfter().compareTo(CLOSE_AFTER_MIN) < 0) {
            throw new IllegalStateException(
                    "kvit.books.close-after: %s is less than %s; something may still be of a day"
                            .formatted(config.closeAfter(), CLOSE_AFTER_MIN));
        }
    }

    /** The last day that is closed, with all before it; null while none is. */
    @Nullable LocalDate closedDay() {
        return with(it -> new PeriodStore(it).closedDay());
    }

    /** The same, and no day is closed or opened until the end of the running transaction. */
    @Nullable LocalDate lockClosedDay() {
        return with(it -> new PeriodStore(it).lockClosedDay());
    }

    List<Closing> log() {
        return with(it -> new PeriodStore(it).log());
    }

    /**
     * @param day null is today
     * @throws Problem PERIOD_CLOSED
     */
    void requireOpen(@Nullable LocalDate day) {
        requireAfter(day, closedDay());
    }

    /** The same until the end of the running transaction. */
    void requireOpenAndKeepSo(@Nullable LocalDate day) {
        if (day != null) {
            requireAfter(day, with(it -> new PeriodStore(it).keepClosedDay()));
        }
    }

    private static void requireAfter(@Nullable LocalDate day, @Nullable LocalDate closed) {
        if (day != null && closed != null && !day.isAfter(closed)) {
            throw PERIOD_CLOSED.because("All days up to " + closed + " are closed.");
        }
    }

    List<Check> checks(LocalDate day) {
        return with(it -> checks(it, day));
    }

    private List<Check> checks(Statements statements, LocalDate day) {
        var end = DayTotals.begin(day.plusDays(1));
        var checks = new ArrayList<Check>();
        var possible = end.plus(config.closeAfter());
        var over = !clock.instant().isBefore(possible);
        checks.add(new Check("over", over, over ? null : "Not before " + possible + "."));
        var balanced = TrialBalance.of(statements, end, null).balanced();
        checks.add(new Check("balanced", balanced, balanced ? null : "Debits and credits differ."));
        var sealed = isSealed(statements, end);
        checks.add(
                new Check(
                        "sealed",
                        sealed,
                        sealed ? null : "The chain does not reach all of it yet."));
        return checks;
    }

    private static boolean isSealed(Statements statements, Instant end) {
        return statements
                .query(
                        """
                        select 1
                          from book_posting
                         where (transaction, id) >
                               (coalesce((select last_transaction
                                            from seal order by number desc limit 1), '0'),
                                coalesce((select last_posting
                                            from seal order by number desc limit 1),
                                         '00000000-0000-0000-0000-000000000000'))
                           and effective_at < ?
                         limit 1
                        """,
                        in -> in.time(end),
                        row -> true)
                .isEmpty();
    }

    /**
     * Closes a day and all before it, in the running transaction.
     *
     * @throws Problem PERIOD_CLOSED, PERIOD_NOT_OVER, PERIOD_NOT_READY
     */
    Closing close(LocalDate day, String by, String reason) {
        return with(
                statements -> {
                    var store = new PeriodStore(statements);
                    requireAfter(day, store.lockClosedDay());
                    for (var check : checks(statements, day)) {
                        requirePassed(check);
                    }
                    return record(
                            statements, day, Closing.Action.CLOSED, new People(by, null), reason);
                });
    }

    private static void requirePassed(Check check) {
        if (!check.passed()) {
            var problem = check.name().equals("over") ? PERIOD_NOT_OVER : PERIOD_NOT_READY;
            throw problem.because(String.valueOf(check.detail())).with("check", check.name());
        }
    }

    /**
     * Opens a day and all after it, in the running transaction. What is before stays closed: the
     * day before may have been closed only with a later one, and so is closed by itself now.
     *
     * @throws Problem PERIOD_NOT_CLOSED
     */
    Closing reopen(LocalDate day, String by, String approvedBy, String reason) {
        return with(
                statements -> {
                    var store = new PeriodStore(statements);
                    requireClosed(day, store.lockClosedDay());
                    var reopened =
                            record(
                                    statements,
                                    day,
                                    Closing.Action.REOPENED,
                                    new People(by, approvedBy),
                                    reason);
                    var before = day.minusDays(1);
                    if (!before.equals(store.closedDay())) {
                        record(
                                statements,
                                before,
                                Closing.Action.CLOSED,
                                new People(by, null),
                                reason);
                    }
                    return reopened;
                });
    }

    /**
     * @throws Problem PERIOD_NOT_CLOSED
     */
    void requireClosed(LocalDate day) {
        requireClosed(day, closedDay());
    }

    private static void requireClosed(LocalDate day, @Nullable LocalDate closed) {
        if (closed == null || day.isAfter(closed)) {
            throw PERIOD_NOT_CLOSED.because(
                    closed == null ? "No day is." : "All days up to " + closed + " are.");
        }
    }

    private record People(String by, @Nullable String approvedBy) {}

    private Closing record(
            Statements statements,
            LocalDate day,
            Closing.Action action,
            People people,
            String reason) {
        var totals = TrialBalance.of(statements, DayTotals.begin(day.plusDays(1)), null).words();
        var closing =
                new Closing(
                        ids.next(),
                        day,
                        action,
                        clock.instant(),
                        people.by(),
                        people.approvedBy(),
                        reason,
                        totals,
                        HexFormat.of().formatHex(Sha256.of(totals)));
        new PeriodStore(statements).record(closing);
        return closing;
    }

    private <T extends @Nullable Object> T with(Function<Statements, T> work) {
        try (var connection = source.getConnection()) {
            return work.apply(new Statements(connection));
        } catch (SQLException e) {
            throw new IllegalStateException("no connection", e);
        }
    }
}
