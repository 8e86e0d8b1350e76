package kvit.card;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import kvit.source.Clock;

/**
 * The simulated processor's voice: tells by the same table what a real one would tell by its
 * webhook, when the sandbox's clock has come to it.
 */
@ApplicationScoped
class SimulatedNotices {

    private static final int PORTION = 200;

    /** So long it takes what speaks for us; card schemes have one to three weeks. */
    static final Duration EVIDENCE_WITHIN = Duration.ofDays(14);

    private final SimulatedStore store;
    private final Notices notices;
    private final Clock clock;
    private final boolean speaks;

    SimulatedNotices(SimulatedStore store, Notices notices, Clock clock, ProcessorConfig config) {
        this.store = store;
        this.notices = notices;
        this.clock = clock;
        this.speaks = config.processor() == ProcessorConfig.Processor.SIMULATED;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void tell() {
        if (speaks) {
            store.untold(clock.instant(), PORTION).forEach(this::tell);
        }
    }

    /** In this order: told twice is told once, and not told is lost. */
    private void tell(SimulatedOperation operation) {
        notices.take(delivery(operation));
        store.told(operation.id());
    }

    private static Notice.Delivery delivery(SimulatedOperation operation) {
        return new Notice.Delivery(
                SimulatedProcessor.NAME,
                operation.id().toString(),
                Objects.requireNonNull(operation.laterAt()),
                notice(operation));
    }

    private static Notice notice(SimulatedOperation operation) {
        return switch (Objects.requireNonNull(operation.later())) {
            case PAID -> new Notice.PayoutPaid(operation.id(), operation.name());
            case RETURNED ->
                    new Notice.PayoutFailed(
                            operation.id(), operation.name(), SimulatedOperation.RETURNED);
            case CHARGED_BACK ->
                    new Notice.Chargeback(
                            operation.name(),
                            "dispute_of_" + operation.name(),
                            operation.amount(),
                            "fraudulent",
                            Objects.requireNonNull(operation.laterAt()).plus(EVIDENCE_WITHIN));
        };
    }
}
