package kvit.dispute;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Contested charges, for operators. */
@Path("/v1/admin/disputes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Disputes")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class DisputeResource {

    /** What a request has room for, which is 64 KB with all that is around it. */
    private static final int CONTENT_MAX = 40 * 1024;

    /**
     * @param content in base64
     */
    record FileRequest(
            @NotBlank @Size(max = 200) String name,
            @NotNull @Pattern(regexp = "application/pdf|image/jpeg|image/png|text/plain")
                    String mediaType,
            @NotBlank @Size(max = 60_000) String content) {

        Evidence.File file() {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(content);
            } catch (IllegalArgumentException e) {
                throw GeneralProblem.invalid("/file/content", "must be base64");
            }
            if (bytes.length > CONTENT_MAX) {
                throw GeneralProblem.invalid(
                        "/file/content", "must be at most " + CONTENT_MAX + " bytes");
            }
            return new Evidence.File(name, mediaType, content, bytes.length, null);
        }
    }

    record EvidenceRequest(
            @Nullable @Size(min = 1, max = 4_000) String text,
            @Nullable @Valid FileRequest file,
            @NotBlank @Size(max = 500) String reason) {}

    record CreditRequest(
            @NotNull @PositiveAmount Money amount, @NotBlank @Size(max = 500) String reason) {}

    private final LookIntoDispute lookIntoDispute;
    private final ContestDispute contest;
    private final AcceptDispute acceptDispute;
    private final CreditDispute creditDispute;
    private final ReturnDisputeCredit returnCredit;
    private final Propose propose;
    private final Cursors cursors;

    DisputeResource(
            LookIntoDispute lookIntoDispute,
            ContestDispute contest,
            AcceptDispute acceptDispute,
            CreditDispute creditDispute,
            ReturnDisputeCredit returnCredit,
            Propose propose,
            Cursors cursors) {
        this.lookIntoDispute = lookIntoDispute;
        this.contest = contest;
        this.acceptDispute = acceptDispute;
        this.creditDispute = creditDispute;
        this.returnCredit = returnCredit;
        this.propose = propose;
        this.cursors = cursors;
    }

    @GET
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "listDisputes",
            summary = "Contested charges, the newest first; one customer's are recorded as read")
    public Page<DisputeView> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("customer") @Nullable String customer,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var list = "disputes|" + state + "|" + customer;
        var before = cursors.decode(list, parameters.cursor()).map(UUID::fromString).orElse(null);
        return Page.of(
                lookIntoDispute.find(
                        state == null ? null : state(state),
                        customer == null ? null : customer(customer),
                        before,
                        limit + 1),
                limit,
                last -> cursors.encode(list, last.id().toString()));
    }

    @GET
    @Path("{id}")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "getDispute",
            summary =
                    "One with its postings, its evidence, and the days that are left; that it was"
                            + " looked at is recorded")
    public DisputeView.Detail get(UUID id) {
        return lookIntoDispute.look(id);
    }

    @GET
    @Path("{id}/evidence/{evidence}")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "getDisputeEvidence",
            summary = "What was added, with the bytes of its file")
    public Evidence.View evidence(UUID id, UUID evidence) {
        return lookIntoDispute.look(id, evidence);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/evidence")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(201)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "addDisputeEvidence",
            summary = "Add what speaks for us: a text, a small file, or both")
    public Evidence.View add(UUID id, @NotNull @Valid EvidenceRequest request) {
        if (request.text() == null && request.file() == null) {
            throw GeneralProblem.invalid("/text", "or /file must be there");
        }
        var file = request.file() == null ? null : request.file().file();
        return contest.add(id, request.text(), file, request.reason()).view(false);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/submission")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "submitDisputeEvidence",
            summary = "Note that the evidence was handed in at the processor")
    public DisputeView.Detail submit(UUID id, @NotNull @Valid ReasonRequest request) {
        contest.submit(id, request.reason());
        return lookIntoDispute.detail(id);
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/acceptance")
    @RolesAllowed(Role.FINANCE)
    @ResponseStatus(202)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "proposeDisputeAcceptance",
            summary = "Ask to give in: it is lost at once, as it would be at its deadline")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView accept(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(acceptDispute, acceptDispute.checked(id), request.reason());
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/credit")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "proposeDisputeCredit",
            summary = "Ask that a customer has what is held of them, out of our pocket, meanwhile")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView credit(UUID id, @NotNull @Valid CreditRequest request) {
        return propose.propose(
                creditDispute,
                creditDispute.checked(new CreditDispute.Wish(id, request.amount())),
                request.reason());
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/credit-return")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "proposeDisputeCreditReturn",
            summary = "Ask that what a customer was given meanwhile is taken back")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView returnCredit(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(returnCredit, returnCredit.checked(id), request.reason());
    }

    private static UUID customer(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw GeneralProblem.invalid("?customer", "must be an id");
        }
    }

    private static DisputeState state(String text) {
        return Arrays.stream(DisputeState.values())
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () -> GeneralProblem.invalid("?state", "must be received, won or lost"));
    }
}
