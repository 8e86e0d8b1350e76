package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import kvit.identity.People;
import kvit.ledger.MoneyTransactions;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.source.Clock;
import kvit.topup.Charges;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Transfers that the rules keep back until somebody has looked at them, for operators. */
@Path("/v1/admin/reviews")
@Tag(name = "Reviews")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class ReviewResource {

    private static final String LIST = "reviews";

    @Schema(name = "ReviewVerdict")
    enum Verdict {
        @JsonProperty("approve")
        APPROVE,
        @JsonProperty("reject")
        REJECT
    }

    record ReviewRequest(@NotNull Verdict decision, @NotBlank @Size(max = 500) String reason) {}

    private final ReviewTransfer reviewTransfer;
    private final Charges charges;
    private final WaitingStore store;
    private final People people;
    private final MoneyTransactions transactions;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Cursors cursors;
    private final Clock clock;

    ReviewResource(
            ReviewTransfer reviewTransfer,
            Charges charges,
            WaitingStore store,
            People people,
            MoneyTransactions transactions,
            AuditTrail audit,
            AtWork atWork,
            Cursors cursors,
            Clock clock) {
        this.reviewTransfer = reviewTransfer;
        this.charges = charges;
        this.store = store;
        this.people = people;
        this.transactions = transactions;
        this.audit = audit;
        this.atWork = atWork;
        this.cursors = cursors;
        this.clock = clock;
    }

    /** Why each is kept back: {@code POST /v1/admin/rules/evaluation} with its id. */
    @GET
    @Operation(operationId = "listReviews", summary = "Transfers to look at, the oldest first")
    public Page<TransferView> list(@BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var after = cursors.decode(LIST, parameters.cursor()).map(UUID::fromString).orElse(null);
        var found =
                store.toReview(clock.instant(), after, limit + 1).stream()
                        .map(StoredTransfer::transfer)
                        .toList();
        var parties = new LinkedHashSet<UUID>();
        for (var transfer : found) {
            parties.add(transfer.payer());
            if (transfer.payee() != null) {
                parties.add(transfer.payee());
            }
        }
        var persons = people.byIds(parties);
        return Page.of(found, limit, last -> cursors.encode(LIST, last.id().toString()))
                .map(it -> TransferView.of(it, persons));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "reviewTransfer", summary = "Let a transfer through, or decline it")
    public ReviewTransfer.Result review(UUID id, @NotNull @Valid ReviewRequest request) {
        try (var call = charges.call()) {
            var reviewed = transactions.once(() -> reviewed(id, request, call));
            return reviewTransfer.charge(reviewed, call);
        }
    }

    private ReviewTransfer.Result reviewed(UUID id, ReviewRequest request, Charges.Call call) {
        audit.record(
                "transfers.review",
                id.toString(),
                request.reason(),
                null,
                Map.of("decision", request.decision()));
        return request.decision() == Verdict.APPROVE
                ? reviewTransfer.approve(id, atWork.email(), request.reason(), call)
                : reviewTransfer.reject(id, atWork.email(), request.reason());
    }
}
