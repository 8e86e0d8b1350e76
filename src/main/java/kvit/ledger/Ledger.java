package kvit.ledger;

import static jakarta.transaction.Transactional.TxType.MANDATORY;
import static kvit.ledger.LedgerProblem.ALREADY_REVERSED;
import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;
import static kvit.ledger.LedgerProblem.CAPTURE_EXCEEDS_HOLD;
import static kvit.ledger.LedgerProblem.HOLD_NOT_FOUND;
import static kvit.ledger.LedgerProblem.HOLD_SETTLED;
import static kvit.ledger.LedgerProblem.INSUFFICIENT_FUNDS;
import static kvit.ledger.LedgerProblem.POSTING_NOT_FOUND;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import kvit.ledger.Posting.Line;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The only writer of the books.
 *
 * <p>Everything that writes runs in its caller's transaction, so that money never moves without the
 * reason being stored with it. Accounts are locked in the order of their ids, and their holds by
 * them, so that two callers over the same accounts queue up instead of deadlocking.
 */
@ApplicationScoped
public class Ledger {

    private static final Proviso NOTHING_ELSE =
            new Proviso() {
                @Override
                public @Nullable Problem refusal(Move move) {
                    return null;
                }

                @Override
                public void posted(Outcome outcome) {
                    // Nobody waits for it.
                }
            };

    private final LedgerStore store;
    private final HoldStore holdStore;
    private final LedgerReader reader;
    private final Clock clock;
    private final Timer postingTime;

    Ledger(
            LedgerStore store,
            HoldStore holdStore,
            LedgerReader reader,
            Clock clock,
            MeterRegistry metrics) {
        this.store = store;
        this.holdStore = holdStore;
        this.reader = reader;
        this.clock = clock;
        this.postingTime =
                Timer.builder("kvit.posting")
                        .description("Locking and deciding one list of postings")
                        .publishPercentileHistogram()
                        .register(metrics);
    }

    /**
     * Decides each posting and each promise in the given order, each on what the ones before it
     * left, and writes all that are allowed: the locks are one statement, and so are the entries
     * and the balances, and so are the holds, whatever the length of the list.
     *
     * @return one outcome each, in the same order
     */
    @Transactional(MANDATORY)
    public List<Outcome> post(List<? extends Move> moves) {
        return post(moves, NOTHING_ELSE);
    }

    /** The same where they depend on more than the books. */
    @Transactional(MANDATORY)
    public List<Outcome> post(List<? extends Move> moves, Proviso proviso) {
        return Objects.requireNonNull(postingTime.record(() -> decideAndWrite(moves, proviso)));
    }

    /**
     * Takes a posting back with one that is its mirror image. The past stays as it was.
     *
     * @throws Problem POSTING_NOT_FOUND, ALREADY_REVERSED, or INSUFFICIENT_FUNDS when the money is
     *     gone
     */
    @Transactional(MANDATORY)
    public Outcome reverse(UUID posting, UUID reversal) {
        var lines = store.linesOf(posting);
        if (lines.isEmpty()) {
            throw POSTING_NOT_FOUND.because("No posting " + posting + ".");
        }
        var mirrored = lines.stream().map(it -> new Line(it.account(), -it.minor())).toList();
        var outcome =
                post(List.of(
                                new Posting(
                                        reversal,
                                        "reversal",
                                        clock.instant(),
                                        mirrored,
                                        posting,
                                        null)))
                        .get(0);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return outcome;
    }

    private List<Outcome> decideAndWrite(List<? extends Move> moves, Proviso proviso) {
        var now = clock.instant();
        var accounts = new LinkedHashSet<Account>();
        moves.forEach(it -> accounts.addAll(it.accounts()));
        var standings = store.lock(accounts, now);
        var postings =
                moves.stream().filter(Posting.class::isInstance).map(Posting.class::cast).toList();
        var holds = holdStore.find(standings.keySet(), present(postings, Posting::captures));
        var reversed = store.reversed(present(postings, Posting::reverses));

        var outcomes = new ArrayList<Outcome>();
        var written = new LedgerStore.Writing();
        var captures = new ArrayList<HoldStore.Capture>();
        var placed = new ArrayList<Hold>();
        for (var asked : moves) {
            var refusal = proviso.refusal(asked);
            var move = refusal == null ? proviso.instead(asked) : asked;
            if (move instanceof Promise promise) {
                refusal = refusal == null ? refusal(promise, standings) : refusal;
                if (refusal == null) {
                    var hold = place(promise, standings);
                    placed.add(hold);
                    holds.put(hold.id(), hold);
                }
                outcomes.add(new Outcome(promise, now, refusal));
                continue;
            }
            var posting = (Posting) move;
            var hold = posting.captures() == null ? null : holds.get(posting.captures());
            if (refusal == null) {
                refusal = refusal(posting, standings, hold, reversed, now);
            }
            var at = refusal == null ? timeOf(posting, standings, now) : now;
            var outcome = new Outcome(posting, at, refusal);
            if (outcome.isPosted()) {
                if (hold != null) {
                    captures.add(capture(hold, posting, standings, at));
                    holds.put(hold.id(), hold.captured());
                }
                apply(posting, standings, reversed, written, at);
                proviso.posted(outcome);
            }
            outcomes.add(outcome);
        }
        // Before the holds: what has come into an account in this list may be held there at once.
        store.open(standings.values(), now);
        holdStore.insert(placed, now);
        holdStore.capture(captures);
        store.write(written, standings.values());
        return outcomes;
    }

