package kvit.card;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Acts on what the processor tells by itself, each notice once. What becomes of charges and payouts
 * is asked for, because a notice is no proof; of disputes there is nothing to ask.
 *
 * <p>One about nothing that we know waits: the charge may not be written yet, or a dispute won
 * before it is told. After some days it is a stray, and kept as that.
 */
@ApplicationScoped
class ActOnNotices {

    private static final Logger LOG = Logger.getLogger(ActOnNotices.class);

    private static final int PORTION = 50;

    /** What has been there for so long becomes no more known by waiting. */
    static final Duration STRAYS_AFTER = Duration.ofDays(3);

    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final Notices notices;
    private final PayoutStore payouts;
    private final TopUpStore topUps;
    private final ResolveTopUps resolveTopUps;
    private final SettleDisputes disputes;
    private final MoneyTransactions transactions;
    private final Clock clock;

    ActOnNotices(
            Notices notices,
            PayoutStore payouts,
            TopUpStore topUps,
            ResolveTopUps resolveTopUps,
            SettleDisputes disputes,
            MoneyTransactions transactions,
            Clock clock) {
        this.notices = notices;
        this.payouts = payouts;
        this.topUps = topUps;
        this.resolveTopUps = resolveTopUps;
        this.disputes = disputes;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        notices.due(clock.instant(), PORTION).forEach(this::act);
    }

    void act(Notice.Delivery delivery) {
        try {
            ask(delivery.notice());
            transactions.once(() -> inTransaction(delivery));
        } catch (RuntimeException e) {
            // One that cannot be acted on must not keep the others.
            LOG.errorf(e, "notice %s cannot be acted on", delivery.id());
            transactions.once(() -> notices.later(delivery, clock.instant().plus(AGAIN)));
        }
    }

    /** Of a charge at once and outside of the transaction; of a payout its worker does. */
    private void ask(Notice notice) {
        charge(notice)
                .flatMap(it -> notices.topUpOwner(it).flatMap(owner -> topUps.find(owner, it)))
                .filter(TopUp::isPending)
                .ifPresent(resolveTopUps::resolve);
    }

    private static Optional<UUID> charge(Notice notice) {
        if (notice instanceof Notice.ChargeSettled it) {
            return Optional.of(it.operation());
        }
        return notice instanceof Notice.ChargeFailed it
                ? Optional.of(it.operation())
                : Optional.empty();
    }

    private boolean inTransaction(Notice.Delivery delivery) {
        var since = notices.lock(delivery);
        if (since.isEmpty()) {
            return false;
        }
        if (isOurs(delivery)) {
            return notices.done(delivery);
        }
        var now = clock.instant();
        if (now.isAfter(since.get().plus(STRAYS_AFTER))) {
            LOG.warnf("notice %s is about nothing of ours", delivery.id());
            return notices.stray(delivery, now);
        }
        return notices.later(delivery, now.plus(AGAIN));
    }

    private boolean isOurs(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.PayoutPaid it) {
            return isPayouts(it.operation());
        }
        if (notice instanceof Notice.PayoutFailed it) {
            return isPayouts(it.operation());
        }
        var charge = charge(notice);
        if (charge.isPresent()) {
            return notices.topUpOwner(charge.get()).isPresent();
        }
        if (notice instanceof Notice.Chargeback it) {
            return disputes.receive(delivery, it);
        }
        // Of refunds there are none yet.
        return notice instanceof Notice.ChargebackReversed it && disputes.win(delivery, it);
    }

    private boolean isPayouts(UUID push) {
        return payouts.dueNow(push, clock.instant()) || payouts.isKnown(push);
    }
}
