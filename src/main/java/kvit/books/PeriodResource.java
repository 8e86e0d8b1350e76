package kvit.books;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.LocalDate;
import java.util.List;
import kvit.books.ReopenPeriod.Reopening;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/ledger/periods")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Books")
@RolesAllowed({Role.FINANCE, Role.APPROVER, Role.ADMIN})
class PeriodResource {

    /**
     * @param closedUpTo the last day that takes no posting any more; null while there is none
     * @param items all closings and reopenings, in their order
     */
    record PeriodList(@Nullable LocalDate closedUpTo, List<Closing> items) {}

    /**
     * @param closed whether it takes no posting any more
     * @param checks what has to hold before it is closed
     */
    record PeriodView(LocalDate day, boolean closed, List<Periods.Check> checks) {}

    private final Periods periods;
    private final ClosePeriod closePeriod;
    private final ReopenPeriod reopenPeriod;
    private final Propose propose;

    PeriodResource(
            Periods periods, ClosePeriod closePeriod, ReopenPeriod reopenPeriod, Propose propose) {
        this.periods = periods;
        this.closePeriod = closePeriod;
        this.reopenPeriod = reopenPeriod;
        this.propose = propose;
    }

    @GET
    @Operation(operationId = "listPeriods", summary = "Which days were closed, and opened again")
    public PeriodList list() {
        return new PeriodList(periods.closedDay(), periods.log());
    }

    @GET
    @Path("{day}")
    @Operation(operationId = "getPeriod", summary = "Whether a day is closed, or could be")
    public PeriodView get(String day) {
        var date = Moments.day("day", day);
        var closed = periods.closedDay();
        return new PeriodView(date, closed != null && !date.isAfter(closed), periods.checks(date));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{day}/closing")
    @RolesAllowed(Role.FINANCE)
    @Operation(operationId = "closePeriod", summary = "Close a day, and all before it")
    public Closing close(String day, @NotNull @Valid ReasonRequest request) {
        return closePeriod.close(Moments.day("day", day), request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{day}/reopening")
    @RolesAllowed(Role.FINANCE)
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeReopening",
            summary = "Ask for a day to be opened again, and all after it")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView reopen(String day, @NotNull @Valid ReasonRequest request) {
        var date = Moments.day("day", day);
        periods.requireClosed(date);
        return propose.propose(reopenPeriod, new Reopening(date), request.reason());
    }
}
