package kvit.sandbox;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import kvit.card.SimulatedFault;
import kvit.card.Simulation;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The simulated card processor as seen from its own side. */
@Path("/v1/sandbox/processor")
@Tag(name = "Sandbox only")
@PermitAll
@Blocking
class ProcessorResource {

    private static final int TIMES_MAX = 1_000;

    record FaultRequest(@NotNull SimulatedFault fault, @Min(1) @Max(TIMES_MAX) int times) {}

    record OperationList(List<Simulation.BookedOperation> items, @Nullable String nextCursor) {}

    private final Simulation simulation;

    ProcessorResource(Simulation simulation) {
        this.simulation = simulation;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("faults")
    @ResponseStatus(204)
    @APIResponse(responseCode = "204", description = "It is arranged")
    @Operation(
            operationId = "arrangeFaults",
            summary = "Have the next calls to the card processor go wrong, once each")
    public void arrange(@NotNull @Valid FaultRequest request) {
        simulation.arrange(Collections.nCopies(request.times(), request.fault()));
    }

    @DELETE
    @Path("faults")
    @Operation(operationId = "clearFaults", summary = "Forget faults that did not strike yet")
    public void clear() {
        simulation.clear();
    }

    @GET
    @Path("operations")
    @Operation(
            operationId = "listProcessorOperations",
            summary = "What the card processor's own books say, oldest first")
    public OperationList operations(@QueryParam("since") @Nullable String since) {
        return new OperationList(simulation.operations(time(since)), null);
    }

    private static Instant time(@Nullable String since) {
        try {
            return since == null ? Instant.EPOCH : Instant.parse(since);
        } catch (DateTimeException e) {
            throw GeneralProblem.invalid("?since", "must be a time like 2026-11-22T12:00:00Z");
        }
    }
}
