package kvit.reconcile;

import static kvit.reconcile.RunStore.inPortions;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.payout.BusinessDays;
import kvit.reconcile.BreakStore.Fresh;
import kvit.reconcile.Unpaid.Left;
import kvit.settlement.FileFault;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;

/**
 * Opens breaks that no file opens, because none has come: what should have been settled by now,
 * what the processor has paid and the bank does not show, what it keeps, and files that were
 * refused. Runs on every replica; what is there already is left alone.
 */
@ApplicationScoped
class OpenMissing {

    private static final Logger LOG = Logger.getLogger(OpenMissing.class);

    private final Database database;
    private final Expectations expectations;
    private final FileLines lines;
    private final Unpaid unpaid;
    private final RunStore runs;
    private final BreakStore breaks;
    private final PostRun postRun;
    private final Terms terms;
    private final BusinessDays days;
    private final MoneyTransactions transactions;
    private final Clock clock;

    OpenMissing(
            Database database,
            Expectations expectations,
            FileLines lines,
            Unpaid unpaid,
            RunStore runs,
            BreakStore breaks,
            PostRun postRun,
            Terms terms,
            BusinessDays days,
            MoneyTransactions transactions,
            Clock clock) {
        this.database = database;
        this.expectations = expectations;
        this.lines = lines;
        this.unpaid = unpaid;
        this.runs = runs;
        this.breaks = breaks;
        this.postRun = postRun;
        this.terms = terms;
        this.days = days;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(
            every = "1h",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        try {
            transactions.once(this::refusedFiles);
        } catch (RuntimeException e) {
            LOG.error("refused files are no breaks yet", e);
        }
        for (var currency : runs.currencies()) {
            try {
                transactions.once(() -> missing(currency));
            } catch (RuntimeException e) {
                LOG.errorf(e, "what is missing in %s is no break yet", currency);
            }
        }
    }

    /** Says how many are new. */
    int missing(Currency currency) {
        runs.lock(currency);
        var term = terms.of(currency);
        var today = days.dayOf(term.country(), clock.instant());
        var overdue =
                Plan.stillExpected(expectations.of(currency), new Findings(), breaks.named())
                        .stream()
                        .filter(
                                it ->
                                        days.after(term.country(), it.bookedOn(), term.days())
                                                .isBefore(today))
                        .map(it -> postRun.missing(it, term))
                        .toList();
        var atTheBank =
                lines.payoutsUnderWay(currency).stream()
                        .map(it -> late(it, currency, term))
                        .filter(it -> isOver(it, today))
                        .toList();
        var kept =
                unpaid.of(currency).stream()
                        .map(it -> kept(it, currency, term))
                        .filter(it -> isOver(it, today))
                        .toList();
        return insert(overdue) + insert(atTheBank) + insert(kept);
    }

    private static boolean isOver(Fresh fresh, LocalDate today) {
        return String.valueOf(fresh.dueOn()).compareTo(today.toString()) < 0;
    }

    private int insert(List<Fresh> fresh) {
        var counts = new ArrayList<Integer>();
        inPortions(fresh, it -> counts.add(breaks.insert(it, null)));
        return counts.stream().mapToInt(it -> it).sum();
    }

    private Fresh late(Line payout, Currency currency, Terms.Term term) {
        return new Fresh(
                Ids.named(payout.key().file(), "missing/" + payout.key().number()),
                Fault.MISSING_EXTERNAL,
                currency,
                payout.source(),
                payout.key().file(),
                payout.key().number(),
                true,
                null,
                -payout.net(),
                0,
                0,
                payout.bookedOn().toString(),
                days.after(term.country(), payout.bookedOn(), term.days()).toString(),
                BreakState.EXPECTED);
    }

    /** What a processor has settled, and keeps: a break by the file that has said so last. */
    private Fresh kept(Left left, Currency currency, Terms.Term term) {
        return new Fresh(
                Ids.named(left.file(), "unpaid/" + currency),
                Fault.MISSING_EXTERNAL,
                currency,
                left.source(),
                left.file(),
                null,
                false,
                null,
                left.minor(),
                0,
                0,
                left.since().toString(),
                days.after(term.country(), left.since(), term.days()).toString(),
                BreakState.EXPECTED);
    }

    /** Says how many have changed. */
    int refusedFiles() {
        var refused =
                database.query(
                        """
                        select f.id, f.fault, f.currency, f.source, f.received_at
                          from settlement_file f
                         where f.state = 'REJECTED' and f.fault <> 'WRONG_SOURCE'
                           and not exists (select from recon_break b
                                            where b.file = f.id and b.line_no is null)
                        """,
                        in -> {},
                        row -> {
                            var currency = row.getString(3);
                            return new Fresh(
                                    Ids.named(row.getObject(1, UUID.class), "file"),
                                    fault(row.getString(2)),
                                    currency == null ? null : Currency.valueOf(currency),
                                    row.getString(4),
                                    row.getObject(1, UUID.class),
                                    null,
                                    false,
                                    null,
                                    0,
                                    0,
                                    0,
                                    row.getTimestamp(5)
                                            .toInstant()
                                            .atOffset(ZoneOffset.UTC)
                                            .toLocalDate()
                                            .toString(),
                                    null,
                                    BreakState.OPEN);
                        });
        return breaks.insert(refused, null) + good();
    }

    /** A batch that comes in other bytes is the source saying the same thing twice. */
    private static Fault fault(String ofFile) {
        return ofFile.equals(FileFault.BATCH_REPEATED.name())
                ? Fault.DUPLICATE_LINE
                : Fault.valueOf(ofFile);
    }

    /** A file that is good by now is no break any more. */
    private int good() {
        var good =
                database.query(
                        """
                        select b.id from recon_break b
                          join settlement_file f on f.id = b.file
                         where b.line_no is null and b.state <> 'RESOLVED'
                           and b.type <> 'MISSING_EXTERNAL' and f.state = 'VALIDATED'
                        """,
                        in -> {},
                        row -> row.getObject(1, UUID.class));
        breaks.end(good, BreakResolution.CORRECTED.name());
        return good.size();
    }
}
