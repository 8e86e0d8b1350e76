package kvit.request;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keyed;
import kvit.identity.Caller;
import kvit.identity.PersonRef;
import kvit.identity.Scope;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.RequestIds;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/requests")
@Tag(name = "Requests")
@RolesAllowed(Scope.TRANSFERS_SEND)
class RequestResource {

    /** Text that PostgreSQL can keep and a client can read back, counted in code points. */
    private static final String TEXT = "[^\\x{0}\\x{D800}-\\x{DFFF}]";

    /** More than may be asked at once, so that the refusal of one too many is not one of form. */
    private static final int PAYERS_MAX = 500;

    private static final String KEY =
            "1 to 255 printable ASCII characters; the same key is the same request, for ever";

    private static final String ODD_UNITS =
            "The shares and what you bear add up to the amount exactly. Minor units that do not"
                    + " divide evenly go one each to those who lost most by rounding, and of equals to"
                    + " those who are named first; you come last.";

    record AskRequest(
            @NotNull @PositiveAmount Money amount,
            @NotNull @Size(min = 1, max = PAYERS_MAX) List<@NotNull @Valid AskedPayer> payers,
            @Nullable Split split,
            @Nullable Boolean perHead,
            @Nullable Boolean includeMe,
            @Nullable @Min(1) @Max(SplitUp.WEIGHT_MAX) Integer myShares,
            @Nullable @Pattern(regexp = TEXT + "{0,280}") String note,
            @Nullable @Pattern(regexp = TEXT + "{1,140}") String conversation,
            @Nullable Boolean autoRemind) {

        Order order() {
            return new Order(
                    amount,
                    payers.stream().map(AskedPayer::payer).toList(),
                    split == null ? Split.EQUAL : split,
                    Boolean.TRUE.equals(perHead),
                    Boolean.TRUE.equals(includeMe),
                    myShares,
                    note,
                    conversation,
                    Boolean.TRUE.equals(autoRemind));
        }
    }

    record AskedPayer(
            @Nullable UUID customerId,
            @Nullable @Size(min = 1, max = 40) String handle,
            @Nullable @Size(min = 1, max = 40) String phone,
            @Nullable @PositiveAmount Money amount,
            @Nullable @Min(1) @Max(SplitUp.WEIGHT_MAX) Integer shares) {

        Order.Payer payer() {
            return new Order.Payer(new PersonRef(customerId, handle, phone), amount, shares);
        }
    }

    private final AskForMoney askForMoney;
    private final CancelRequest cancelRequest;
    private final RequestBook book;
    private final RequestIds requestIds;
    private final Caller caller;

    RequestResource(
            AskForMoney askForMoney,
            CancelRequest cancelRequest,
            RequestBook book,
            RequestIds requestIds,
            Caller caller) {
        this.askForMoney = askForMoney;
        this.cancelRequest = cancelRequest;
        this.book = book;
        this.requestIds = requestIds;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Keyed
    @Operation(
            operationId = "askForMoney",
            summary = "Ask one or many people for money",
            description = ODD_UNITS)
    @APIResponse(
            responseCode = "201",
            description = "The request, with what each is to pay; together it is all of it",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = RequestView.class)))
    public Answer ask(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid AskRequest request) {
        return askForMoney.ask(
                caller.customerId(),
                IdempotencyKey.parse(key),
                requestIds.current(),
                request.order());
    }

    @GET
    @RolesAllowed(Scope.TRANSFERS_READ)
    @Operation(
            operationId = "listRequests",
            summary = "What you ask others for and are asked for, newest first")
    public Page<RequestView> list(
            @QueryParam("role") @Parameter(description = "asking or asked; both without it")
                    @Nullable String role,
            @QueryParam("state") @Nullable String state,
            @BeanParam PageParameters parameters) {
        return book.list(caller.customerId(), role, state, parameters);
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Scope.TRANSFERS_READ)
    @Operation(operationId = "getRequest", summary = "A request of yours, or that asks you")
    public RequestView get(UUID id) {
        return book.view(caller.customerId(), book.require(caller.customerId(), id));
    }

    /** Has no body; what comes with it is not read. */
    @POST
    @Path("{id}/cancellation")
    @Consumes(MediaType.WILDCARD)
    @Operation(operationId = "cancelRequest", summary = "Stop what is unpaid of a request")
    public RequestView cancel(UUID id) {
        var asker = caller.customerId();
        return book.view(asker, cancelRequest.cancel(asker, id));
    }
}
