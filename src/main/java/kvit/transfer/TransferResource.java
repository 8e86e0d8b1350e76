package kvit.transfer;

import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keyed;
import kvit.identity.Caller;
import kvit.identity.ClientApps;
import kvit.identity.PersonRef;
import kvit.identity.Scope;
import kvit.identity.Visibility;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.paging.ListParameters;
import kvit.paging.Page;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path(TransferResource.PATH)
@Tag(name = "Transfers")
@RolesAllowed(Scope.TRANSFERS_SEND)
class TransferResource {

    static final String PATH = "/v1/transfers";

    /** Text that PostgreSQL can keep and a client can read back, counted in code points. */
    private static final String TEXT = "[^\\x{0}\\x{D800}-\\x{DFFF}]";

    private static final String KEY =
            "1 to 255 printable ASCII characters; the same key is the same transfer, for ever";

    record SendRequest(
            @NotNull @Valid PersonRef payee,
            @NotNull @PositiveAmount Money amount,
            @Nullable @Pattern(regexp = TEXT + "{0,280}") String note,
            @Nullable Visibility visibility,
            @Nullable FundingSource fundingSource,
            @Nullable @Pattern(regexp = TEXT + "{1,140}") String reference,
            @Nullable @Pattern(regexp = TEXT + "{1,140}") String conversation) {

        SendMoney.Order order() {
            return new SendMoney.Order(
                    payee,
                    amount,
                    note,
                    visibility,
                    reference,
                    conversation,
                    FundingSource.card(fundingSource),
                    null);
        }
    }

    record RefundRequest(@Nullable @PositiveAmount Money amount) {}

    record VisibilityRequest(@NotNull Visibility visibility) {}

    private final SendTogether sendTogether;
    private final PayByCard payByCard;
    private final ManagedExecutor threads;
    private final RefundTransfer refundTransfer;
    private final CancelTransfer cancelTransfer;
    private final ChangeVisibility changeVisibility;
    private final ClaimTransfer claimTransfer;
    private final Attempts attempts;
    private final History history;
    private final Caller caller;
    private final ClientApps clients;

    TransferResource(
            SendTogether sendTogether,
            PayByCard payByCard,
            ManagedExecutor threads,
            RefundTransfer refundTransfer,
            CancelTransfer cancelTransfer,
            ChangeVisibility changeVisibility,
            ClaimTransfer claimTransfer,
            Attempts attempts,
            History history,
            Caller caller,
            ClientApps clients) {
        this.sendTogether = sendTogether;
        this.payByCard = payByCard;
        this.threads = threads;
        this.refundTransfer = refundTransfer;
        this.cancelTransfer = cancelTransfer;
        this.changeVisibility = changeVisibility;
        this.claimTransfer = claimTransfer;
        this.attempts = attempts;
        this.history = history;
        this.caller = caller;
        this.clients = clients;
    }

    /**
     * 201 on a replay too: the client asked for this transfer to exist, and it does. Keeps no
     * thread while it waits for its database transaction.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Keyed
    @Operation(operationId = "sendMoney", summary = "Send money to somebody")
    @APIResponse(
            responseCode = "201",
            description = "The transfer; durable, and readable at once",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TransferView.class)))
    public CompletionStage<Answer> send(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid SendRequest request) {
        var attempt =
                attempts.attempt(
                        caller.customerId(), clients.of(caller), key, PATH, request.order());
        return attempt.order().funding() == null
                ? sendTogether.send(attempt)
                : threads.supplyAsync(() -> payByCard.pay(attempt));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/refunds")
    @Keyed
    @Operation(operationId = "refundTransfer", summary = "Give a part or all of it back")
    @APIResponse(
            responseCode = "201",
            description = "The refund: a transfer in the other direction",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TransferView.class)))
    public Answer refund(
            UUID id,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid RefundRequest request) {
        var order = new RefundTransfer.Order(id, request.amount());
        var attempt =
                attempts.attempt(
                        caller.customerId(),
                        clients.of(caller),
                        key,
                        "/v1/transfers/" + id + "/refunds",
                        order);
        refundTransfer.requirePayee(caller.customerId(), order);
        return refundTransfer.refund(List.of(attempt)).get(0);
    }

    @POST
    @Path("{id}/cancellation")
    @Keyed
    @Consumes(MediaType.WILDCARD)
    @Operation(operationId = "cancelTransfer", summary = "Take back what is still waiting")
    @APIResponse(
            responseCode = "200",
            description = "The transfer, cancelled; its money is available again",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TransferView.class)))
    public Answer cancel(
            UUID id,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key) {
        return cancelTransfer.cancel(
                attempts.attempt(
                        caller.customerId(),
                        clients.of(caller),
                        key,
                        "/v1/transfers/" + id + "/cancellation",
                        new CancelTransfer.Order(id)));
    }

    @PUT
    @Path("{id}/visibility")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeVisibility",
            summary = "Say who may see it; of what its two parties say, the stricter holds")
    public TransferView changeVisibility(UUID id, @NotNull @Valid VisibilityRequest request) {
        return changeVisibility.change(caller.customerId(), id, request.visibility());
    }

    @POST
    @Path("{id}/claim")
    @Consumes(MediaType.WILDCARD)
    @Operation(
            operationId = "claimTransfer",
            summary = "Have what was sent to your phone before you were here")
    public TransferView claim(UUID id) {
        return history.view(claimTransfer.claim(caller.customerId(), id)).to(caller.customerId());
    }

    @GET
    @Path("{id}")
    @RolesAllowed(Scope.TRANSFERS_READ)
    @Operation(operationId = "getTransfer", summary = "A transfer that you sent or received")
    public TransferView get(UUID id) {
        return history.transfer(caller.customerId(), id)
                .orElseThrow(() -> TRANSFER_NOT_FOUND.because("No such transfer of yours."));
    }

    @GET
    @RolesAllowed(Scope.TRANSFERS_READ)
    @Operation(operationId = "listTransfers", summary = "What you sent and received, newest first")
    public Page<TransferView> list(
            @QueryParam("direction") @Nullable String direction,
            @QueryParam("state") @Nullable String state,
            @QueryParam("idempotencyKey") @Nullable String key,
            @BeanParam ListParameters parameters) {
        return history.transfers(caller.customerId(), direction, state, key, parameters);
    }
}
