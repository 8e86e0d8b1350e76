package kvit.reconcile;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import kvit.operate.Role;
import kvit.paging.ListParameters;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The report that says whether what customers are owed is at the bank. */
@Path("/v1/admin/safeguarding")
@Tag(name = "Reconciliation")
@RolesAllowed({Role.FINANCE, Role.APPROVER})
class SafeguardingResource {

    private final Safeguarding safeguarding;

    SafeguardingResource(Safeguarding safeguarding) {
        this.safeguarding = safeguarding;
    }

    @GET
    @Operation(
            operationId = "getSafeguarding",
            summary = "Whether the money of customers is there, and if not why")
    public SafeguardingView safeguarding(
            @QueryParam("currency") @Nullable String currency,
            @QueryParam("asOf") @Schema(format = "date-time") @Nullable String asOf) {
        return safeguarding.of(
                RunResource.currency("?currency", currency),
                asOf == null ? null : ListParameters.time("?asOf", asOf));
    }
}
