package kvit.request;

import static kvit.request.RequestProblem.REQUEST_NOT_OPEN;
import static kvit.request.RequestProblem.SHARE_NOT_OPEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Cancels what somebody asks others for, and declines what they are asked for. */
@ApplicationScoped
public class EndRequests {

    private static final int PORTION = 100;

    private final RequestStore store;
    private final CancelRequest cancelRequest;
    private final DeclineShare declineShare;

    EndRequests(RequestStore store, CancelRequest cancelRequest, DeclineShare declineShare) {
        this.store = store;
        this.cancelRequest = cancelRequest;
        this.declineShare = declineShare;
    }

    /** Each in a transaction of its own; one that has ended meanwhile stays as it is. */
    public void of(UUID person) {
        each(person, true, it -> cancelRequest.cancel(person, it.id()));
        each(person, false, it -> decline(person, it));
    }

    private void decline(UUID person, Request request) {
        request.in(ShareState.OPEN).stream()
                .filter(it -> it.payer().equals(person))
                .forEach(it -> declineShare.decline(person, request.id(), it.id()));
    }

    private void each(UUID person, boolean asking, Consumer<Request> end) {
        List<Request> portion;
        @Nullable UUID after = null;
        do {
            portion =
                    store.list(
                            new RequestStore.Query(
                                    person, asking, !asking, RequestState.OPEN, after, PORTION));
            for (var request : portion) {
                after = request.id();
                unlessOver(() -> end.accept(request));
            }
        } while (portion.size() == PORTION);
    }

    private static void unlessOver(Runnable end) {
        try {
            end.run();
        } catch (Problem e) {
            if (e.type() != REQUEST_NOT_OPEN && e.type() != SHARE_NOT_OPEN) {
                throw e;
            }
        }
    }
}
