package kvit.identity;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.hibernate.Session;

/**
 * Takes customers out, step by step, for whoever knows that nothing is left of theirs. In the
 * transaction of that knowledge.
 */
@ApplicationScoped
@Transactional(MANDATORY)
public class LeavingCustomers {

    private final Customers customers;
    private final FormerCustomers former;
    private final Sessions sessions;
    private final Admissions admissions;
    private final Session session;
    private final Clock clock;

    LeavingCustomers(
            Customers customers,
            FormerCustomers former,
            Sessions sessions,
            Admissions admissions,
            Session session,
            Clock clock) {
        this.customers = customers;
        this.former = former;
        this.sessions = sessions;
        this.admissions = admissions;
        this.session = session;
        this.clock = clock;
    }

    /**
     * What they may do, under lock.
     *
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    public CustomerFile.State lock(UUID id) {
        return CustomerFile.State.valueOf(locked(id).state.name());
    }

    /** From here on nobody finds them, and money of theirs moves to cards only. */
    public void begin(UUID id) {
        become(id, Customer.State.ACTIVE, Customer.State.CLOSING);
    }

    /** As if nothing had been. */
    public void stay(UUID id) {
        become(id, Customer.State.CLOSING, Customer.State.ACTIVE);
    }

    /**
     * Erases what nobody has to keep, moves away what has to be kept, and lets go of the phone and,
     * for later, of the handle.
     *
     * @param handleRestsUntil when somebody else may have the handle
     * @return the sessions that have ended, for {@link #signedOut}
     */
    public List<UUID> close(UUID id, Instant handleRestsUntil) {
        var now = clock.instant();
        var customer = become(id, Customer.State.CLOSING, Customer.State.CLOSED);
        var phone = Objects.requireNonNull(customer.phone, "of one who is not closed");
        var living = sessions.living(id).stream().map(it -> it.id).toList();
        former.keep(customer, phone, now);
        if (customer.handle != null) {
            former.rest(customer.handle, handleRestsUntil);
        }
        customer.phone = null;
        customer.displayName = null;
        customer.handle = null;
        customer.birthDate = null;
        customer.visibility = Visibility.PRIVATE;
        customers.flush();
        eraseSessions(id, now);
        erase("delete from pin where customer = :it", id);
        erase("delete from confirmation where customer = :it", id);
        erase("delete from block where blocker = :it", id);
        // Whoever is signing in has its row, waits for the customer's, and is waited for by nobody.
        erase(
                """
                delete from sign_in
                 where id in (select id from sign_in where phone = :it for update skip locked)
                """,
                phone);
        erase(
                """
                delete from phone_guard
                 where phone in (select phone from phone_guard where phone = :it for update skip locked)
                """,
                phone);
        return living;
    }

    /** The rows stay, because what was done through them names them. */
    private void eraseSessions(UUID id, Instant now) {
        session.createNativeMutationQuery(
                        """
                        update session set device = null, revoked_at = coalesce(revoked_at, :now)
                         where customer = :it
                        """)
                .setParameter("now", now)
                .setParameter("it", id)
                .executeUpdate();
        erase(
                """
                delete from refresh_token where session in (select id from session where customer = :it)
                """,
                id);
    }

    private void erase(String statement, Object of) {
        session.createNativeMutationQuery(statement).setParameter("it", of).executeUpdate();
    }

    /** Here at once, elsewhere within a second; after the commit. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void signedOut(List<UUID> ended) {
        ended.forEach(admissions::end);
    }

    private Customer become(UUID id, Customer.State from, Customer.State to) {
        var customer = locked(id);
        if (customer.state != from) {
            throw new IllegalStateException(id + " is " + customer.state + " and not " + from);
        }
        customer.state = to;
        return customer;
    }

    private Customer locked(UUID id) {
        var customer = customers.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (customer == null) {
            throw FreezeCustomer.notFound(id);
        }
        return customer;
    }
}
