package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_NOT_FOUND;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.identity.Caller;
import kvit.identity.Scope;
import kvit.money.Money;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What customers see of what they claim; they write and call, and operators write it down. */
@Path("/v1/claims")
@Tag(name = "Claims")
@RolesAllowed(Scope.TRANSFERS_READ)
class OwnClaimResource {

    /**
     * A claim as its customer sees it. Who bears it, and who has looked into it, is not theirs.
     *
     * @param statement what we have written down of what they say
     * @param due what is due by the deadline
     * @param deadline when it is; null once it has ended
     * @param credited what they have until it is decided; null where they have nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OwnClaimView(
            UUID id,
            UUID transferId,
            Money amount,
            ClaimKind kind,
            String statement,
            ClaimState state,
            Instant openedAt,
            ClaimPolicy.Due due,
            @Nullable Instant deadline,
            @Nullable Money credited,
            @Nullable Instant endedAt) {

        static OwnClaimView of(Claim claim, Map<UUID, Money> credits) {
            var isOpen = claim.state().isOpen();
            return new OwnClaimView(
                    claim.id(),
                    claim.transfer(),
                    claim.amount(),
                    claim.kind(),
                    claim.statement(),
                    claim.state(),
                    claim.openedAt(),
                    claim.due(),
                    isOpen ? claim.deadline() : null,
                    isOpen ? credits.get(claim.id()) : null,
                    claim.endedAt());
        }
    }

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final Cursors cursors;
    private final Caller caller;

    OwnClaimResource(ClaimStore claims, ClaimCreditStore credits, Cursors cursors, Caller caller) {
        this.claims = claims;
        this.credits = credits;
        this.cursors = cursors;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listOwnClaims",
            summary = "What you have claimed of your transfers, the newest first")
    public Page<OwnClaimView> list(@BeanParam PageParameters parameters) {
        var customer = caller.customerId();
        var page =
                cursors.page(
                        "own-claims|" + customer,
                        parameters,
                        (before, atMost) -> claims.ofCustomer(customer, before, atMost),
                        Claim::id);
        var out = credits.out(page.items().stream().map(Claim::id).toList());
        return page.map(it -> OwnClaimView.of(it, out));
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getOwnClaim", summary = "One of your claims, as it stands now")
    public OwnClaimView get(UUID id) {
        return claims.find(id)
                .filter(it -> it.customer().equals(caller.customerId()))
                .map(it -> OwnClaimView.of(it, credits.out(List.of(id))))
                .orElseThrow(() -> CLAIM_NOT_FOUND.because("No such claim of yours."));
    }
}
