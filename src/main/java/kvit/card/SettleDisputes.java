package kvit.card;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Move;
import kvit.ledger.Outcome;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.ledger.Promise;
import kvit.money.Money;
import kvit.outbox.Event;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;

/**
 * Writes what becomes of contested charges. The processor has the money, so that is posted at once,
 * against the account of chargebacks; what the wallet still has of it is held, so that it cannot
 * leave while nobody knows who bears it.
 */
@ApplicationScoped
class SettleDisputes {

    private static final Logger LOG = Logger.getLogger(SettleDisputes.class);

    private static final int PORTION = 50;

    private final DisputeStore store;
    private final DisputeConfig config;
    private final Ledger ledger;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final Clock clock;
    private final Ids ids;

    SettleDisputes(
            DisputeStore store,
            DisputeConfig config,
            Ledger ledger,
            Outbox outbox,
            MoneyTransactions transactions,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.config = config;
        this.ledger = ledger;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
        this.ids = ids;
    }

    /** Says whether it is about a charge of ours; in the transaction that takes the notice. */
    boolean receive(Notice.Delivery delivery, Notice.Chargeback notice) {
        var charged = store.charged(notice.name()).orElse(null);
        if (charged == null) {
            return false;
        }
        if (store.lock(delivery.processor(), notice.dispute()).isPresent()) {
            return true;
        }
        var now = clock.instant();
        var id = ids.next();
        var currency = notice.amount().currency();
        var amount = notice.amount().minor();
        var posting =
                posting(
                        id,
                        "chargeback",
                        new Line(Account.cardClearing(currency), amount),
                        new Line(Account.chargebacks(currency), -amount));
        var held = postAndHold(posting, charged.customer(), notice.amount());
        var dispute =
                new Dispute(
                        id,
                        charged.customer(),
                        charged.card(),
                        charged.topUp(),
                        notice.name(),
                        delivery.processor(),
                        notice.dispute(),
                        notice.amount(),
                        held,
                        notice.reason(),
                        DisputeState.RECEIVED,
                        delivery.at(),
                        now,
                        now.plus(config.lostAfter()),
                        null);
        store.insert(dispute);
        announce(
                new DisputeReceived(
                        id,
                        dispute.customer(),
                        dispute.card(),
                        dispute.topUp(),
                        dispute.amount(),
                        dispute.held(),
                        dispute.reason(),
                        now,
                        dispute.deadline()));
        return true;
    }

    /** Says whether it is about a dispute that we know; one may be told before its chargeback. */
    boolean win(Notice.Delivery delivery, Notice.ChargebackReversed notice) {
        var dispute = store.lock(delivery.processor(), notice.dispute()).orElse(null);
        if (dispute == null) {
            return false;
        }
        if (dispute.state() == DisputeState.WON) {
            return true;
        }
        if (!notice.amount().equals(dispute.amount())) {
            // What was taken is what the books can give back; the rest somebody has to look at.
            LOG.errorf("dispute %s: %s of it are given back", dispute.id(), notice.amount());
            return false;
        }
        if (dispute.state() == DisputeState.RECEIVED && dispute.held().isPositive()) {
            release(dispute);
        }
        var at = post(won(dispute));
        store.won(dispute.id(), at);
        announce(
                new DisputeWon(
                        dispute.id(),
                        dispute.customer(),
                        dispute.card(),
                        dispute.topUp(),
                        dispute.amount(),
                        at));
        return true;
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        store.overdue(clock.instant(), PORTION).forEach(this::lose);
    }

    void lose(UUID id) {
        try {
            transactions.once(
                    () -> {
                        store.lock(id)
                                .filter(it -> it.state() == DisputeState.RECEIVED)
                                .ifPresent(this::lost);
                        return id;
                    });
        } catch (RuntimeException e) {
            LOG.errorf(e, "dispute %s cannot be closed", id);
        }
    }

    /** Of one that is under lock and open. */
    void lost(Dispute dispute) {
        var amount = dispute.amount().minor();
        var held = dispute.held().minor();
        var lines = new ArrayList<Line>();
        lines.add(new Line(Account.chargebacks(dispute.amount().currency()), amount));
        addSharesOf(dispute, -held, -(amount - held), lines);
        var posting =
                new Posting(
                        Ids.named(dispute.id(), "lost"),
                        "chargeback-lost",
                        clock.instant(),
                        lines,
                        null,
                        held > 0 ? dispute.id() : null);
        var at = post(posting);
        store.lost(dispute.id(), at);
        announce(
                new DisputeLost(
                        dispute.id(),
                        dispute.customer(),
                        dispute.card(),
                        dispute.topUp(),
                        dispute.amount(),
                        dispute.held(),
                        at));
    }

    /**
     * Locks what is posted to next, too, because accounts are locked in their order or not at all.
     */
    private void release(Dispute dispute) {
        var currency = dispute.amount().currency();
        ledger.release(
                List.of(
                        wallet(dispute),
                        Account.cardClearing(currency),
                        Account.chargebacks(currency)),
                Set.of(dispute.id()));
    }

    /** From the processor, to whoever has borne it: nobody yet, or the wallet and we. */
    private Posting won(Dispute dispute) {
        var currency = dispute.amount().currency();
        var amount = dispute.amount().minor();
        var held = dispute.held().minor();
        var lines = new ArrayList<Line>();
        lines.add(new Line(Account.cardClearing(currency), -amount));
        if (dispute.state() == DisputeState.LOST) {
            addSharesOf(dispute, held, amount - held, lines);
        } else {
            lines.add(new Line(Account.chargebacks(currency), amount));
        }
        return posting(
                Ids.named(dispute.id(), "won"), "chargeback-won", lines.toArray(Line[]::new));
    }

    private static void addSharesOf(Dispute dispute, long wallets, long ours, List<Line> lines) {
        if (wallets != 0) {
            lines.add(new Line(wallet(dispute), wallets));
        }
        if (ours != 0) {
            lines.add(new Line(Account.losses(dispute.amount().currency()), ours));
        }
    }

    /**
     * Posts, and holds as much of the amount as the wallet has: in one list, which locks all
     * accounts in their order.
     *
     * @return what is held
     */
    private Money postAndHold(Posting posting, UUID customer, Money amount) {
        var wallet = Account.wallet(customer, amount.currency());
        var outcomes =
                ledger.post(List.of(posting, new Promise(posting.id(), wallet, amount, null)));
        written(outcomes.get(0));
        var refusal = outcomes.get(1).refusal();
        if (refusal == null) {
            return amount;
        }
        // Under lock by now, so nobody takes any of it.
        var available = (Money) Objects.requireNonNull(refusal.member("available"));
        if (available.isPositive()) {
            post(new Promise(posting.id(), wallet, available, null));
        }
        return available;
    }

    private Posting posting(UUID id, String kind, Line... lines) {
        return new Posting(id, kind, clock.instant(), List.of(lines), null, null);
    }

    private Instant post(Move move) {
        return written(ledger.post(List.of(move)).get(0));
    }

    private static Instant written(Outcome outcome) {
        if (outcome.refusal() != null) {
            throw new IllegalStateException(
                    "dispute: " + outcome.move().id() + " cannot be posted", outcome.refusal());
        }
        return outcome.at();
    }

    private void announce(Event event) {
        outbox.add(List.of(event));
    }

    private static Account wallet(Dispute dispute) {
        return Account.wallet(dispute.customer(), dispute.amount().currency());
    }
}