    private static @Nullable Problem refusal(Promise promise, Map<UUID, Standing> standings) {
        var standing = standing(standings, promise.account());
        return standing.covers(promise.amount().minor(), 0)
                ? null
                : insufficient(standing, promise.account());
    }

    private static Hold place(Promise promise, Map<UUID, Standing> standings) {
        standing(standings, promise.account()).hold(promise.amount().minor());
        return promise.hold();
    }

    private static Problem insufficient(Standing standing, Account account) {
        var available = new Money(standing.available(), account.currency());
        return INSUFFICIENT_FUNDS
                .because("Available are " + available + ".")
                .with("available", available);
    }

    private static Set<UUID> present(List<Posting> postings, Function<Posting, @Nullable UUID> id) {
        var present = new LinkedHashSet<UUID>();
        for (var posting : postings) {
            var value = id.apply(posting);
            if (value != null) {
                present.add(value);
            }
        }
        return present;
    }

    /** One rule a line, in the order of {@link LedgerProblem}. */
    private static @Nullable Problem refusal(
            Posting posting,
            Map<UUID, Standing> standings,
            @Nullable Hold hold,
            Set<UUID> reversed,
            Instant now) {
        if (posting.reverses() != null && reversed.contains(posting.reverses())) {
            return ALREADY_REVERSED.because(
                    "Posting " + posting.reverses() + " was reversed before.");
        }
        if (posting.captures() != null) {
            var refusal = refusalOfCapture(posting, hold, now);
            if (refusal != null) {
                return refusal;
            }
        }
        for (var line : posting.lines()) {
            if (!standing(standings, line).canCount(line.minor())) {
                return BALANCE_OUT_OF_RANGE.because(
                        "An account counts up to 2^53 - 1 minor units.");
            }
        }
        for (var line : posting.lines()) {
            var standing = standing(standings, line);
            var released =
                    paysFrom(hold, standing) ? Objects.requireNonNull(hold).amount().minor() : 0;
            if (line.minor() < 0 && !standing.covers(-line.minor(), released)) {
                return insufficient(standing, line.account());
            }
        }
        return null;
    }

    private static @Nullable Problem refusalOfCapture(
            Posting posting, @Nullable Hold hold, Instant now) {
        var debit = hold == null ? 0 : debit(hold, posting);
        if (hold == null || debit == 0) {
            return HOLD_NOT_FOUND.because(
                    "No pending hold " + posting.captures() + " pays for this.");
        }
        if (!hold.isPendingAt(now)) {
            return HOLD_SETTLED.because("Hold " + hold.id() + " is no longer pending.");
        }
        if (debit > hold.amount().minor() && !posting.takesMore()) {
            return CAPTURE_EXCEEDS_HOLD.because("The hold holds " + hold.amount() + ".");
        }
        return null;
    }

    /** Frees what was held, just before the posting takes its part of it. */
    private static HoldStore.Capture capture(
            Hold hold, Posting posting, Map<UUID, Standing> standings, Instant at) {
        Objects.requireNonNull(standings.get(hold.account())).release(hold.amount().minor());
        return new HoldStore.Capture(
                hold, Math.min(debit(hold, posting), hold.amount().minor()), at);
    }

    /** What the posting takes from the account of the hold. */
    private static long debit(Hold hold, Posting posting) {
        return posting.lines().stream()
                .filter(it -> it.account().id().equals(hold.account()))
                .mapToLong(it -> Math.max(0, -it.minor()))
                .sum();
    }

    private static void apply(
            Posting posting,
            Map<UUID, Standing> standings,
            Set<UUID> reversed,
            LedgerStore.Writing written,
            Instant at) {
        written.add(posting, at);
        if (posting.reverses() != null) {
            reversed.add(posting.reverses());
        }
        for (var line : posting.lines()) {
            var standing = standing(standings, line);
            standing.move(line.minor(), at);
            written.add(posting, standing, line.minor());
        }
    }

    /** Clocks of replicas differ; the time on an account does not run backwards all the same. */
    private static Instant timeOf(Posting posting, Map<UUID, Standing> standings, Instant now) {
        var at = now;
        for (var line : posting.lines()) {
            var movedAt = standing(standings, line).movedAt();
            if (movedAt.isAfter(at)) {
                at = movedAt;
            }
        }
        return at;
    }

