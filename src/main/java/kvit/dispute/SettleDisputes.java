package kvit.dispute;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.card.Notice;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.outbox.Event;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.topup.Charges;
import org.jboss.logging.Logger;

/**
 * Writes what becomes of contested charges. The processor has the money, so that is posted at once,
 * against the account of chargebacks; what its owner still has of it is held, so that it cannot
 * leave while nobody knows who bears it.
 *
 * <p>The books follow the processor's money as often as it goes and comes. Notices come in any
 * order, so which round one belongs to is told by when it happened.
 */
@ApplicationScoped
class SettleDisputes {

    private static final Logger LOG = Logger.getLogger(SettleDisputes.class);

    private static final int PORTION = 50;

    private final DisputeStore store;
    private final Charges charges;
    private final HoldContested contested;
    private final DisputeConfig config;
    private final Ledger ledger;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final Clock clock;
    private final Ids ids;

    SettleDisputes(
            DisputeStore store,
            Charges charges,
            HoldContested contested,
            DisputeConfig config,
            Ledger ledger,
            Outbox outbox,
            MoneyTransactions transactions,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.charges = charges;
        this.contested = contested;
        this.config = config;
        this.ledger = ledger;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Says whether it is about a charge of ours, and follows from what we know; in the transaction
     * that takes the notice. Money that is taken while it is away already is told twice; if it is
     * told as later, its reversal has not come yet.
     */
    boolean receive(Notice.Delivery delivery, Notice.Chargeback notice) {
        var charged = charges.charged(notice.name()).orElse(null);
        if (charged == null) {
            return false;
        }
        var currency = notice.amount().currency();
        // Payouts come before disputes, and both before accounts.
        var waiting = contested.lockWaiting(charged.customer(), currency);
        var last = store.lock(delivery.processor(), notice.dispute()).orElse(null);
        if (last != null && !last.isReversedBefore(delivery.at())) {
            return last.state() == DisputeState.WON || !delivery.at().isAfter(last.at());
        }
        var now = clock.instant();
        var id = ids.next();
        var amount = notice.amount().minor();
        var posting =
                posting(
                        id,
                        "chargeback",
                        new Line(Account.cardClearing(currency), amount),
                        new Line(Account.chargebacks(currency), -amount));
        var held = contested.postAndHold(posting, charged.customer(), notice.amount(), waiting);
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
                        null,
                        last == null ? 1 : last.round() + 1,
                        held.isPositive() ? id : null,
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
            // A later one belongs to a round whose chargeback has not come yet.
            return !dispute.isReversedBefore(delivery.at());
        }
        if (dispute.round() > 1 && delivery.at().isBefore(dispute.at())) {
            return true;
        }
        if (!notice.amount().equals(dispute.amount())) {
            // What was taken is what the books can give back; the rest somebody has to look at.
            LOG.errorf("dispute %s: %s of it are given back", dispute.id(), notice.amount());
            return false;
        }
        if (dispute.state() == DisputeState.RECEIVED && dispute.hold() != null) {
            release(dispute, dispute.hold());
        }
        var at = post(won(dispute));
        store.won(dispute.id(), at, delivery.at());
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

    /** Whether it is about a dispute of ours, whatever it says of it. */
    boolean isKnown(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.Chargeback it) {
            return store.isKnown(delivery.processor(), it.dispute());
        }
        return notice instanceof Notice.ChargebackReversed it
                && store.isKnown(delivery.processor(), it.dispute());
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
                        dispute.hold());
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
    private void release(Dispute dispute, UUID hold) {
        var currency = dispute.amount().currency();
        ledger.release(
                List.of(
                        wallet(dispute),
                        Account.cardClearing(currency),
                        Account.chargebacks(currency)),
                Set.of(hold));
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

    private Posting posting(UUID id, String kind, Line... lines) {
        return new Posting(id, kind, clock.instant(), List.of(lines), null, null);
    }

    private Instant post(Posting posting) {
        return HoldContested.written(ledger.post(List.of(posting)).get(0));
    }

    private void announce(Event event) {
        outbox.add(List.of(event));
    }

    private static Account wallet(Dispute dispute) {
        return Account.wallet(dispute.customer(), dispute.amount().currency());
    }
}
