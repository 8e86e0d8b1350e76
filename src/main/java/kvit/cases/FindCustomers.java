package kvit.cases;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.identity.CustomerFile;
import kvit.identity.CustomerFiles;
import kvit.operate.AuditTrail;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.transfer.TransferFiles;
import org.jspecify.annotations.Nullable;

/**
 * Finds whom somebody has written or called about. By an exact name only: a list of people to
 * browse through is nobody's to have. Whoever is found has been looked at, so it is recorded, and
 * by what they were found; who was looked for in vain is nobody.
 */
@ApplicationScoped
class FindCustomers {

    static final String ACTION = "customers.search";

    /** What somebody is looked for by; exactly one of these. */
    record Query(
            @Nullable String phone,
            @Nullable String handle,
            @Nullable UUID id,
            @Nullable UUID transfer) {

        private String by() {
            return phone != null
                    ? "phone"
                    : handle != null ? "handle" : id != null ? "id" : "transfer " + transfer;
        }
    }

    private final CustomerFiles customers;
    private final TransferFiles transfers;
    private final AuditTrail audit;

    FindCustomers(CustomerFiles customers, TransferFiles transfers, AuditTrail audit) {
        this.customers = customers;
        this.transfers = transfers;
        this.audit = audit;
    }

    /**
     * Nobody, one, or of a transfer both of its parties.
     *
     * @throws Problem VALIDATION_FAILED unless exactly one is given; PHONE_INVALID
     */
    List<CustomerSummary> find(Query query) {
        var given =
                Stream.of(query.phone(), query.handle(), query.id(), query.transfer())
                        .filter(Objects::nonNull)
                        .count();
        if (given != 1) {
            throw GeneralProblem.invalid("?phone", "or one of ?handle, ?id, ?transfer, and no two");
        }
        var found = matching(query);
        found.forEach(
                it ->
                        audit.recording(
                                ACTION,
                                it.id().toString(),
                                "Looked up by " + query.by() + ".",
                                () -> it));
        return found.stream().map(CustomerSummary::of).toList();
    }

    private List<CustomerFile> matching(Query query) {
        if (query.phone() != null) {
            return customers.byPhone(query.phone()).stream().toList();
        }
        if (query.handle() != null) {
            return customers.byHandle(query.handle()).stream().toList();
        }
        if (query.id() != null) {
            return customers.byId(query.id()).stream().toList();
        }
        return transfers.parties(Objects.requireNonNull(query.transfer())).stream()
                .map(customers::byId)
                .flatMap(Optional::stream)
                .toList();
    }
}
