package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Presence;
import kvit.notice.Told;
import kvit.notice.Witness;
import kvit.outbox.Outbox;

/**
 * Sees who has received money and is signed in nowhere. One event for each of them, whatever they
 * have received at the same time; none on the way of the money itself.
 */
@ApplicationScoped
class WatchArrivals implements Witness {

    private final Presence presence;
    private final Outbox outbox;

    WatchArrivals(Presence presence, Outbox outbox) {
        this.presence = presence;
        this.outbox = outbox;
    }

    @Override
    public void told(List<Told> all) {
        var arrivals = new LinkedHashMap<UUID, List<TransferNotice>>();
        for (var told : all) {
            if (told.data() instanceof TransferNotice notice && notice.isArrival()) {
                arrivals.computeIfAbsent(told.customer(), it -> new ArrayList<>()).add(notice);
            }
        }
        if (!arrivals.isEmpty()) {
            outbox.add(
                    presence.away(arrivals.keySet()).stream()
                            .map(it -> arrived(it, arrivals))
                            .toList());
        }
    }

    private static MoneyArrived arrived(UUID customer, Map<UUID, List<TransferNotice>> arrivals) {
        var own = Objects.requireNonNull(arrivals.get(customer));
        var first = own.get(0);
        return new MoneyArrived(
                first.transferId(),
                customer,
                Objects.requireNonNull(first.counterpartyId(), "money comes from somebody"),
                first.amount(),
                own.size() - 1);
    }
}
