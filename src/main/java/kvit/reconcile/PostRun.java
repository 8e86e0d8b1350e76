package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.PLAN_STALE;
import static kvit.reconcile.ReconcileProblem.RUN_BY_PLANNER;
import static kvit.reconcile.ReconcileProblem.RUN_SETTLED;
import static kvit.reconcile.RunStore.inPortions;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.operate.FourEyes;
import kvit.payout.BusinessDays;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Fresh;
import kvit.reconcile.PostRun.Payload;
import kvit.reconcile.RunView.PostingView;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Posts a plan, after two have wanted it: its lines are dealt with, its money moves and its breaks
 * are there, or nothing is.
 */
@ApplicationScoped
class PostRun implements FourEyes<Payload> {

    /** What is shown to whoever approves it. */
    record Payload(
            UUID run,
            Currency currency,
            List<UUID> files,
            String planSha256,
            List<PostingView> postings) {}

    private final PlanRun plans;
    private final RunStore runs;
    private final Unpaid unpaid;
    private final BreakStore breaks;
    private final Position position;
    private final Terms terms;
    private final BusinessDays days;
    private final Ledger ledger;
    private final Clock clock;

    PostRun(
            PlanRun plans,
            RunStore runs,
            Unpaid unpaid,
            BreakStore breaks,
            Position position,
            Terms terms,
            BusinessDays days,
            Ledger ledger,
            Clock clock) {
        this.plans = plans;
        this.runs = runs;
        this.unpaid = unpaid;
        this.breaks = breaks;
        this.position = position;
        this.terms = terms;
        this.days = days;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public String action() {
        return "reconciliation.post";
    }

    @Override
    public Class<Payload> payload() {
        return Payload.class;
    }

    /** One of a currency at a time. */
    @Override
    public String resource(Payload payload) {
        return payload.currency().name();
    }

    /** What would be posted by now: another file, or money that came meanwhile, may change it. */
    @Override
    public String basis(Payload payload) {
        // A run that was dropped in between is another thing, and frees its currency's request.
        return runs.find(payload.run())
                .filter(it -> it.state() == RunView.State.PLANNED)
                .map(it -> hash(plans.plan(payload.currency(), payload.files())))
                .orElse("ended");
    }

    private static String hash(Plan plan) {
        return HexFormat.of().formatHex(plan.hash());
    }

    /**
     * Posts it.
     *
     * @throws Problem RUN_BY_PLANNER, RUN_SETTLED, PLAN_STALE
     */
    @Override
    public void carryOut(Payload payload, Agreed agreed) {
        var currency = payload.currency();
        runs.lock(currency);
        requireAnother(payload.run(), agreed.approvedBy());
        if (!runs.end(payload.run(), RunView.State.POSTED, agreed.approvedBy(), clock.instant())) {
            throw RUN_SETTLED.because("It was posted or cancelled before.");
        }
        runs.keep(payload.files());
        // Once more, now that nobody else can change what is reconciled.
        var plan = plans.plan(currency, payload.files());
        if (!hash(plan).equals(payload.planSha256())) {
            throw PLAN_STALE.because("Cancel the run and plan it anew.");
        }
        var run = payload.run();
        var named = breaks.named();
        runs.write(run, plan);
        unpaid.write(currency, plan.findings().left());
        inPortions(found(plan), it -> breaks.insert(it, run));
        inPortions(plan.resolutions(), breaks::resolve);
        breaks.resolveMissing(currency);
        var term = terms.of(currency);
        var missing = plan.missing(named).stream().map(it -> missing(it, term)).toList();
        inPortions(missing, it -> breaks.insert(it, run));
        runs.advance(currency);
        // Whoever posts has card clearing under lock, and everybody who charges a card waits for
        // it: all that takes long comes before.
        var postings = postings(run, plan);
        position.require(currency, postings);
        Books.post(ledger, postings);
    }

    /** Whoever submits it may be a third one; then the planner would be both pairs of eyes. */
    private void requireAnother(UUID run, String approver) {
        if (runs.find(run).filter(it -> approver.equals(it.createdBy())).isPresent()) {
            throw RUN_BY_PLANNER.because("You have planned it; somebody else approves it.");
        }
    }

    private List<Fresh> found(Plan plan) {
        return plan.breaks().stream()
                .map(
                        it ->
                                new Fresh(
                                        it.id(),
                                        it.fault(),
                                        it.line().currency(),
                                        it.line().source(),
                                        it.line().key().file(),
                                        it.line().key().number(),
                                        it.isOfBank(),
                                        it.item(),
                                        it.minor(),
                                        it.parked(),
                                        it.line().fee(),
                                        it.line().bookedOn().toString(),
                                        null,
                                        BreakState.OPEN))
                .toList();
    }

    /** Not missing yet, as long as it is in time. */
    Fresh missing(Expectation it, Terms.Term term) {
        return new Fresh(
                Ids.named(it.item(), "missing/" + it.currency()),
                Fault.MISSING_EXTERNAL,
                it.currency(),
                null,
                null,
                null,
                false,
                it.item(),
                it.minor(),
                0,
                0,
                it.bookedOn().toString(),
                days.after(term.country(), it.bookedOn(), term.days()).toString(),
                BreakState.EXPECTED);
    }

    /** Each leg is a posting, whose id follows from the run's: no run is posted twice. */
    private List<Posting> postings(UUID run, Plan plan) {
        var currency = plan.world().currency();
        var now = clock.instant();
        var postings = new ArrayList<Posting>();
        plan.money()
                .forEach(
                        (leg, credit) ->
                                postings.add(
                                        Books.posting(
                                                Ids.named(run, leg.name()),
                                                leg.kind(),
                                                now,
                                                leg.account(currency),
                                                leg.counter(currency),
                                                credit)));
        return postings;
    }
}
