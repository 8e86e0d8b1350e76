package kvit.reconcile;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
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
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.reconcile.BreakQueries.Filter;
import kvit.reconcile.BreakQueries.Place;
import kvit.reconcile.WorkOnBreaks.Action;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/reconciliation")
@Tag(name = "Reconciliation")
@RolesAllowed({Role.FINANCE, Role.APPROVER})
class BreakResource {

    /** Of whoever asks, where there is no owner. */
    record AssignRequest(
            @Nullable @Email @Size(max = 254) String owner,
            @NotBlank @Size(max = 500) String reason) {}

    record ResolveRequest(
            @NotNull BreakResolution resolution, @NotBlank @Size(max = 500) String reason) {}

    /** What the break's line is: items of ours, or payouts of the processor. */
    record MatchRequest(
            @Nullable @Size(max = 100) Set<@NotNull UUID> items,
            @Nullable @Size(max = 100) Set<Explanations.@NotNull @Valid PayoutLine> payouts,
            @NotBlank @Size(max = 500) String reason) {

        Explanations.Said said() {
            var said =
                    new Explanations.Said(
                            Objects.requireNonNullElse(items, Set.of()),
                            Objects.requireNonNullElse(payouts, Set.of()));
            if (said.isEmpty()) {
                throw GeneralProblem.invalid("/items", "or payouts are needed");
            }
            return said;
        }
    }

    record BulkRequest(
            @NotEmpty @Size(max = 100) Set<@NotNull UUID> ids,
            @NotNull Action action,
            @Nullable @Email @Size(max = 254) String owner,
            @NotBlank @Size(max = 500) String reason) {}

    record BulkView(int changed) {}

    /** How old what is open is, and good files that nobody has dealt with. */
    record AgeingView(
            List<Ageing.Row> items,
            List<Ageing.WaitingFiles> files,
            List<Ageing.Awaited> awaited) {}

    private static final int PORTION = 1_000;
    private static final Pattern DAYS = Pattern.compile("[0-9]{1,4}");

    private final BreakQueries queries;
    private final WorkOnBreaks work;
    private final MatchByHand matchByHand;
    private final Ageing ageing;
    private final Cursors cursors;

    BreakResource(
            BreakQueries queries,
            WorkOnBreaks work,
            MatchByHand matchByHand,
            Ageing ageing,
            Cursors cursors) {
        this.queries = queries;
        this.work = work;
        this.matchByHand = matchByHand;
        this.ageing = ageing;
        this.cursors = cursors;
    }

