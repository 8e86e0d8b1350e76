package kvit.closing;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/closings")
@Tag(name = "Customers")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class ClosingAdminResource {

    private final ClosingStore store;
    private final LookIntoClosing lookIntoClosing;
    private final Cursors cursors;

    ClosingAdminResource(ClosingStore store, LookIntoClosing lookIntoClosing, Cursors cursors) {
        this.store = store;
        this.lookIntoClosing = lookIntoClosing;
        this.cursors = cursors;
    }

    /**
     * Of one state; of those to whom we owe money unless another one is named. Or those who had
     * that phone, which are few, so that there is never a next page.
     */
    @GET
    @Operation(
            operationId = "listClosings",
            summary =
                    "Accounts that are closing or closed, or to which we owe money, the newest"
                            + " first")
    public Page<ClosingLine> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("phone") @Nullable String phone,
            @BeanParam PageParameters parameters) {
        if (phone != null) {
            return new Page<>(lookIntoClosing.find(phone), null).map(ClosingLine::of);
        }
        var wanted = state == null ? ClosingState.OWED : state(state);
        return cursors.page(
                        "closings|" + wanted,
                        parameters,
                        (before, atMost) -> store.list(wanted, before, atMost),
                        Closing::id)
                .map(ClosingLine::of);
    }

    @GET
    @Path("{customer}")
    @Operation(
            operationId = "getClosingOf",
            summary =
                    "What is left of somebody who leaves or has left, and who they were; recorded")
    public ClosingDetail get(UUID customer) {
        return lookIntoClosing.look(customer);
    }

    private static ClosingState state(String text) {
        return Arrays.stream(ClosingState.values())
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        "?state", "must be closing, closed, owed or withdrawn"));
    }
}
