package kvit.payout;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kvit.card.CardProcessor;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands payouts over to the processor when it is time, and finds out what becomes of them. Runs on
 * every replica; each takes what no other is at.
 *
 * <p>Before a call that sends, its time is committed; whoever cancels is under the same lock, so
 * either of them comes first and the other one sees it. One push is sent any number of times under
 * its one id, which is one payout there, and never under another one as long as nobody knows that
 * it was declined.
 */
@ApplicationScoped
class CarryOutPayouts {

    private static final Logger LOG = Logger.getLogger(CarryOutPayouts.class);

    /** Of one that did not reach the processor as long as it could have been sent. */
    static final String NOT_CARRIED_OUT = "not_carried_out";

    private static final int PORTION = 10;

    /**
     * Mostly longer than a portion takes. Where it is not, two come to it, and the lock decides.
     */
    private static final Duration LEASE = Duration.ofSeconds(20L * PORTION);

    /**
     * So long the one who sends is at it: longer than a push takes at its longest, with four calls
     * of ten seconds, and the transaction after it. Who has slept for longer does not send any
     * more, because others have come to it since.
     */
    static final Duration UNDER_WAY = Duration.ofMinutes(1);

    /**
     * To be sent now.
     *
     * @param isFirst whether no call before may have carried it
     */
    private record Sending(Payout payout, boolean isFirst) {}

    private final PayoutStore store;
    private final PayoutRules rules;
    private final PayoutTimes times;
    private final PayoutSettlement settlement;
    private final ReturnedMoney returned;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final Clock clock;

    CarryOutPayouts(
            PayoutStore store,
            PayoutRules rules,
            PayoutTimes times,
            PayoutSettlement settlement,
            ReturnedMoney returned,
            CardProcessor processor,
            MoneyTransactions transactions,
            Clock clock) {
        this.store = store;
        this.rules = rules;
        this.times = times;
        this.settlement = settlement;
        this.returned = returned;
        this.processor = processor;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (carryOutDue() == PORTION) {
            Thread.onSpinWait();
        }
    }

    /** Says how many were due: a whole portion may have left some. */
    int carryOutDue() {
        var due =
                transactions.once(
                        () -> {
                            var now = clock.instant();
                            return store.claimDue(now, now.plus(LEASE), PORTION);
                        });
        due.forEach(this::carryOut);
        return due.size();
    }

    /** One step: sends it, or asks what became of it. */
    void carryOut(Payout payout) {
        try {
            if (payout.isInTransit() && payout.sentAt() == null) {
                transactions.keyed(() -> begin(payout)).ifPresent(this::send);
            } else if (payout.reference() != null) {
                var askedAt = clock.instant();
                var result = processor.find(payout.operation());
                transactions.keyed(() -> heard(payout, result, askedAt)).ifPresent(this::send);
            }
        } catch (RuntimeException e) {
            // One that cannot be carried out must not keep the others; it is due again later.
            LOG.errorf(e, "payout %s cannot be carried out", payout.id());
        }
    }

    /** Empty where somebody else was quicker, or it must not be sent. */
    private Optional<Sending> begin(Payout due) {
        var payout = store.lock(due.customer(), due.id()).orElseThrow().payout();
        var now = clock.instant();
        if (!payout.isCancellable() || now.isBefore(payout.handOverAt())) {
            return Optional.empty();
        }
        var code = whyNotNow(payout);
        if (code != null) {
            settlement.giveBack(payout, PayoutState.CANCELLED, code);
            return Optional.empty();
        }
        return Optional.of(new Sending(store.sent(payout, now, now.plus(UNDER_WAY)), true));
    }

    /** What has come up since it was allowed. */
    private @Nullable String whyNotNow(Payout payout) {
        var refusal = rules.refusalNow(payout);
        if (refusal != null) {
            return refusal.type().code();
        }
        // A chargeback came while it was about to be sent, and then it was not.
        return returned.isAwaited(payout.origin()) ? StopPayouts.FUNDS_CONTESTED : null;
    }

    private void send(Sending sending) {
        var sent = sending.payout();
        var toldAt = clock.instant();
        // Kept as not sent: whoever comes next asks again whether it may still go out.
        var result =
                isTooLate(sent, toldAt)
                        ? new Result.NotSent(Reason.TOO_LATE)
                        : processor.carryOut(sent.operation());
        transactions.keyed(() -> conclude(sending, result, toldAt));
    }

    private static boolean isTooLate(Payout sent, Instant now) {
        return sent.sentAt() == null || now.isAfter(sent.sentAt().plus(UNDER_WAY));
    }

    /** What the call has said, unless it says nothing about how the payout stands by now. */
    private Result conclude(Sending sending, Result result, Instant toldAt) {
        var sent = sending.payout();
        var stored = store.lock(sent.customer(), sent.id()).orElseThrow();
        var payout = stored.payout();
        if (!payout.push().equals(sent.push())) {
            // Declined meanwhile, and sent under another id.
            LOG.warnf("payout %s: %s comes late", sent.id(), result);
        } else if (result instanceof Result.NotSent notSent) {
            notSent(sending, stored, notSent.reason());
        } else {
            settlement.settle(payout, result, stored.asked(), toldAt, sending.isFirst());
        }
        return result;
    }

    private void notSent(Sending sending, PayoutStore.Stored stored, Reason reason) {
        var payout = stored.payout();
        LOG.warnf("payout %s was not sent: %s", payout.id(), reason);
        // A repeated or late "not sent" says nothing about a call that another one has begun since.
        var isTheLast =
                payout.isInTransit()
                        && payout.name() == null
                        && sending.payout().sentAt() != null
                        && sending.payout().sentAt().equals(payout.sentAt());
        if (!isTheLast) {
            return;
        }
        var now = clock.instant();
        var next = now.plus(times.wait(stored.asked(), false));
        if (reason == Reason.TOO_OLD) {
            // The processor has looked for it, too, and has never heard of it.
            settlement.giveBack(payout, PayoutState.RETURNED, NOT_CARRIED_OUT);
        } else if (sending.isFirst()) {
            store.notSent(payout, next);
        } else {
            store.due(payout, now, next);
        }
    }

    /** What it is to be sent as once more; mostly nothing. */
    private Optional<Sending> heard(Payout asked, Result result, Instant askedAt) {
        var stored = store.lock(asked.customer(), asked.id()).orElseThrow();
        var payout = stored.payout();
        if (!payout.push().equals(asked.push())) {
            return Optional.empty();
        }
        if (result instanceof Result.NotFound && payout.isInTransit()) {
            return notFound(stored, askedAt);
        }
        settlement.settle(payout, result, stored.asked(), askedAt, false);
        return Optional.empty();
    }

    private Optional<Sending> notFound(PayoutStore.Stored stored, Instant askedAt) {
        var payout = stored.payout();
        var sentAt = payout.sentAt();
        var now = clock.instant();
        var isLost = sentAt != null && !askedAt.isBefore(sentAt.plus(CardProcessor.ARRIVES_WITHIN));
        if (isLost && payout.name() == null) {
            // The same under the same id: if it arrives after all, it is still one payout.
            return Optional.of(new Sending(store.sent(payout, now, now.plus(UNDER_WAY)), false));
        }
        if (isLost) {
            LOG.errorf("payout %s was %s there and is not any more", payout.id(), payout.name());
        }
        if (sentAt != null) {
            store.due(payout, now, now.plus(times.wait(stored.asked(), false)));
        }
        return Optional.empty();
    }
}
