package kvit.cases;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.identity.CustomerFiles;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.ListParameters;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.rules.LimitFiles;
import kvit.rules.LimitOverride;
import kvit.rules.Operation;
import kvit.rules.OverrideLimit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/customers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Customers")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class CustomerResource {

    /**
     * @param max minor units within the limit's window; null is what the rule says
     * @param count movements within it; null is what the rule says
     */
    record OverrideRequest(
            @NotBlank @Size(max = 100) String rule,
            @NotNull Operation operation,
            @NotNull Currency currency,
            @Nullable @Min(0) @Max(Money.MINOR_MAX) Long max,
            @Nullable @Min(0) @Max(Money.MINOR_MAX) Long count,
            @NotNull @Size(max = 40) @Schema(format = "date-time") String until,
            @NotBlank @Size(max = 500) String reason) {

        OverrideLimit.Wish of(UUID customer) {
            return new OverrideLimit.Wish(
                    customer,
                    rule,
                    operation,
                    currency,
                    max,
                    count,
                    ListParameters.time("/until", until));
        }
    }

    private final FindCustomers findCustomers;
    private final LookIntoCustomer lookIntoCustomer;
    private final CustomerFiles customers;
    private final LimitFiles limits;
    private final OverrideLimit overrideLimit;
    private final Propose propose;
    private final Cursors cursors;

    CustomerResource(
            FindCustomers findCustomers,
            LookIntoCustomer lookIntoCustomer,
            CustomerFiles customers,
            LimitFiles limits,
            OverrideLimit overrideLimit,
            Propose propose,
            Cursors cursors) {
        this.findCustomers = findCustomers;
        this.lookIntoCustomer = lookIntoCustomer;
        this.customers = customers;
        this.limits = limits;
        this.overrideLimit = overrideLimit;
        this.propose = propose;
        this.cursors = cursors;
    }

    /** Two at the most, so there is never a next page. */
    @GET
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "findCustomers",
            summary = "Whoever has this phone, handle or id, or the parties of a transfer")
    public Page<CustomerSummary> find(
            @QueryParam("phone") @Nullable String phone,
            @QueryParam("handle") @Nullable String handle,
            @QueryParam("id") @Nullable String id,
            @QueryParam("transfer") @Nullable String transfer) {
        return new Page<>(
                findCustomers.find(
                        new FindCustomers.Query(
                                phone, handle, uuid("?id", id), uuid("?transfer", transfer))),
                null);
    }

    @GET
    @Path("{id}")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "getCustomer",
            summary = "All of a customer in one place; that it was looked at is recorded")
    public CustomerDetail get(UUID id) {
        return lookIntoCustomer.look(id);
    }

    @GET
    @Path("{id}/limit-overrides")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "listLimitOverrides",
            summary = "All other bounds that a customer ever had, the newest first")
    public Page<LimitOverride> overrides(UUID id, @BeanParam PageParameters parameters) {
        customers.require(id);
        var limit = parameters.limit();
        var list = "limit-overrides|" + id;
        var before = cursors.decode(list, parameters.cursor()).map(UUID::fromString).orElse(null);
        return Page.of(
                limits.overrides(id, before, limit + 1),
                limit,
                last -> cursors.encode(list, last.id().toString()));
    }

    /** 202: nothing has changed yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/limit-overrides")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "proposeLimitOverride",
            summary = "Ask for another bound of a limit, for one customer and for a time")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView override(UUID id, @NotNull @Valid OverrideRequest request) {
        var wish = request.of(id);
        customers.require(id);
        return propose.propose(overrideLimit, overrideLimit.checked(wish), request.reason());
    }

    private static @Nullable UUID uuid(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw GeneralProblem.invalid(name, "must be an id");
        }
    }
}
