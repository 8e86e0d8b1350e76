package kvit.identity;

import static kvit.identity.IdentityProblem.CUSTOMER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.UUID;
import kvit.operate.FourEyes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/** Puts on record how well a customer is known: up after documents were seen, or down again. */
@ApplicationScoped
public class VerifyCustomer implements FourEyes<VerifyCustomer.Verification> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    public record Verification(UUID customer, CustomerTier tier) {
        public Verification {
            if (customer == null) {
                throw GeneralProblem.invalid("/customer", "must not be null");
            }
            if (tier == null) {
                throw GeneralProblem.invalid("/tier", "must not be null");
            }
        }
    }

    private final Customers customers;

    VerifyCustomer(Customers customers) {
        this.customers = customers;
    }

    @Override
    public String action() {
        return "customers.verify";
    }

    @Override
    public Class<Verification> payload() {
        return Verification.class;
    }

    @Override
    public String resource(Verification verification) {
        return verification.customer().toString();
    }

    /**
     * The tier that they have. Under lock, because all of the customer is written afterwards: what
     * was read before somebody else's freeze would undo it.
     *
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    @Override
    @Transactional
    public String basis(Verification verification) {
        return lock(verification).tier.name();
    }

    @Override
    @Transactional
    public void carryOut(Verification verification, Agreed agreed) {
        verify(verification);
    }

    private static Problem notFound(UUID id) {
        return CUSTOMER_NOT_FOUND.because("No customer " + id + ".");
    }

    /**
     * From the next transfer on the limits of that tier count; what was moved before counts in
     * them.
     *
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    @Transactional
    public void verify(Verification verification) {
        lock(verification).tier = verification.tier();
    }

    private Customer lock(Verification verification) {
        var customer = customers.findById(verification.customer(), LockModeType.PESSIMISTIC_WRITE);
        if (customer == null) {
            throw notFound(verification.customer());
        }
        return customer;
    }
}
