package kvit.request;

import static kvit.request.RequestProblem.REMINDER_TOO_SOON;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Blocks;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Calls to mind what somebody is asked for: when their asker wishes it, once a day, and by itself
 * where that was wished from the beginning. Runs on every replica; each takes what no other is at.
 * Whoever has blocked the other hears of none, and the other is told what they would be told
 * anyway.
 */
@ApplicationScoped
class RemindOfShare {

    private static final int PORTION = 100;

    private final RequestBook book;
    private final RequestStore store;
    private final Blocks blocks;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final RequestConfig config;
    private final Clock clock;

    RemindOfShare(
            RequestBook book,
            RequestStore store,
            Blocks blocks,
            Outbox outbox,
            MoneyTransactions transactions,
            RequestConfig config,
            Clock clock) {
        this.book = book;
        this.store = store;
        this.blocks = blocks;
        this.outbox = outbox;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @throws Problem REQUEST_NOT_FOUND, SHARE_NOT_FOUND, NOT_THE_ASKER, SHARE_NOT_OPEN,
     *     REMINDER_TOO_SOON with the time to wait
     */
    Request remind(UUID asker, UUID id, UUID share) {
        book.requireAsker(asker, id, share);
        return transactions.once(() -> inTransaction(id, share));
    }

    private Request inTransaction(UUID id, UUID shareId) {
        var request = Objects.requireNonNull(store.lock(List.of(id)).get(id));
        var share = request.share(shareId).orElseThrow();
        if (share.state() != ShareState.OPEN) {
            throw DeclineShare.notOpen(share);
        }
        var now = clock.instant();
        var next = share.remindedAt() == null ? now : share.remindedAt().plus(config.remindAfter());
        if (now.isBefore(next)) {
            throw REMINDER_TOO_SOON
                    .because("They were reminded at " + share.remindedAt() + ".")
                    .retryAfter(Duration.between(now, next));
        }
        // It comes in place of the one that was to come by itself.
        var reminded = share.reminded(now);
        store.update(List.of(reminded));
        tell(List.of(ShareReminded.of(request, reminded)));
        return request.with(List.of(reminded));
    }

    @Scheduled(every = "60s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (transactions.once(this::remindDue) == PORTION) {
            Thread.onSpinWait();
        }
    }

    private int remindDue() {
        var due = store.remindDue(clock.instant(), PORTION);
        tell(
                due.stream()
                        .map(
                                it ->
                                        new ShareReminded(
                                                it.request(),
                                                it.share(),
                                                it.payer(),
                                                it.asker(),
                                                it.amount()))
                        .toList());
        return due.size();
    }

    private void tell(List<ShareReminded> reminders) {
        var kept = blocks.between(reminders.stream().map(RemindOfShare::pair).toList());
        outbox.add(reminders.stream().filter(it -> !kept.contains(pair(it))).toList());
    }

    private static Blocks.Pair pair(ShareReminded reminder) {
        return new Blocks.Pair(reminder.customer(), reminder.other());
    }
}
