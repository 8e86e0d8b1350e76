package kvit.request;

import static kvit.request.RequestProblem.REQUEST_NOT_OPEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Stops what is unpaid of a request. What was paid stays paid; a share that is being paid at the
 * moment is paid if its transfer completes, and cancelled if that comes to nothing.
 */
@ApplicationScoped
class CancelRequest {

    private final RequestBook book;
    private final RequestStore store;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final Clock clock;

    CancelRequest(
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
     * The request as it is now; of one that was cancelled before, too.
     *
     * @throws Problem REQUEST_NOT_FOUND, NOT_THE_ASKER, REQUEST_NOT_OPEN
     */
    Request cancel(UUID asker, UUID id) {
        book.requireAsker(asker, id);
        return transactions.once(() -> inTransaction(id));
    }

    private Request inTransaction(UUID id) {
        var request = Objects.requireNonNull(store.lock(List.of(id)).get(id));
        if (request.state() == RequestState.CANCELLED) {
            return request;
        }
        if (request.state() != RequestState.OPEN) {
            throw REQUEST_NOT_OPEN
                    .because("Everybody has paid or declined.")
                    .with("state", request.state());
        }
        var now = clock.instant();
        var stopped = request.in(ShareState.OPEN).stream().map(it -> it.cancelled(now)).toList();
        var cancelled = request.with(stopped).cancelled(now);
        if (!stopped.isEmpty()) {
            store.update(stopped);
        }
        store.end(List.of(cancelled));
        outbox.add(stopped.stream().map(it -> ShareCancelled.of(request, it)).toList());
        return cancelled;
    }
}
