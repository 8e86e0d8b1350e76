package kvit.request;

import static kvit.request.RequestProblem.SHARE_AMOUNT_DIFFERS;
import static kvit.request.RequestProblem.SHARE_NOT_OPEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.outbox.Event;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.transfer.AskedShares;
import kvit.transfer.ShareRef;
import org.jspecify.annotations.Nullable;

/**
 * Has each share paid once. In the transaction that moves the money, or holds it, and under the
 * lock of the request, under which everything else that becomes of a share is done as well.
 */
@ApplicationScoped
class ClaimShares implements AskedShares {

    private final RequestStore store;
    private final Outbox outbox;
    private final Clock clock;

    ClaimShares(RequestStore store, Outbox outbox, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public List<@Nullable Problem> refusals(List<Wish> wishes) {
        var requests = store.lock(requests(wishes.stream().map(Wish::share).toList()));
        var wanted = new HashSet<UUID>();
        var refusals = new ArrayList<@Nullable Problem>();
        for (var wish : wishes) {
            var refusal = refusal(wish, requests.get(wish.share().id()));
            // Of two in one list the second cannot know yet whether the first one is allowed.
            if (refusal == null && !wanted.add(wish.share().shareId())) {
                refusal =
                        SHARE_NOT_OPEN
                                .because("Another payment of it is being decided; look at it.")
                                .with("shareId", wish.share().shareId())
                                .with("state", ShareState.PAYING);
            }
            refusals.add(refusal);
        }
        return refusals;
    }

    private static @Nullable Problem refusal(Wish wish, @Nullable Request request) {
        var share = request == null ? null : request.share(wish.share().shareId()).orElse(null);
        if (share == null || !share.payer().equals(wish.payer())) {
            throw new IllegalStateException("not theirs to pay: " + wish);
        }
        if (share.state() != ShareState.OPEN) {
            return DeclineShare.notOpen(share);
        }
        return share.amount().equals(wish.amount())
                ? null
                : SHARE_AMOUNT_DIFFERS
                        .because("It is " + share.amount() + ".")
                        .with("shareId", share.id())
                        .with("amount", share.amount());
    }

    @Override
    public void lock(Collection<ShareRef> shares) {
        store.lock(requests(shares));
    }

    private static Collection<UUID> requests(Collection<ShareRef> shares) {
        return shares.stream().map(ShareRef::id).collect(Collectors.toSet());
    }

    @Override
    public void become(List<Change> changes) {
        var requests = store.lock(requests(changes.stream().map(Change::share).toList()));
        var now = clock.instant();
        var changed = new ArrayList<Share>();
        var ended = new ArrayList<Request>();
        var events = new ArrayList<Event>();
        for (var request : requests.values()) {
            var own = changes.stream().filter(it -> it.share().id().equals(request.id())).toList();
            var shares = changed(request, own, now);
            var after = request.with(shares).settledIfOver(now);
            if (after.state() != request.state()) {
                ended.add(after);
            }
            shares.stream().map(it -> event(request, it)).forEach(events::addAll);
            changed.addAll(shares);
        }
        if (!changed.isEmpty()) {
            store.update(changed);
            store.end(ended);
            outbox.add(events);
        }
    }

    private static List<Share> changed(Request request, List<Change> changes, Instant now) {
        var changed = new ArrayList<Share>();
        for (var change : changes) {
            var share = request.share(change.share().shareId()).orElseThrow();
            var after = after(change, request, share, now);
            if (after != null) {
                changed.add(after);
            }
        }
        return changed;
    }

    private static List<ShareEvent> event(Request request, Share share) {
        return switch (share.state()) {
            case PAID -> List.of(SharePaid.of(request, share));
            case CANCELLED -> List.of(ShareCancelled.of(request, share));
            default -> List.of();
        };
    }

    /** Null where that transfer is not the one that pays it: it was refused from the start. */
    private static @Nullable Share after(Change change, Request request, Share share, Instant now) {
        var isOwn = change.transfer().equals(share.transfer());
        return switch (change.standing()) {
            case UNDER_WAY -> share.paying(change.transfer());
            case PAID -> share.paid(change.transfer(), now);
            case CAME_TO_NOTHING -> {
                if (!isOwn) {
                    yield null;
                }
                yield request.state() == RequestState.CANCELLED
                        ? share.cancelled(now)
                        : share.opened();
            }
        };
    }
}
