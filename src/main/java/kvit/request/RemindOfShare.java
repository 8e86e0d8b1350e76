package kvit.request;

import static kvit.request.RequestProblem.REMINDER_TOO_SOON;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Calls to mind what somebody is asked for: when their asker wishes it, once a day, and by itself
 * where that was wished from the beginning. Runs on every replica; each takes what no other is at.
 */
@ApplicationScoped
class RemindOfShare {

    private static final int PORTION = 100;

    private final RequestBook book;
    private final RequestStore store;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final RequestConfig config;
    private final Clock clock;

    RemindOfShare(
            RequestBook book,
            RequestStore store,
            Outbox outbox,
            MoneyTransactions transactions,
            RequestConfig config,
            Clock clock) {
        this.book = book;
        this.store = store;
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
        outbox.add(List.of(ShareReminded.of(request, reminded)));
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
        outbox.add(
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
}
