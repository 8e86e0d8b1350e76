package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.FILE_NOT_USABLE;
import static kvit.reconcile.ReconcileProblem.NOTHING_TO_RECONCILE;
import static kvit.reconcile.ReconcileProblem.RUN_OPEN;
import static kvit.reconcile.ReconcileProblem.RUN_TOO_LARGE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.reconcile.RunView.FoundView;
import kvit.reconcile.RunView.PostingView;
import kvit.reconcile.RunView.State;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** Compares files with the books, and says what posting them would do. */
@ApplicationScoped
class PlanRun {

    /** More than anybody reads. */
    private static final int FOUND_MAX = 100;

    private final Worlds worlds;
    private final RunStore runs;
    private final BreakStore breaks;
    private final Ledger ledger;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final ReconcileConfig config;
    private final Clock clock;
    private final Ids ids;

    PlanRun(
            Worlds worlds,
            RunStore runs,
            BreakStore breaks,
            Ledger ledger,
            AuditTrail audit,
            AtWork atWork,
            ReconcileConfig config,
            Clock clock,
            Ids ids) {
        this.worlds = worlds;
        this.runs = runs;
        this.breaks = breaks;
        this.ledger = ledger;
        this.audit = audit;
        this.atWork = atWork;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /** All good files of a currency that wait, of days until then. */
    List<UUID> waiting(Currency currency, LocalDate upTo) {
        return worlds.waiting(currency, upTo);
    }

    /**
     * Writes nothing at all.
     *
     * @throws Problem FILE_NOT_USABLE, RUN_TOO_LARGE
     */
    RunView dry(Currency currency, Collection<UUID> files) {
        return ledger.asOfOneMoment(
                () -> {
                    requireUsable(currency, files);
                    return view(plan(currency, files), null, State.DRY_RUN, null);
                });
    }

    /**
     * Keeps the plan, so that it can be submitted. One of a currency at a time.
     *
     * @throws Problem FILE_NOT_USABLE, RUN_TOO_LARGE, NOTHING_TO_RECONCILE, RUN_OPEN
     */
    RunView keep(Currency currency, Collection<UUID> files, String reason) {
        requireUsable(currency, files);
        var id = ids.next();
        return audit.recording(
                "reconciliation.plan",
                id.toString(),
                reason,
                () -> {
                    runs.lock(currency);
                    runs.planned(currency)
                            .ifPresent(
                                    it -> {
                                        throw RUN_OPEN.because("Post it or cancel it first.")
                                                .with("runId", it);
                                    });
                    var plan = plan(currency, files);
                    if (plan.isEmpty()) {
                        throw NOTHING_TO_RECONCILE.because("No file of these waits.");
                    }
                    var run = view(plan, id, State.PLANNED, reason);
                    runs.insert(run, plan.hash());
                    return run;
                });
    }

    /** As it is now. */
    Plan plan(Currency currency, Collection<UUID> files) {
        return Plan.of(worlds.of(currency, files));
    }

    private void requireUsable(Currency currency, Collection<UUID> files) {
        var unusable = new HashSet<>(files);
        worlds.known(currency, files).forEach(unusable::remove);
        if (!unusable.isEmpty()) {
            throw FILE_NOT_USABLE
                    .because("Not there, not good, or not in " + currency + ".")
                    .with("fileIds", unusable.stream().sorted().toList());
        }
        var lines = worlds.linesOf(currency, files);
        if (files.size() > 1 && lines > config.linesMax()) {
            throw RUN_TOO_LARGE
                    .because("Take fewer files, or those of fewer days.")
                    .with("lines", lines)
                    .with("max", config.linesMax());
        }
    }

    private RunView view(Plan plan, @Nullable UUID id, State state, @Nullable String reason) {
        var world = plan.world();
        var currency = world.currency();
        return new RunView(
                id,
                currency,
                state,
                world.rules().version(),
                world.files().stream().map(World.File::id).toList(),
                HexFormat.of().formatHex(plan.hash()),
                world.lines().size(),
                plan.matched(),
                world.entries().size(),
                plan.breaks().size(),
                plan.missing(breaks.named()).size(),
                plan.resolutions().size(),
                postings(plan),
                plan.breaks().stream().limit(FOUND_MAX).map(PlanRun::found).toList(),
                reason,
                state == State.DRY_RUN ? null : atWork.email(),
                state == State.DRY_RUN ? null : clock.instant(),
                null,
                null);
    }

    static List<PostingView> postings(Plan plan) {
        var currency = plan.world().currency();
        return plan.money().entrySet().stream()
                .map(it -> posting(it.getKey(), it.getValue(), currency))
                .toList();
    }

    private static PostingView posting(Leg leg, long credit, Currency currency) {
        var account = name(leg.account(currency));
        var counter = name(leg.counter(currency));
        return credit < 0
                ? new PostingView(account, counter, new Money(-credit, currency))
                : new PostingView(counter, account, new Money(credit, currency));
    }

    private static String name(Account account) {
        return account.kind().name().toLowerCase(Locale.ROOT);
    }

    private static FoundView found(Findings.Break it) {
        return new FoundView(
                it.fault(),
                it.line().key().file(),
                it.line().key().number(),
                it.line().type(),
                it.item(),
                new Money(it.minor(), it.line().currency()));
    }
}
