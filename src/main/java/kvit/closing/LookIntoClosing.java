package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.identity.FormerCustomers;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;

/** Shows what is left of somebody, and records that somebody has looked. */
@ApplicationScoped
class LookIntoClosing {

    static final String ACTION = "closings.read";

    private final ClosingStore store;
    private final CloseAccount closeAccount;
    private final FormerCustomers former;
    private final AuditTrail audit;

    LookIntoClosing(
            ClosingStore store,
            CloseAccount closeAccount,
            FormerCustomers former,
            AuditTrail audit) {
        this.store = store;
        this.closeAccount = closeAccount;
        this.former = former;
        this.audit = audit;
    }

    /**
     * Those who have left and had that number; whoever is found has been looked at.
     *
     * @throws Problem PHONE_INVALID
     */
    List<Closing> find(String phone) {
        return former.byPhone(phone).stream()
                .map(
                        it ->
                                audit.recording(
                                        ACTION,
                                        it.toString(),
                                        "Looked up by phone.",
                                        () -> store.standing(it).orElseThrow()))
                .toList();
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
