package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.identity.FormerCustomers;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;

/** Shows what is left of somebody, and records that somebody has looked. */
@ApplicationScoped
class LookIntoClosing {

    static final String ACTION = "closings.read";

    private final CloseAccount closeAccount;
    private final FormerCustomers former;
    private final AuditTrail audit;

    LookIntoClosing(CloseAccount closeAccount, FormerCustomers former, AuditTrail audit) {
        this.closeAccount = closeAccount;
        this.former = former;
        this.audit = audit;
    }

    /**
     * @throws Problem CLOSING_NOT_FOUND
     */
    ClosingDetail look(UUID customer) {
        return audit.recording(
                ACTION,
                customer.toString(),
                "Looked into.",
                () ->
                        new ClosingDetail(
                                customer,
                                closeAccount.view(customer),
                                former.find(customer).map(ClosingDetail.Was::of).orElse(null)));
    }
}
