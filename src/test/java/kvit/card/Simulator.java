package kvit.card;

import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.UUID;

/** The sandbox's processor as tests of other capabilities use it, without the guard before it. */
@Singleton
@Typed(Simulator.class)
public class Simulator implements CardProcessor {

    public static final String NAME = SimulatedProcessor.NAME;

    private final SimulatedProcessor processor;
    private final SimulatedStore store;

    Simulator(SimulatedProcessor processor, SimulatedStore store) {
        this.processor = processor;
        this.store = store;
    }

    /** Goes wrong once, at the next call about this card or charge. */
    public void addFault(SimulatedFault fault, String subject) {
        store.addFault(fault, subject);
    }

    @Override
    public Registration register(UUID card, CardDetails details) {
        return processor.register(card, details);
    }

    @Override
    public Result carryOut(Operation operation) {
        return processor.carryOut(operation);
    }

    @Override
    public Result find(Operation operation) {
        return processor.find(operation);
    }
}
