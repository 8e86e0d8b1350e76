package kvit.card;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.transaction.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's processor: another party with a memory of its own, that only happens to live in our
 * database. Its transactions are never ours, so that a rollback of ours undoes nothing there; and
 * what was done there stays, whether or not its answer arrives.
 */
@ApplicationScoped
@Typed(SimulatedProcessor.class)
class SimulatedProcessor implements CardProcessor {

    static final String NAME = "simulated";

    private static final Logger LOG = Logger.getLogger(SimulatedProcessor.class);

    /** A cardholder complains a day later by the sandbox's clock. */
    private static final Duration LATER = Duration.ofDays(1);

    /**
     * A standard payout arrives the day after it was handed over. Less than a whole day, so that it
     * has when the clock is set forward by one, though it had to wait to be handed over.
     */
    private static final Duration NEXT_DAY = Duration.ofHours(20);

    private static final Duration SOON = Duration.ofMinutes(1);

    private record Outcome(
            @Nullable String refusal,
            SimulatedOperation.@Nullable Later later,
            @Nullable Duration after) {

        static final Outcome DONE = new Outcome(null, null, null);

        static Outcome refused(String code) {
            return new Outcome(code, null, null);
        }
    }

    private record Memory(SimulatedOperation operation, boolean isNew) {}

    private final SimulatedStore store;
    private final Clock clock;

    SimulatedProcessor(SimulatedStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Every card is taken; how it behaves later is in the reference. */
    @Override
    public Registration register(UUID card, CardDetails details) {
        var behaviour = SimulatedCard.of(details.number());
        var reference = behaviour.reference(card);
        try {
            var fault = ofItsOwn(() -> store.takeFault(reference, SimulatedFault.OF_ACTS));
            if (fault.isEmpty()) {
                return new Registration.Registered(reference, behaviour.funding());
            }
            return fault.get() == SimulatedFault.DECLINE
                    ? new Registration.Declined("card_declined")
                    : fault.get().unanswered().registration();
        } catch (Unanswered e) {
            return e.registration();
        }
    }

    @Override
    public Result carryOut(Operation operation) {
        var subject = subject(operation);
        try {
            var fault =
                    ofItsOwn(() -> store.takeFault(subject, SimulatedFault.OF_ACTS)).orElse(null);
            if (fault != null && !fault.takesEffect()) {
                return fault.unanswered().result();
            }
            var declines = fault == SimulatedFault.DECLINE;
            var memory = ofItsOwn(() -> remember(operation, subject, declines));
            if (fault != null && !declines) {
                return fault.unanswered().result();
            }
            if (memory.isNew() && timesOut(operation)) {
                return new Result.Unknown(Reason.TIME_OUT);
            }
            return memory.isNew()
                    ? memory.operation().firstResult()
                    : memory.operation().result(clock.instant());
        } catch (Unanswered e) {
            return e.result();
        }
    }

    @Override
    public Result find(Operation operation) {
        try {
            var fault =
                    ofItsOwn(
                            () -> store.takeFault(subject(operation), SimulatedFault.OF_QUESTIONS));
            if (fault.isPresent()) {
                return fault.get().unanswered().result();
            }
            return ofItsOwn(() -> store.find(operation.id()))
                    .map(it -> it.result(clock.instant()))
                    .orElseGet(Result.NotFound::new);
        } catch (Unanswered e) {
            return e.result();
        }
    }

    private static boolean timesOut(Operation operation) {
        return !(operation instanceof Operation.Refund)
                && SimulatedCard.of(subject(operation)) == SimulatedCard.TIMES_OUT;
    }

    private Memory remember(Operation operation, String subject, boolean declines) {
        var now = clock.instant();
        var known = store.find(operation.id());
        var wanted =
                known.isPresent()
                        ? recorded(operation, subject, Outcome.DONE, now)
                        : recorded(operation, subject, outcome(operation, declines), now);
        var isNew = known.isEmpty() && store.insert(wanted);
        var remembered = isNew ? wanted : store.find(operation.id()).orElseThrow();
        if (!remembered.is(wanted)) {
            throw new NonsenseRefused(
                    "another operation has the id "
                            + operation.id()
                            + ": what is sent again has to be the same");
        }
        return new Memory(remembered, isNew);
    }

    private Outcome outcome(Operation operation, boolean declines) {
        if (declines) {
            return Outcome.refused("generic_decline");
        }
        if (operation instanceof Operation.Refund refund) {
            return refund(refund);
        }
        var card = SimulatedCard.of(subject(operation));
        if (operation instanceof Operation.Push push) {
            var after = push.speed() == Speed.INSTANT ? SOON : NEXT_DAY;
            if (card == SimulatedCard.RETURNED) {
                return new Outcome(null, SimulatedOperation.Later.RETURNED, after);
            }
            return new Outcome(null, SimulatedOperation.Later.PAID, after);
        }
        return switch (card) {
            case DECLINED -> Outcome.refused("card_declined");
            case INSUFFICIENT_FUNDS -> Outcome.refused("insufficient_funds");
            case CHARGED_BACK -> new Outcome(null, SimulatedOperation.Later.CHARGED_BACK, LATER);
            case WORKS, PREPAID, CREDIT, TIMES_OUT, RETURNED -> Outcome.DONE;
        };
    }

    private Outcome refund(Operation.Refund refund) {
        var charge = store.lockCharge(refund.charge()).orElse(null);
        if (charge == null || charge.amount().currency() != refund.amount().currency()) {
            throw new NonsenseRefused("no such charge: " + refund.charge());
        }
        var left = charge.amount().minor() - store.refunded(charge.name());
        return refund.amount().minor() > left
                ? Outcome.refused("charge_already_refunded")
                : Outcome.DONE;
    }

    private static String subject(Operation operation) {
        if (operation instanceof Operation.Charge charge) {
            return charge.card();
        }
        if (operation instanceof Operation.Push push) {
            return push.card();
        }
        return ((Operation.Refund) operation).charge();
    }

    private static SimulatedOperation recorded(
            Operation operation, String subject, Outcome outcome, Instant now) {
        var kind =
                operation instanceof Operation.Charge
                        ? SimulatedOperation.Kind.CHARGE
                        : operation instanceof Operation.Push
                                ? SimulatedOperation.Kind.PUSH
                                : SimulatedOperation.Kind.REFUND;
        return new SimulatedOperation(
                operation.id(),
                kind,
                subject,
                operation.amount(),
                operation instanceof Operation.Push push ? push.speed() : null,
                "sim_" + operation.id().toString().replace("-", ""),
                outcome.refusal(),
                now,
                outcome.later(),
                outcome.after() == null ? null : began(operation, now).plus(outcome.after()));
    }

    /**
     * What is paid out is on its way from when it was to be, so that a sandbox's clock that is set
     * forward by days does not begin those days anew.
     */
    private static Instant began(Operation operation, Instant now) {
        return operation instanceof Operation.Push push && push.since().isBefore(now)
                ? push.since()
                : now;
    }

    /**
     * Never within a transaction of the caller's: another party knows nothing of those. A database
     * that fails here is a processor that fails: what it was doing may be done, because the answer
     * to a commit can be lost like any other.
     */
    private static <T> T ofItsOwn(Callable<T> work) {
        if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException("the processor was called within a transaction");
        }
        try {
            return QuarkusTransaction.disallowingExisting().call(work);
        } catch (NonsenseRefused e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("The simulated processor has failed", e);
            throw new Unanswered(Reason.SERVER_ERROR);
        }
    }
}
