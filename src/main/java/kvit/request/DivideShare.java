package kvit.request;

import static kvit.request.RequestProblem.NOBODY_LEFT;
import static kvit.request.RequestProblem.REQUEST_NOT_OPEN;
import static kvit.request.RequestProblem.SHARE_NOT_DECLINED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.problem.Problem;

/**
 * Divides what somebody has declined among those whose shares are open, in equal parts, and the
 * asker, if they wish. Who is about to pay is left out: what they have confirmed is an amount.
 */
@ApplicationScoped
class DivideShare {

    private final RequestBook book;
    private final RequestStore store;
    private final Outbox outbox;
    private final MoneyTransactions transactions;

    DivideShare(
            RequestBook book, RequestStore store, Outbox outbox, MoneyTransactions transactions) {
        this.book = book;
        this.store = store;
        this.outbox = outbox;
        this.transactions = transactions;
    }

    /**
     * The request as it is now; of a share that was divided before, too.
     *
     * @param includeMe whether the asker bears a part; all of it where nobody else is left
     * @throws Problem REQUEST_NOT_FOUND, SHARE_NOT_FOUND, NOT_THE_ASKER, REQUEST_NOT_OPEN where it
     *     was cancelled, SHARE_NOT_DECLINED, NOBODY_LEFT
     */
    Request divide(UUID asker, UUID id, UUID share, boolean includeMe) {
        book.requireAsker(asker, id, share);
        return transactions.once(() -> inTransaction(id, share, includeMe));
    }

    private Request inTransaction(UUID id, UUID shareId, boolean includeMe) {
        var request = Objects.requireNonNull(store.lock(List.of(id)).get(id));
        var share = request.share(shareId).orElseThrow();
        if (share.state() == ShareState.DIVIDED) {
            return request;
        }
        if (request.state() == RequestState.CANCELLED) {
            throw REQUEST_NOT_OPEN.because("It was cancelled.").with("state", request.state());
        }
        if (share.state() != ShareState.DECLINED) {
            throw SHARE_NOT_DECLINED
                    .because("Only what was declined is divided among others.")
                    .with("shareId", share.id())
                    .with("state", share.state());
        }
        var changed = new ArrayList<Share>();
        changed.add(share.divided());
        changed.addAll(raised(request, share, includeMe));
        store.update(changed);
        var after = request.with(changed);
        outbox.add(
                after.in(ShareState.OPEN).stream()
                        .filter(changed::contains)
                        .map(it -> ShareRaised.of(after, it))
                        .toList());
        return after;
    }

    /** Of less than a unit for each, the first ones bear all. */
    private static List<Share> raised(Request request, Share declined, boolean includeMe) {
        var bearing = new ArrayList<>(request.in(ShareState.OPEN));
        if (includeMe) {
            bearing.add(request.own());
        }
        if (bearing.isEmpty()) {
            throw NOBODY_LEFT.because("No share is open; say includeMe to bear it yourself.");
        }
        var parts = SplitUp.equally(declined.amount().minor(), bearing.size());
        var raised = new ArrayList<Share>();
        for (var i = 0; i < parts.size(); i++) {
            if (parts.get(i) > 0) {
                var more = new Money(parts.get(i), declined.amount().currency());
                raised.add(bearing.get(i).raisedBy(more));
            }
        }
        return raised;
    }
}
