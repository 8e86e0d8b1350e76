package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import kvit.card.Notice;
import kvit.card.NoticeReader;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/** Reads what the processor tells of charges, and of what goes back to cards. */
@ApplicationScoped
class ReadChargeNotices implements NoticeReader {

    private static final Logger LOG = Logger.getLogger(ReadChargeNotices.class);

    private final TopUpStore topUps;
    private final ResolveTopUps resolveTopUps;
    private final ChargeReturnStore returns;
    private final ReturningMoney returning;
    private final Clock clock;

    ReadChargeNotices(
            TopUpStore topUps,
            ResolveTopUps resolveTopUps,
            ChargeReturnStore returns,
            ReturningMoney returning,
            Clock clock) {
        this.topUps = topUps;
        this.resolveTopUps = resolveTopUps;
        this.returns = returns;
        this.returning = returning;
        this.clock = clock;
    }

    @Override
    public void ask(Notice notice) {
        charge(notice)
                .flatMap(it -> topUps.owner(it).flatMap(owner -> topUps.charge(owner, it)))
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

    @Override
    public boolean take(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.RefundSettled it) {
            return returns.isKnown(it.operation());
        }
        if (notice instanceof Notice.RefundFailed it) {
            return hasFailed(it);
        }
        return charge(notice).flatMap(topUps::owner).isPresent();
    }

    /**
     * Taken at its word: money that was thought to be back at the card is with us. What had been in
     * a wallet is there again; of the rest, all that comes of it is that somebody looks.
     */
    private boolean hasFailed(Notice.RefundFailed notice) {
        returns.failed(notice.operation(), notice.code(), clock.instant())
                .ifPresent(
                        it -> {
                            LOG.errorf(
                                    "the refund %s came to nothing: %s",
                                    notice.name(), notice.code());
                            returning.putBack(it.customer(), it.topUp(), it.createdAt());
                        });
        return returns.isKnown(notice.operation());
    }

    @Override
    public void stray(Notice.Delivery delivery) {
        if (delivery.notice() instanceof Notice.Chargeback it && returns.isOfCharge(it.name())) {
            LOG.errorf("notice %s contests %s, which goes back anyway", delivery.id(), it.name());
        }
    }
}
