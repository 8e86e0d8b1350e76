package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The other side of the simulated processor: what it has done, and what shall go wrong there. */
@ApplicationScoped
public class Simulation {

    /**
     * What the processor's own books say.
     *
     * @param id ours
     * @param kind charge, push or refund
     * @param refusal why it was declined; null where it was done
     */
    public record BookedOperation(
            UUID id,
            String kind,
            String name,
            Money amount,
            @Nullable String refusal,
            Instant at) {}

    private final SimulatedStore store;

    Simulation(SimulatedStore store) {
        this.store = store;
    }

    /** The next calls go wrong, one fault each, in this order; kept until they come. */
    public void arrange(List<SimulatedFault> faults) {
        faults.forEach(it -> store.addFault(it, null));
    }

    /** What was arranged and did not strike yet is forgotten. */
    public void clear() {
        store.clearFaults();
    }

    /** All that was asked for since then, oldest first, 10,000 at the most. */
    public List<BookedOperation> operations(Instant since) {
        return store.since(since).stream()
                .map(
                        it ->
                                new BookedOperation(
                                        it.id(),
                                        it.kind().name().toLowerCase(Locale.ROOT),
                                        it.name(),
                                        it.amount(),
                                        it.refusal(),
                                        it.at()))
                .toList();
    }
}
