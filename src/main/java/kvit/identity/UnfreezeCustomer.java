package kvit.identity;

import static kvit.identity.IdentityProblem.CUSTOMER_NOT_FROZEN;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import kvit.operate.FourEyes;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Lets somebody's money move again, which takes two: it is what a talker wants of one. */
@ApplicationScoped
class UnfreezeCustomer implements FourEyes<UnfreezeCustomer.Unfreezing> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    record Unfreezing(UUID customer) {
        Unfreezing {
            if (customer == null) {
                throw GeneralProblem.invalid("/customer", "must not be null");
            }
        }
    }

    private final Customers customers;
    private final Outbox outbox;
    private final Clock clock;

    UnfreezeCustomer(Customers customers, Outbox outbox, Clock clock) {
        this.customers = customers;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * So that nobody is asked to approve what cannot be.
     *
     * @throws Problem CUSTOMER_NOT_FOUND, CUSTOMER_NOT_FROZEN
     */
    @Transactional
    Unfreezing checked(UUID id) {
        var customer =
                customers.findByIdOptional(id).orElseThrow(() -> FreezeCustomer.notFound(id));
        requireFrozen(customer);
        return new Unfreezing(id);
    }

    private static void requireFrozen(Customer customer) {
        if (customer.state != Customer.State.FROZEN) {
            throw CUSTOMER_NOT_FROZEN.because("There is nothing to undo.");
        }
    }

    @Override
    public String action() {
        return "customers.unfreeze";
    }

    @Override
    public Class<Unfreezing> payload() {
        return Unfreezing.class;
    }

    @Override
    public String resource(Unfreezing unfreezing) {
        return unfreezing.customer().toString();
    }

    /**
     * The state, and since when: who was frozen once more since it was asked for was so for a
     * reason that its maker did not know. Under lock, so that what was compared is what is carried
     * out.
     *
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    @Override
    @Transactional
    public String basis(Unfreezing unfreezing) {
        var customer = lock(unfreezing);
        return customer.state.name() + "/" + customer.frozenAt;
    }

    @Override
    @Transactional
    public void carryOut(Unfreezing unfreezing, Agreed agreed) {
        var customer = lock(unfreezing);
        requireFrozen(customer);
        customer.state = Customer.State.ACTIVE;
        outbox.add(List.of(new CustomerUnfrozen(customer.id, clock.instant())));
    }

    private Customer lock(Unfreezing unfreezing) {
        var customer = customers.findById(unfreezing.customer(), LockModeType.PESSIMISTIC_WRITE);
        if (customer == null) {
            throw FreezeCustomer.notFound(unfreezing.customer());
        }
        return customer;
    }
}
