package kvit.claim;

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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What customers claim of their transfers, for operators. */
@Path("/v1/admin/claims")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Claims")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class ClaimResource {

    /**
     * @param statement what the customer says
     */
    record ClaimRequest(
            @NotNull UUID transferId,
            @NotNull ClaimKind kind,
            @NotBlank @Size(max = 2_000) String statement,
            @NotBlank @Size(max = 500) String reason) {}

    record ClaimAcceptanceRequest(@NotNull Way way, @NotBlank @Size(max = 500) String reason) {}

    private final OpenClaim openClaim;
    private final WorkOnClaim workOnClaim;
    private final CreditClaim creditClaim;
    private final ReturnClaimCredit returnCredit;
    private final AcceptClaim acceptClaim;
    private final LookIntoClaim lookIntoClaim;
    private final Propose propose;
    private final Cursors cursors;

    ClaimResource(
            OpenClaim openClaim,
            WorkOnClaim workOnClaim,
            CreditClaim creditClaim,
            ReturnClaimCredit returnCredit,
            AcceptClaim acceptClaim,
            LookIntoClaim lookIntoClaim,
            Propose propose,
            Cursors cursors) {
        this.openClaim = openClaim;
        this.workOnClaim = workOnClaim;
        this.creditClaim = creditClaim;
        this.returnCredit = returnCredit;
        this.acceptClaim = acceptClaim;
        this.lookIntoClaim = lookIntoClaim;
        this.propose = propose;
        this.cursors = cursors;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(201)
    @Operation(
            operationId = "openClaim",
            summary = "Write down what a customer says of a transfer that they have sent")
    public ClaimView.ClaimDetail open(@NotNull @Valid ClaimRequest request) {
        return lookIntoClaim.detail(
                openClaim.open(
                        request.transferId(),
                        request.kind(),
                        request.statement(),
                        request.reason()));
    }

    @GET
    @Operation(
            operationId = "listClaims",
            summary =
                    "Claims, what is due soonest first; one customer's, and those on one transfer, are"
                            + " recorded as read")
    public Page<ClaimView> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("customer") @Nullable String customer,
            @QueryParam("transfer") @Nullable String transfer,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var list = "claims|" + state + "|" + customer + "|" + transfer;
        var after =
                cursors.decode(list, parameters.cursor()).map(ClaimResource::place).orElse(null);
        return Page.of(
                lookIntoClaim.find(
                        new ClaimStore.Query(
                                state == null ? null : state(state),
                                uuid("?customer", customer),
                                uuid("?transfer", transfer),
                                after,
                                limit + 1)),
                limit,
                last -> cursors.encode(list, last.deadline() + " " + last.id()));
    }

    private static ClaimStore.Place place(String text) {
        var end = text.indexOf(' ');
        return new ClaimStore.Place(
                Instant.parse(text.substring(0, end)), UUID.fromString(text.substring(end + 1)));
    }

    @GET
    @Path("{id}")
    @Operation(
            operationId = "getClaim",
            summary =
                    "One with its postings and the days that are left; that it was looked at is recorded")
    public ClaimView.ClaimDetail get(UUID id) {
        return lookIntoClaim.look(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/investigation")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @Operation(operationId = "investigateClaim", summary = "Say that somebody looks into it")
    public ClaimView.ClaimDetail investigate(UUID id, @NotNull @Valid ReasonRequest request) {
        return lookIntoClaim.detail(workOnClaim.investigate(id, request.reason()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/rejection")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @Operation(
            operationId = "rejectClaim",
            summary = "End it with nothing; what was credited for it has to be back")
    public ClaimView.ClaimDetail reject(UUID id, @NotNull @Valid ReasonRequest request) {
        return lookIntoClaim.detail(workOnClaim.reject(id, request.reason()));
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/credit")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeClaimCredit",
            summary = "Ask that a customer has what they claim, out of our pocket, meanwhile")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView credit(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(creditClaim, creditClaim.checked(id), request.reason());
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/credit-return")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeClaimCreditReturn",
            summary = "Ask that what a customer was given meanwhile is taken back")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView returnCredit(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(returnCredit, returnCredit.checked(id), request.reason());
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/acceptance")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeClaimAcceptance",
            summary = "Ask that it is made good, from us or by taking the transfer back")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView accept(UUID id, @NotNull @Valid ClaimAcceptanceRequest request) {
        return propose.propose(
                acceptClaim, acceptClaim.checked(id, request.way()), request.reason());
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

    private static ClaimState state(String text) {
        return Arrays.stream(ClaimState.values())
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        "?state",
                                        "must be received, investigating, accepted or rejected"));
    }
}
