package kvit.sandbox;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.time.LocalDate;
import java.util.List;
import kvit.money.Currency;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What the simulated processor and the simulated bank send us. */
@Path("/v1/sandbox/settlements")
@Tag(name = "Sandbox only")
@PermitAll
@Blocking
class SettlementsResource {

    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LATEST = LocalDate.of(2200, 1, 1);

    /**
     * @param date the day that the files are of, and until the end of which is settled; today where
     *     nothing is said
     * @param currency only what is in this one; all where nothing is said
     */
    record SettlementsRequest(
            @Nullable LocalDate date,
            @Nullable Currency currency,
            @Nullable @Size(max = 1_000) List<@NotNull @Valid SettlementFault> faults) {}

    /** One per currency in which anything has happened. */
    record SettlementList(List<SettlementView> items, @Nullable String nextCursor) {}

    private final GenerateSettlements generate;

    SettlementsResource(GenerateSettlements generate) {
        this.generate = generate;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Operation(
            operationId = "generateSettlements",
            summary = "The processor's file and the bank's statement for what happened so far")
    @APIResponse(
            responseCode = "201",
            description = "It is settled, and will be in no other file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SettlementList.class)))
    public SettlementList generate(@NotNull @Valid SettlementsRequest request) {
        var day = request.date();
        if (day != null && (day.isBefore(EARLIEST) || day.isAfter(LATEST))) {
            throw GeneralProblem.invalid("/date", "must be a day of our time");
        }
        var faults = request.faults();
        return new SettlementList(
                generate.generate(request.currency(), day, faults == null ? List.of() : faults),
                null);
    }
}
