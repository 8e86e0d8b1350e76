package kvit.card;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
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
    private final List<NoticeReader> readers;
    private final MoneyTransactions transactions;
    private final Clock clock;

    ActOnNotices(
            Notices notices,
            @All List<NoticeReader> readers,
            MoneyTransactions transactions,
            Clock clock) {
        this.notices = notices;
        this.readers = readers;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        notices.due(clock.instant(), PORTION).forEach(this::act);
    }

    void act(Notice.Delivery delivery) {
        try {
            readers.forEach(it -> it.ask(delivery.notice()));
            transactions.once(() -> inTransaction(delivery));
        } catch (RuntimeException e) {
            // One that cannot be acted on must not keep the others.
            LOG.errorf(e, "notice %s cannot be acted on", delivery.id());
            transactions.once(() -> notices.later(delivery, clock.instant().plus(AGAIN)));
        }
    }

    private boolean inTransaction(Notice.Delivery delivery) {
        var since = notices.lock(delivery);
        if (since.isEmpty()) {
            return false;
        }
        if (readers.stream().anyMatch(it -> it.take(delivery))) {
            return notices.done(delivery);
        }
        var now = clock.instant();
        if (now.isAfter(since.get().plus(STRAYS_AFTER))) {
            LOG.warnf("notice %s is about nothing of ours", delivery.id());
            readers.forEach(it -> it.stray(delivery));
            return notices.stray(delivery, now);
        }
        return notices.later(delivery, now.plus(AGAIN));
    }
}
