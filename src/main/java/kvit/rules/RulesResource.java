package kvit.rules;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.ListParameters;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.source.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Rules")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class RulesResource {

    /** Whoever asks about no person in particular; nobody has overrides under this id. */
    private static final UUID NOBODY = new UUID(0, 0);

    @Schema(name = "RuleChangeRequest")
    record ChangeRequest(
            @NotNull @Valid RuleDraft rule, @NotBlank @Size(max = 500) String reason) {}

    /**
     * @param cursor nextCursor of the answer before, with all else the same
     */
    record DryRunRequest(
            @NotNull @Valid RuleDraft rule,
            @NotNull @Min(1) @Max(366) Integer days,
            @Nullable @Size(max = 200) String cursor) {}

    record DryRunView(int examined, List<DryRun.Changed> items, @Nullable String nextCursor) {}

    /** Either a past transfer, or what a transfer might look like. */
    record EvaluationRequest(
            @Nullable UUID transferId,
            @Nullable @Valid PartyRequest payer,
            @Nullable @Valid PartyRequest payee,
            @Nullable @Valid ChannelRequest channel,
            @Nullable @PositiveAmount Money amount,
            @Nullable @Size(max = 40) @Schema(format = "date-time") String at,
            @Nullable @Size(max = 40) @Schema(format = "date-time") String knownAt) {}

    /**
     * @param customerId whose overrides of limits are looked at; null for nobody's
     */
    record PartyRequest(
            @NotNull @Pattern(regexp = "[A-Z]{2}") String country,
            @Nullable LocalDate birthDate,
            @Nullable Tier tier,
            @Nullable @Pattern(regexp = "en|fr|ru") String locale,
            @Nullable UUID customerId) {

        Party party() {
            return new Party(
                    customerId == null ? NOBODY : customerId,
                    country,
                    birthDate,
                    tier == null ? Tier.PHONE : tier,
                    locale == null ? "en" : locale);
        }
    }

    record ChannelRequest(
            @NotBlank @Size(max = 40) String platform,
            @NotNull @Pattern(regexp = "[A-Z]{2}") String ownerCountry,
            @Nullable Set<DataClass> carries) {

        Channel channel() {
            return new Channel(platform, ownerCountry, carries == null ? Set.of() : carries);
        }
    }

    private final RuleStore store;
    private final ChangeRule changeRule;
    private final Propose propose;
    private final ExplainDecision explain;
    private final DryRun dryRun;
    private final PastDecisions past;
    private final Cursors cursors;
    private final Clock clock;

    RulesResource(
            RuleStore store,
            ChangeRule changeRule,
            Propose propose,
            ExplainDecision explain,
            DryRun dryRun,
            PastDecisions past,
            Cursors cursors,
            Clock clock) {
        this.store = store;
        this.changeRule = changeRule;
        this.propose = propose;
        this.explain = explain;
        this.dryRun = dryRun;
        this.past = past;
        this.cursors = cursors;
        this.clock = clock;
    }

    @GET
    @Path("rules")
    @Operation(operationId = "listRules", summary = "The rules, as known now or at a past moment")
    public Page<RuleView> list(
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("country") @Nullable String country,
            @QueryParam("knownAt") @Nullable String knownAt,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        if (country != null && !RuleForm.isCountry(country)) {
            throw GeneralProblem.invalid("?country", "must be a code of ISO 3166-1");
        }
        var list = String.join("|", "rules", kind, country, knownAt);
        var version =
                knownAt == null
                        ? store.newestVersion()
                        : store.versionAt(ListParameters.time("?knownAt", knownAt)).orElse(0L);
        var found =
                store.list(
                        version,
                        kind == null ? null : kind(kind),
                        country,
                        cursors.decode(list, parameters.cursor()).orElse(null),
                        limit + 1);
        return Page.of(found, limit, last -> cursors.encode(list, last.id()));
    }

    @GET
    @Path("rules/versions")
    @Operation(operationId = "listRuleVersions", summary = "All that a rule ever was")
    public Page<RuleView> versions(@QueryParam("id") @NotBlank String id) {
        return new Page<>(RuleForm.isId(id) ? store.versions(id) : List.of(), null);
    }

    @GET
    @Path("rule-sets")
    @Operation(operationId = "listRuleSets", summary = "All changes of the rules, newest first")
    public Page<RuleSetView> sets(@BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var before = cursors.decode("rule-sets", parameters.cursor()).map(Long::valueOf);
        var found = store.sets(before.orElse(null), limit + 1);
        return Page.of(
                found, limit, last -> cursors.encode("rule-sets", String.valueOf(last.version())));
    }

    /** 202: nothing has changed yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("rules")
    @RolesAllowed(Role.ADMIN)
    @ResponseStatus(202)
    @Operation(operationId = "proposeRule", summary = "Ask for a new rule, or for another version")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView propose(@NotNull @Valid ChangeRequest request) {
        request.rule().checked(1);
        return propose.propose(changeRule, request.rule(), request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("rules/dry-run")
    @RolesAllowed({Role.ADMIN, Role.APPROVER})
    @Operation(
            operationId = "dryRunRule",
            summary = "Which of the last days' transfers a rule would decide otherwise")
    public DryRunView dryRun(@NotNull @Valid DryRunRequest request) {
        var list = "dry-run|" + request.rule().id() + "|" + request.days();
        var after = cursors.decode(list, request.cursor()).map(UUID::fromString).orElse(null);
        var difference = dryRun.run(request.rule().checked(1), request.days(), after);
        var last = difference.last();
        return new DryRunView(
                difference.examined(),
                difference.changed(),
                last == null ? null : cursors.encode(list, last.toString()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("rules/evaluation")
    @Operation(
            operationId = "evaluateRules",
            summary = "What the rules say and why, about a past transfer or a thought-up one")
    public ExplainDecision.Explanation evaluate(@NotNull @Valid EvaluationRequest request) {
        if (request.transferId() != null) {
            requireAlone(request);
            return explain.explain(
                    past.find(request.transferId())
                            .orElseThrow(
                                    () ->
                                            GeneralProblem.NOT_FOUND.because(
                                                    "The rules decided no such transfer.")));
        }
        var payer = required("/payer", request.payer());
        var payee = required("/payee", request.payee());
        var amount = required("/amount", request.amount());
        var now = clock.instant();
        var knownAt =
                request.knownAt() == null
                        ? now
                        : ListParameters.time("/knownAt", request.knownAt());
        return explain.explain(
                store.versionAt(knownAt).orElse(0L),
                payer.party(),
                payee.party(),
                request.channel() == null ? null : request.channel().channel(),
                amount,
                request.at() == null ? now : ListParameters.time("/at", request.at()),
                knownAt);
    }

    /** A past transfer was what it was; whoever names more believes that it counts. */
    private static void requireAlone(EvaluationRequest request) {
        if (Stream.of(
                        request.payer(),
                        request.payee(),
                        request.channel(),
                        request.amount(),
                        request.at(),
                        request.knownAt())
                .anyMatch(Objects::nonNull)) {
            throw GeneralProblem.invalid("/transferId", "stands alone");
        }
    }

    private static Kind kind(String text) {
        for (var kind : Kind.values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw GeneralProblem.invalid("?kind", "must be one of " + List.of(Kind.values()));
    }

    private static <T> T required(String pointer, @Nullable T value) {
        if (value == null) {
            throw GeneralProblem.invalid(pointer, "is needed where there is no transferId");
        }
        return value;
    }
}
