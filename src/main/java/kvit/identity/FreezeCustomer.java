package kvit.identity;

import static kvit.identity.IdentityProblem.CUSTOMER_BLOCKED;
import static kvit.identity.IdentityProblem.CUSTOMER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.UUID;
import kvit.operate.AuditTrail;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Stops somebody's money, by one operator alone: whoever waits for a second one while an account is
 * being emptied is too late. It is {@link UnfreezeCustomer} that takes two.
 */
@ApplicationScoped
class FreezeCustomer {

    static final String ACTION = "customers.freeze";

    /**
     * What was done.
     *
     * @param sessionsEnded on how many devices they were signed in
     */
    record Frozen(UUID id, CustomerFile.State state, int sessionsEnded) {}

    private final Customers customers;
    private final Sessions sessions;
    private final Admissions admissions;
    private final AuditTrail audit;
    private final Outbox outbox;
    private final Clock clock;

    FreezeCustomer(
            Customers customers,
            Sessions sessions,
            Admissions admissions,
            AuditTrail audit,
            Outbox outbox,
            Clock clock) {
        this.customers = customers;
        this.sessions = sessions;
        this.admissions = admissions;
        this.audit = audit;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * From here on no money of theirs moves, and all their devices are signed out: here at once,
     * elsewhere within a second. Of one who is frozen already the devices are signed out once more,
     * because whoever is frozen may sign in.
     *
     * @throws Problem CUSTOMER_NOT_FOUND, CUSTOMER_BLOCKED
     */
    Frozen freeze(UUID id, String reason) {
        var ended = audit.recording(ACTION, id.toString(), reason, () -> frozen(id));
        ended.forEach(admissions::end);
        return new Frozen(id, CustomerFile.State.FROZEN, ended.size());
    }

    private List<UUID> frozen(UUID id) {
        var customer = customers.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (customer == null) {
            throw notFound(id);
        }
        if (!customer.maySignIn()) {
            throw CUSTOMER_BLOCKED.because("They do not even sign in.");
        }
        var now = clock.instant();
        if (customer.state != Customer.State.FROZEN) {
            outbox.add(List.of(new CustomerFrozen(id, now)));
        }
        customer.state = Customer.State.FROZEN;
        customer.frozenAt = now;
        var living = sessions.living(id);
        living.forEach(it -> it.revoke(now));
        return living.stream().map(it -> it.id).toList();
    }

    static Problem notFound(UUID id) {
        return CUSTOMER_NOT_FOUND.because("No customer " + id + ".");
    }
}
