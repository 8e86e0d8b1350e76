package kvit.payout;

import static kvit.payout.PayoutProblem.PAYOUT_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.card.Speed;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keyed;
import kvit.identity.Caller;
import kvit.identity.ClientApps;
import kvit.identity.Scope;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.paging.Cursors;
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

@Path(PayoutResource.PATH)
@Tag(name = "Payouts")
@RolesAllowed(Scope.CARDS)
class PayoutResource {

    static final String PATH = "/v1/payouts";

    private static final String KEY =
            "1 to 255 printable ASCII characters; the same key is the same payout, for ever";

    record PayoutRequest(
            @NotNull UUID cardId, @NotNull @PositiveAmount Money amount, @NotNull Speed speed) {}

    private final PayOut payOut;
    private final CancelPayout cancelPayout;
    private final PayoutStore store;
    private final Cursors cursors;
    private final RequestIds requestIds;
    private final ClientApps clients;
    private final Caller caller;

    PayoutResource(
            PayOut payOut,
            CancelPayout cancelPayout,
            PayoutStore store,
            Cursors cursors,
            RequestIds requestIds,
            ClientApps clients,
            Caller caller) {
        this.payOut = payOut;
        this.cancelPayout = cancelPayout;
        this.store = store;
        this.cursors = cursors;
        this.requestIds = requestIds;
        this.clients = clients;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Keyed
    @Operation(operationId = "payOut", summary = "Have money from the wallet paid out to a card")
    @APIResponse(
            responseCode = "201",
            description =
                    "The payout, in transit: the money has left the wallet; until it is handed over to"
                            + " the processor it may be taken back",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = PayoutView.class)))
    public Answer payOut(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid PayoutRequest request) {
        return payOut.payOut(
                new PayOut.Attempt(
                        caller.customerId(),
                        clients.of(caller),
                        IdempotencyKey.parse(key),
                        requestIds.current(),
                        new PayOut.Order(request.cardId(), request.amount(), request.speed())));
    }

    /** Has no body; what comes with it is not read. */
    @POST
    @Path("{id}/cancellation")
    @Keyed
    @Consumes(MediaType.WILDCARD)
    @Operation(operationId = "cancelPayout", summary = "Take back what was not handed over yet")
    @APIResponse(
            responseCode = "200",
            description = "The payout, cancelled; its money and its fee are in the wallet again",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = PayoutView.class)))
    public Answer cancel(
            UUID id,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key) {
        return cancelPayout.cancel(
                new CancelPayout.Attempt(
                        caller.customerId(),
                        IdempotencyKey.parse(key),
                        requestIds.current(),
                        new CancelPayout.Order(id)));
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getPayout", summary = "One of your payouts, as it stands now")
    public PayoutView get(UUID id) {
        return store.find(caller.customerId(), id)
                .map(PayoutView::of)
                .orElseThrow(() -> PAYOUT_NOT_FOUND.because("No such payout of yours."));
    }

    @GET
    @Operation(operationId = "listPayouts", summary = "Your payouts, the newest first")
    public Page<PayoutView> list(@BeanParam PageParameters parameters) {
        var customer = caller.customerId();
        return cursors.page(
                        "payouts|" + customer,
                        parameters,
                        (before, atMost) -> store.list(customer, before, atMost),
                        Payout::id)
                .map(PayoutView::of);
    }
}
