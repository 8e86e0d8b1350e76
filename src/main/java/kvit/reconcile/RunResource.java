package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.RUN_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.RUN_SETTLED;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
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
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.money.Currency;
import kvit.operate.ApprovalView;
import kvit.operate.AuditTrail;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.source.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Reconciliation")
@RolesAllowed({Role.FINANCE, Role.APPROVER})
class RunResource {

    /** Either files by their ids, or all that wait until a day. */
    record RunRequest(
            @NotNull @Pattern(regexp = "[A-Z]{3}") String currency,
            @Nullable @Size(min = 1, max = 100) List<@NotNull UUID> fileIds,
            @Nullable LocalDate upTo,
            @Nullable Boolean dryRun,
            @Nullable @Size(max = 500) String reason) {}

    record RulesRequest(
            @NotEmpty @Size(max = 20) List<@NotNull @Valid RuleForm> rules,
            @NotBlank @Size(max = 500) String reason) {}

    record RuleForm(
            @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,39}") String name,
            @NotNull Rule.By by,
            @Min(0) @Max(1_000_000) long toleranceMinor,
            @Min(0) @Max(10_000) int toleranceBp,
            @Min(0) @Max(1_000) int windowDays,
            @Nullable @Size(max = 200)
                    Map<@NotNull Currency, @NotNull @Min(0) @Max(1_000_000_000) Long>
                            toleranceMinorOf) {

        Rule rule() {
            return new Rule(
                    name,
                    by,
                    toleranceMinor,
                    toleranceBp,
                    windowDays,
                    Objects.requireNonNullElse(toleranceMinorOf, Map.of()));
        }
    }

    private final PlanRun planRun;
    private final PostRun postRun;
    private final RunStore runs;
    private final RuleSets ruleSets;
    private final ChangeRules changeRules;
    private final Position position;
    private final Propose propose;
    private final AuditTrail audit;
    private final Cursors cursors;
    private final Clock clock;

    RunResource(
            PlanRun planRun,
            PostRun postRun,
            RunStore runs,
            RuleSets ruleSets,
            ChangeRules changeRules,
            Position position,
            Propose propose,
            AuditTrail audit,
            Cursors cursors,
            Clock clock) {
        this.planRun = planRun;
        this.postRun = postRun;
        this.runs = runs;
        this.ruleSets = ruleSets;
        this.changeRules = changeRules;
        this.position = position;
        this.propose = propose;
        this.audit = audit;
        this.cursors = cursors;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("runs")
    @RolesAllowed(Role.FINANCE)
    @Operation(
            operationId = "planReconciliation",
            summary = "What posting files would do; kept unless it is a dry run, and not posted")
    public RunView plan(@NotNull @Valid RunRequest request) {
        var currency = currency("/currency", request.currency());
        var files = files(request, currency);
        if (Boolean.TRUE.equals(request.dryRun())) {
            return planRun.dry(currency, files);
        }
        if (request.reason() == null || request.reason().isBlank()) {
            throw GeneralProblem.invalid("/reason", "is needed where it is no dry run");
        }
        return planRun.keep(currency, files, request.reason());
    }

    private List<UUID> files(RunRequest request, Currency currency) {
        if (request.fileIds() != null && request.upTo() == null) {
            return request.fileIds().stream().distinct().toList();
        }
        if (request.upTo() != null && request.fileIds() == null) {
            return planRun.waiting(currency, request.upTo());
        }
        throw GeneralProblem.invalid("/fileIds", "or upTo is needed, and not both");
    }

    @GET
    @Path("runs")
    @Operation(operationId = "listReconciliations", summary = "Runs, newest first")
    public Page<RunView> list(@BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var before = cursors.decode("recon-runs", parameters.cursor()).map(UUID::fromString);
        return Page.of(
                runs.list(before.orElse(null), limit + 1),
                limit,
                last -> cursors.encode("recon-runs", String.valueOf(last.id())));
    }

    @GET
    @Path("runs/{id}")
    @Operation(operationId = "getReconciliation", summary = "One run with its posting plan")
    public RunView get(UUID id) {
        return runs.find(id).orElseThrow(() -> RUN_NOT_FOUND.because("No run " + id + "."));
    }

    /** 202: nothing is posted yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("runs/{id}/submission")
    @RolesAllowed(Role.FINANCE)
    @ResponseStatus(202)
    @Operation(operationId = "submitReconciliation", summary = "Ask for a plan to be posted")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView submit(UUID id, @NotNull @Valid ReasonRequest request) {
        var run = get(id);
        if (run.state() != RunView.State.PLANNED) {
            throw RUN_SETTLED.because("It was posted or cancelled before.");
        }
        return propose.propose(
                postRun,
                new PostRun.Payload(
                        id, run.currency(), run.fileIds(), run.planSha256(), run.postings()),
                request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("runs/{id}/cancellation")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "cancelReconciliation", summary = "Drop a plan that is not posted")
    public RunView cancel(UUID id, @NotNull @Valid ReasonRequest request) {
        get(id);
        return audit.recording(
                "reconciliation.cancel",
                id.toString(),
                request.reason(),
                () -> {
                    if (!runs.end(id, RunView.State.CANCELLED, null, clock.instant())) {
                        throw RUN_SETTLED.because("It was posted or cancelled before.");
                    }
                    return get(id);
                });
    }

    @GET
    @Path("rules")
    @Operation(operationId = "getReconciliationRules", summary = "By what lines are matched")
    public RuleSet rules() {
        return ruleSets.newest();
    }

    /** 202: nothing has changed yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("rules")
    @RolesAllowed(Role.FINANCE)
    @ResponseStatus(202)
    @Operation(operationId = "proposeReconciliationRules", summary = "Ask for other rules")
    @APIResponse(
            responseCode = "202",
            description = "They wait for somebody else's approval",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ApprovalView.class)))
    public ApprovalView proposeRules(@NotNull @Valid RulesRequest request) {
        var rules = request.rules().stream().map(RuleForm::rule).toList();
        return propose.propose(changeRules, ChangeRules.checked(rules), request.reason());
    }

    @GET
    @Path("position")
    @Operation(
            operationId = "getReconciliationPosition",
            summary = "What card clearing says, and what is still expected: the same")
    public Position.View position(@QueryParam("currency") @Nullable String currency) {
        return position.of(currency("?currency", currency));
    }

    static Currency currency(String pointer, @Nullable String code) {
        return Currency.of(Objects.requireNonNullElse(code, ""))
                .orElseThrow(() -> GeneralProblem.invalid(pointer, "must be a code of ISO 4217"));
    }
}
