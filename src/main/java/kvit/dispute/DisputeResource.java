package kvit.dispute;

import static kvit.dispute.DisputeProblem.DISPUTE_NOT_FOUND;
import static kvit.dispute.DisputeProblem.EVIDENCE_NOT_FOUND;

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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.LookUp;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Contested charges, for operators. */
@Path("/v1/admin/disputes")
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

    record ReasonRequest(@NotBlank @Size(max = 500) String reason) {}

    private final DisputeStore disputes;
    private final EvidenceStore evidence;
    private final DisputeCreditStore credits;
    private final ContestDispute contest;
    private final CreditDispute creditDispute;
    private final ReturnDisputeCredit returnCredit;
    private final Propose propose;
    private final LookUp books;
    private final Cursors cursors;
    private final Clock clock;

    DisputeResource(
            DisputeStore disputes,
            EvidenceStore evidence,
            DisputeCreditStore credits,
            ContestDispute contest,
            CreditDispute creditDispute,
            ReturnDisputeCredit returnCredit,
            Propose propose,
            LookUp books,
            Cursors cursors,
            Clock clock) {
        this.disputes = disputes;
        this.evidence = evidence;
        this.credits = credits;
        this.contest = contest;
        this.creditDispute = creditDispute;
        this.returnCredit = returnCredit;
        this.propose = propose;
        this.books = books;
        this.cursors = cursors;
        this.clock = clock;
    }

    @GET
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "listDisputes",
            summary = "Contested charges, the newest first")
    public Page<DisputeView> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("customer") @Nullable String customer,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var list = "disputes|" + state + "|" + customer;
        var before = cursors.decode(list, parameters.cursor()).map(UUID::fromString).orElse(null);
        return Page.of(
                        disputes.list(
                                state == null ? null : state(state),
                                customer == null ? null : customer(customer),
                                before,
                                limit + 1),
                        limit,
                        last -> cursors.encode(list, last.id().toString()))
                .map(this::view);
    }

    @GET
    @Path("{id}")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "getDispute",
            summary = "One with its postings, its evidence, and the days that are left")
    public DisputeView.Detail get(UUID id) {
        return detail(id);
    }

    @GET
    @Path("{id}/evidence/{evidence}")
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "getDisputeEvidence",
            summary = "What was added, with the bytes of its file")
    public Evidence.View evidence(UUID id, UUID evidence) {
        return this.evidence
                .find(id, evidence)
                .orElseThrow(() -> EVIDENCE_NOT_FOUND.because("None of this dispute's."))
                .view(true);
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
        return detail(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/acceptance")
    @RolesAllowed(Role.FINANCE)
    @org.eclipse.microprofile.openapi.annotations.Operation(
            operationId = "acceptDispute",
            summary = "Give in: it is lost at once, as it would be at its deadline")
    public DisputeView.Detail accept(UUID id, @NotNull @Valid ReasonRequest request) {
        return detail(contest.accept(id, request.reason()));
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
    @APIResponse(
            responseCode = "202",
            description = "It waits for somebody else's approval",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ApprovalView.class)))
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
    @APIResponse(
            responseCode = "202",
            description = "It waits for somebody else's approval",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ApprovalView.class)))
    public ApprovalView returnCredit(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(returnCredit, returnCredit.checked(id), request.reason());
    }

    private DisputeView.Detail detail(UUID id) {
        var dispute =
                disputes.find(id).orElseThrow(() -> DISPUTE_NOT_FOUND.because("No such dispute."));
        var wallet = Account.wallet(dispute.customer(), dispute.amount().currency());
        return new DisputeView.Detail(
                view(dispute),
                books.postings(
                        List.of(
                                id,
                                Ids.named(id, "lost"),
                                Ids.named(id, "won"),
                                CreditDispute.id(id))),
                dispute.hold() == null ? List.of() : books.holds(wallet, dispute.hold()),
                evidence.list(id).stream().map(it -> it.view(false)).toList(),
                evidence.submission(id).orElse(null),
                credits.find(id).orElse(null));
    }

    private DisputeView view(Dispute dispute) {
        return DisputeView.of(
                dispute, evidence.submission(dispute.id()).orElse(null), clock.instant());
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
