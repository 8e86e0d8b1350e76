package kvit.card;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What the simulator remembers of an operation.
 *
 * @param subject the card's reference; of a refund, the name of the charge
 * @param name the simulator's own name for it
 * @param refusal why it was declined; null where it was done
 * @param later what comes of it afterwards; null where nothing does
 * @param laterAt when that comes; null where nothing does
 */
record SimulatedOperation(
        UUID id,
        Kind kind,
        String subject,
        Money amount,
        @Nullable Speed speed,
        String name,
        @Nullable String refusal,
        Instant at,
        @Nullable Later later,
        @Nullable Instant laterAt) {

    enum Kind {
        CHARGE,
        PUSH,
        REFUND
    }

    enum Later {
        PAID,
        RETURNED,
        CHARGED_BACK
    }

    /** Whether this is what was asked for under the id: the same in everything that counts. */
    boolean is(SimulatedOperation other) {
        return kind == other.kind
                && subject.equals(other.subject)
                && amount.equals(other.amount)
                && speed == other.speed;
    }

    /** What is said when it is asked for: what comes of it later nobody knows yet. */
    Result firstResult() {
        return result(Instant.MIN);
    }

    /** How it stands at a time. */
    Result result(Instant now) {
        if (refusal != null) {
            return new Result.Declined(refusal);
        }
        if (kind != Kind.PUSH || later == null) {
            return new Result.Done(name);
        }
        if (now.isBefore(Objects.requireNonNull(laterAt))) {
            return new Result.Pending(name);
        }
        return later == Later.PAID
                ? new Result.Done(name)
                : new Result.Declined(RETURNED, new Result.Trip(name, null));
    }

    static final String RETURNED = "returned";
}
