package kvit.card;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.Serial;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every processor: refuses calls within a transaction, makes so many at once and no
 * more, stops asking for a while when too many went wrong, and counts what comes of them. A call
 * that was not made because of it is {@code NotSent}, which is not the same as not knowing.
 */
class GuardedProcessor implements CardProcessor {

    private static final Logger LOG = Logger.getLogger(GuardedProcessor.class);

    private static final Set<Class<? extends Throwable>> TROUBLE = Set.of(Troubled.class);

    private static final String METRIC = "kvit.processor.calls";

    /** An answer on its way through the breaker, which counts exceptions. */
    private static final class Troubled extends RuntimeException {

        @Serial private static final long serialVersionUID = 1;

        private final transient Object answer;

        Troubled(Object answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    private final CardProcessor behind;
    private final MeterRegistry metrics;
    private final TransactionSynchronizationRegistry transaction;
    private final Semaphore turns;
    private final Guard guard;

    GuardedProcessor(
            CardProcessor behind,
            ProcessorConfig config,
            MeterRegistry metrics,
            TransactionSynchronizationRegistry transaction) {
        this.behind = behind;
        this.metrics = metrics;
        this.transaction = transaction;
        // Before the breaker and not in it: what we did not send says nothing about the processor.
        this.turns = new Semaphore(config.callsAtOnce());
        var breaker = config.breaker();
        this.guard =
                Guard.create()
                        .withCircuitBreaker()
                        .requestVolumeThreshold(breaker.calls())
                        .failureRatio(breaker.failurePercent() / 100.0)
                        .delay(breaker.openFor().toMillis(), ChronoUnit.MILLIS)
                        .failOn(TROUBLE)
                        .onStateChange(this::changed)
                        .done()
                        .build();
    }

    @Override
    public Registration register(UUID card, CardDetails details) {
        return guarded(
                "register",
                Registration.class,
                () -> behind.register(card, details),
                GuardedProcessor::reason,
                Registration.NotSent::new);
    }

    @Override
    public Optional<Turn> turn() {
        if (!turns.tryAcquire()) {
            return Optional.empty();
        }
        var isOver = new AtomicBoolean();
        return Optional.of(
                () -> {
                    if (!isOver.getAndSet(true)) {
                        turns.release();
                    }
                });
    }

    @Override
    public Result carryOut(Operation operation) {
        return guarded(
                name(operation),
                Result.class,
                () -> behind.carryOut(operation),
                GuardedProcessor::reason,
                Result.NotSent::new);
    }

    @Override
    public Result carryOut(Operation operation, Turn turn) {
        return counted(
                name(operation),
                () ->
                        throughBreaker(
                                Result.class,
                                () -> behind.carryOut(operation),
                                GuardedProcessor::reason,
                                Result.NotSent::new));
    }

    @Override
    public Result find(Operation operation) {
        return guarded(
                "find",
                Result.class,
                () -> behind.find(operation),
                GuardedProcessor::reason,
                Result.NotSent::new);
    }

    private <T> T guarded(
            String call,
            Class<T> type,
            Supplier<T> action,
            Function<T, @Nullable Reason> reason,
            Function<Reason, T> notSent) {
        try (var turn = turn().orElse(null)) {
            return counted(
                    call,
                    () ->
                            turn == null
                                    ? notSent.apply(Reason.TOO_MANY_AT_ONCE)
                                    : throughBreaker(type, action, reason, notSent));
        }
    }

    private <T> T counted(String call, Supplier<T> action) {
        if (transaction.getTransactionStatus() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException("the processor was called within a transaction");
        }
        var time = Timer.start(metrics);
        var outcome = "refused";
        try {
            var answer = action.get();
            outcome = answer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            return answer;
        } finally {
            time.stop(metrics.timer(METRIC, "call", call, "outcome", outcome));
        }
    }

    private <T> T throughBreaker(
            Class<T> type,
            Supplier<T> action,
            Function<T, @Nullable Reason> reason,
            Function<Reason, T> notSent) {
        try {
            return guard.get(
                    () -> {
                        var answer = action.get();
                        var why = reason.apply(answer);
                        if (why != null && why.isTrouble()) {
                            throw new Troubled(answer);
                        }
                        return answer;
                    },
                    type);
        } catch (Troubled e) {
            return type.cast(e.answer);
        } catch (CircuitBreakerOpenException e) {
            return notSent.apply(Reason.BREAKER_OPEN);
        }
    }

    private void changed(CircuitBreakerState state) {
        metrics.counter("kvit.processor.breaker", "state", state.name().toLowerCase(Locale.ROOT))
                .increment();
        LOG.warnf("The breaker before the card processor is %s", state);
    }

    private static String name(Operation operation) {
        return operation.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Reason reason(Registration answer) {
        if (answer instanceof Registration.Unknown it) {
            return it.reason();
        }
        return answer instanceof Registration.NotSent it ? it.reason() : null;
    }

    private static @Nullable Reason reason(Result answer) {
        if (answer instanceof Result.Unknown it) {
            return it.reason();
        }
        return answer instanceof Result.NotSent it ? it.reason() : null;
    }
}
