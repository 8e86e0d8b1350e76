package kvit.request;

import static kvit.request.RequestProblem.SHARE_NOT_OPEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Says for good that somebody does not pay what they are asked for. */
@ApplicationScoped
class DeclineShare {

    private final RequestBook book;
    private final RequestStore store;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final Clock clock;

    DeclineShare(
            RequestBook book,
            RequestStore store,
            Outbox outbox,
            MoneyTransactions transactions,
            Clock clock) {
        this.book = book;
        this.store = store;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * The request as it is now; of a share that was declined before, too.
     *
     * @throws Problem REQUEST_NOT_FOUND, SHARE_NOT_FOUND, NOT_THE_ASKED, SHARE_NOT_OPEN
     */
    Request decline(UUID payer, UUID id, UUID share) {
        book.requireAsked(payer, id, share);
        return transactions.once(() -> inTransaction(id, share));
    }

    private Request inTransaction(UUID id, UUID shareId) {
        var request = Objects.requireNonNull(store.lock(List.of(id)).get(id));
        var share = request.share(shareId).orElseThrow();
        if (share.state() == ShareState.DECLINED || share.state() == ShareState.DIVIDED) {
            return request;
        }
        if (share.state() != ShareState.OPEN) {
            throw notOpen(share);
        }
        var now = clock.instant();
        var declined = share.declined(now);
        store.update(List.of(declined));
        var after = request.with(List.of(declined)).settledIfOver(now);
        if (after.state() != request.state()) {
            store.end(List.of(after));
        }
        outbox.add(List.of(ShareDeclined.of(request, declined)));
        return after;
    }

    static Problem notOpen(Share share) {
        return SHARE_NOT_OPEN
                .because(
                        switch (share.state()) {
                            case PAYING -> "It is being paid; take that transfer back first.";
                            case PAID -> "It is paid.";
                            case CANCELLED -> "The request was cancelled.";
                            default -> "It was declined.";
                        })
                .with("shareId", share.id())
                .with("state", share.state());
    }
}
