package kvit.dispute;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        // Payouts come before disputes, those before transfers, and all of them before accounts.
        var waiting = contested.lockWaiting(charged.customer(), currency);
        var last = store.lock(delivery.processor(), notice.dispute()).orElse(null);
        if (last != null && !last.isReversedBefore(delivery.at())) {
            return last.hasTaken(delivery.at());
        }
        var freeing = charges.lockContested(charged);
        var id = ids.next();
        var amount = notice.amount().minor();
        var posting =
                posting(
                        id,
                        "chargeback",
                        new Line(Account.cardClearing(currency), amount),
                        new Line(Account.chargebacks(currency), -amount));
        var held =
                contested.postAndHold(
                        posting, charged.customer(), notice.amount(), freeing, waiting);
        // Only now that the wallet is locked: what leaves it before was asked for before.
        var now = clock.instant();
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
                        null,
                        notice.evidenceDueBy());
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
                        dispute.deadline(),
                        dispute.evidenceDueBy()));
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
        sweep(PORTION);
    }

    /** One portion after the other, because those of the first may not be closed at all. */
    void sweep(int portion) {
        var now = clock.instant();
        for (var due = store.overdue(now, null, portion);
                !due.isEmpty();
                due = store.overdue(now, due.get(due.size() - 1), portion)) {
            due.forEach(it -> lose(it.id()));
        }
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
        lines.addAll(dispute.shares(-held, -(amount - held)));
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

    private Posting posting(UUID id, String kind, Line... lines) {
        return new Posting(id, kind, clock.instant(), List.of(lines), null, null);
    }

    private Instant post(Posting posting) {
        return HoldContested.written(ledger.post(List.of(posting)).get(0));
    }

    private void announce(Event event) {
        outbox.add(List.of(event));
    }
}