    @GET
    @Path("breaks")
    @Operation(operationId = "listBreaks", summary = "What does not agree, the oldest first")
    public Page<BreakView> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("type") @Nullable String type,
            @QueryParam("currency") @Nullable String currency,
            @QueryParam("ageFrom") @Nullable String ageFrom,
            @QueryParam("owner") @Nullable String owner,
            @QueryParam("run") @Nullable String run,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var filter = filter(state, type, currency, ageFrom, owner, run);
        var list = "breaks|" + filter;
        var after =
                cursors.decode(list, parameters.cursor())
                        .map(it -> it.split("/", 2))
                        .map(it -> new Place(LocalDate.parse(it[0]), UUID.fromString(it[1])));
        return Page.of(
                queries.list(filter, after.orElse(null), limit + 1),
                limit,
                last -> cursors.encode(list, last.bookedOn() + "/" + last.id()));
    }

    /** All of them, in portions: nobody has to hold more than that in memory. */
    @GET
    @Path("breaks.csv")
    @Produces("text/csv")
    @Operation(operationId = "exportBreaks", summary = "The same as a table for a spreadsheet")
    @APIResponse(
            responseCode = "200",
            description = "RFC 4180, with a header; nothing in it is taken for a formula",
            content =
                    @Content(
                            mediaType = "text/csv",
                            schema = @Schema(implementation = String.class)))
    public StreamingOutput sheet(
            @QueryParam("state") @Nullable String state,
            @QueryParam("type") @Nullable String type,
            @QueryParam("currency") @Nullable String currency,
            @QueryParam("ageFrom") @Nullable String ageFrom,
            @QueryParam("owner") @Nullable String owner,
            @QueryParam("run") @Nullable String run) {
        var filter = filter(state, type, currency, ageFrom, owner, run);
        return out -> {
            out.write(BreakSheet.header().getBytes(StandardCharsets.UTF_8));
            Place after = null;
            while (true) {
                var portion = queries.list(filter, after, PORTION);
                for (var it : portion) {
                    out.write(BreakSheet.row(it).getBytes(StandardCharsets.UTF_8));
                    after = new Place(it.bookedOn(), it.id());
                }
                if (portion.size() < PORTION) {
                    return;
                }
            }
        };
    }

    private static Filter filter(
            @Nullable String state,
            @Nullable String type,
            @Nullable String currency,
            @Nullable String ageFrom,
            @Nullable String owner,
            @Nullable String run) {
        if (ageFrom != null && !DAYS.matcher(ageFrom).matches()) {
            throw GeneralProblem.invalid("?ageFrom", "must be a number of business days");
        }
        return new Filter(
                state == null ? null : one("?state", state, BreakState.values()),
                type == null ? null : one("?type", type, Fault.values()),
                currency == null ? null : RunResource.currency("?currency", currency),
                ageFrom == null ? null : (Integer) Integer.parseInt(ageFrom),
                owner,
                run == null ? null : uuid(run));
    }

    private static <E extends Enum<E>> E one(String name, String text, E[] values) {
        return Arrays.stream(values)
                .filter(it -> it.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        name, "must be one of " + Arrays.toString(values)));
    }

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static UUID uuid(String text) {
        if (!UUID_FORM.matcher(text).matches()) {
            throw GeneralProblem.invalid("?run", "must be the id of a run");
        }
        return UUID.fromString(text);
    }

    @GET
    @Path("breaks/{id}")
    @Operation(operationId = "getBreak", summary = "One of them with all that was done about it")
    public BreakView get(UUID id) {
        return queries.find(id);
    }

    @GET
    @Path("ageing")
    @Operation(
            operationId = "getBreakAgeing",
            summary = "How old open breaks are, by type, files that wait and money under way")
    public AgeingView ageing() {
        return new AgeingView(ageing.rows(), ageing.waiting(), ageing.awaited());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/assignment")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "assignBreak", summary = "Give it to somebody, or take it")
    public BreakView assign(UUID id, @NotNull @Valid AssignRequest request) {
        work.doAll(Set.of(id), Action.ASSIGN, request.owner(), request.reason());
        return queries.find(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/notes")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "noteBreak", summary = "Say something about it")
    public BreakView note(UUID id, @NotNull @Valid ReasonRequest request) {
        work.doAll(Set.of(id), Action.NOTE, null, request.reason());
        return queries.find(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/raising")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "raiseBreak", summary = "Say that the processor was told of it")
    public BreakView raise(UUID id, @NotNull @Valid ReasonRequest request) {
        work.doAll(Set.of(id), Action.RAISE, null, request.reason());
        return queries.find(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/resolution")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "resolveBreak", summary = "End one that holds no money")
    public BreakView resolve(UUID id, @NotNull @Valid ResolveRequest request) {
        if (request.resolution() != BreakResolution.VOID
                && request.resolution() != BreakResolution.CORRECTED) {
            throw GeneralProblem.invalid("/resolution", "must be void or corrected");
        }
        work.resolve(id, request.resolution(), request.reason());
        return queries.find(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/reopening")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "reopenBreak", summary = "Take back that a word has ended it")
    public BreakView reopen(UUID id, @NotNull @Valid ReasonRequest request) {
        work.reopen(id, request.reason());
        return queries.find(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/match")
    @RolesAllowed(Role.FINANCE)
    @Operation(
            operationId = "matchBreak",
            summary = "Say what its line is; kind, direction and amount are the same")
    public BreakView match(UUID id, @NotNull @Valid MatchRequest request) {
        matchByHand.match(id, request.said(), request.reason());
        return queries.find(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/bulk")
    @RolesAllowed(Role.FINANCE)
    @Operation(
            operationId = "workOnBreaks",
            summary = "Assign, note or raise many, or none of them")
    public BulkView bulk(@NotNull @Valid BulkRequest request) {
        work.doAll(request.ids(), request.action(), request.owner(), request.reason());
        return new BulkView(request.ids().size());
    }
}
