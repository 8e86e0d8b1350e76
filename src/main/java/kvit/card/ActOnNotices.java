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
 * is asked for, because a notice is no proof; of disputes there is nothing to ask, and a refund
 * that came to nothing only makes somebody look.
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
    private final ChargeReturnStore returns;
    private final SettleDisputes disputes;
    private final MoneyTransactions transactions;
    private final Clock clock;

    ActOnNotices(
            Notices notices,
            PayoutStore payouts,
            TopUpStore topUps,
            ResolveTopUps resolveTopUps,
            ChargeReturnStore returns,
            SettleDisputes disputes,
            MoneyTransactions transactions,
            Clock clock) {
        this.notices = notices;
        this.payouts = payouts;
        this.topUps = topUps;
        this.resolveTopUps = resolveTopUps;
        this.returns = returns;
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
                .flatMap(it -> notices.topUpOwner(it).flatMap(owner -> topUps.charge(owner, it)))
                .filter(it -> it.isPending() || isChargedInVain(it, notice))
                .ifPresent(resolveTopUps::resolve);
    }

    /** What we have given up is not due any more, so that nobody else would ever ask. */
    private static boolean isChargedInVain(TopUp topUp, Notice notice) {
        return notice instanceof Notice.ChargeSettled
                && topUp.state() == TopUpState.DECLINED
                && topUp.reference() != null;
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
            report(delivery);
            return notices.stray(delivery, now);
        }
        return notices.later(delivery, now.plus(AGAIN));
    }

    private void report(Notice.Delivery stray) {
        if (disputes.isKnown(stray)) {
            LOG.errorf("notice %s does not follow from what was told of its dispute", stray.id());
            return;
        }
        if (stray.notice() instanceof Notice.Chargeback it && returns.isOfCharge(it.name())) {
            LOG.errorf("notice %s contests %s, which goes back anyway", stray.id(), it.name());
        } else {
            LOG.warnf("notice %s is about nothing of ours", stray.id());
        }
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
        if (notice instanceof Notice.RefundSettled it) {
            return returns.isKnown(it.operation());
        }
        if (notice instanceof Notice.RefundFailed it) {
            return hasFailed(it);
        }
        return notice instanceof Notice.ChargebackReversed it && disputes.win(delivery, it);
    }

    /**
     * Taken at its word: money that was thought to be back at the card is with us, and all that
     * comes of it is that somebody looks.
     */
    private boolean hasFailed(Notice.RefundFailed notice) {
        if (returns.failed(notice.operation(), notice.code(), clock.instant())) {
            LOG.errorf("the refund %s came to nothing: %s", notice.name(), notice.code());
        }
        return returns.isKnown(notice.operation());
    }

    private boolean isPayouts(UUID push) {
        return payouts.dueNow(push, clock.instant()) || payouts.isKnown(push);
    }
}