    private static boolean paysFrom(@Nullable Hold hold, Standing standing) {
        return hold != null && hold.account().equals(standing.id());
    }

    private static Standing standing(Map<UUID, Standing> standings, Line line) {
        return standing(standings, line.account());
    }

    private static Standing standing(Map<UUID, Standing> standings, Account account) {
        return Objects.requireNonNull(standings.get(account.id()), "locked before");
    }

    /**
     * Promises money without moving it.
     *
     * @param expiresAt when the promise ends by itself; null is never
     * @throws Problem INSUFFICIENT_FUNDS when less than that is available
     */
    @Transactional(MANDATORY)
    public Hold place(Account account, UUID id, Money amount, @Nullable Instant expiresAt) {
        var promise = new Promise(id, account, amount, expiresAt);
        var refusal = post(List.of(promise)).get(0).refusal();
        if (refusal != null) {
            throw refusal;
        }
        return promise.hold();
    }

    /** Locks these accounts in the order of their ids, for calls that take them one by one. */
    @Transactional(MANDATORY)
    public void lock(Collection<Account> accounts) {
        store.lock(accounts, clock.instant());
    }

    /**
     * Gives held money back to the available balance.
     *
     * @throws Problem HOLD_NOT_FOUND or HOLD_SETTLED
     */
    @Transactional(MANDATORY)
    public void release(Account account, UUID id) {
        release(Set.of(account), Set.of(id));
    }

    /**
     * Gives back all of these holds, which are on these accounts.
     *
     * @throws Problem HOLD_NOT_FOUND or HOLD_SETTLED when that is so of one of them
     */
    @Transactional(MANDATORY)
    public void release(Collection<Account> accounts, Collection<UUID> ids) {
        var now = clock.instant();
        var standings = store.lock(accounts, now);
        var holds = holdStore.find(standings.keySet(), ids);
        for (var id : ids) {
            var hold = holds.get(id);
            if (hold == null) {
                throw HOLD_NOT_FOUND.because("No hold " + id + ".");
            }
            if (!hold.isPendingAt(now)) {
                throw HOLD_SETTLED.because("Hold " + id + " is no longer pending.");
            }
        }
        settle(List.copyOf(holds.values()), standings, Hold.State.RELEASED, now);
    }

    /** Gives back what is held past its time; at most so many at once. Says how many it were. */
    @Transactional(MANDATORY)
    int expireDue(int atMost) {
        var now = clock.instant();
        var due = holdStore.due(now, atMost);
        if (due.isEmpty()) {
            return 0;
        }
        var standings = store.lockById(due.stream().map(Hold::account).distinct().toList());
        var locked = holdStore.find(standings.keySet(), due.stream().map(Hold::id).toList());
        // Another replica may have been quicker between the look and the lock.
        var expired =
                locked.values().stream().filter(it -> it.state() == Hold.State.PENDING).toList();
        settle(expired, standings, Hold.State.EXPIRED, now);
        return expired.size();
    }

    private void settle(
            List<Hold> holds, Map<UUID, Standing> standings, Hold.State state, Instant now) {
        holdStore.settle(holds, state, now);
        holds.forEach(
                it ->
                        Objects.requireNonNull(standings.get(it.account()))
                                .release(it.amount().minor()));
        store.updateAccounts(standings.values());
    }

    /** Runs several reads on one snapshot: what moves meanwhile is in none of them. */
    public <T> T asOfOneMoment(Supplier<T> reads) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            reader.takeSnapshot();
                            return reads.get();
                        });
    }

    /** All wallets of an owner that were ever credited, by currency. */
    public List<Balance> balances(UUID owner) {
        return reader.balances(owner);
    }

    /** One account's balance now; nothing at all for one that was never opened. */
    public Balance balance(Account account) {
        return reader.balance(account);
    }

    /** What the account's balance was at that moment, entries of that very microsecond included. */
    public Money balanceAt(Account account, Instant moment) {
        return new Money(reader.balanceAt(account.id(), moment), account.currency());
    }

    /**
     * What all accounts of a kind come to, in minor units, with a credit positive.
     *
     * @param moment null is now
     */
    public Map<Account.Kind, Long> totals(Currency currency, @Nullable Instant moment) {
        return reader.totals(currency, moment);
    }

    /** Statement lines of some accounts, newest first. */
    public List<EntryView> entries(Collection<Account> accounts, EntryQuery query) {
        return reader.entries(accounts, query);
    }

    /** Whether the cause with this id has moved money. */
    public boolean isPosted(UUID posting) {
        return !store.linesOf(posting).isEmpty();
    }

    /** Counts and findings over the whole ledger: no finding is a ledger that adds up. */
    public BooksView books() {
        return reader.books();
    }
}
