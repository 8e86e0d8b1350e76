package kvit.request;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keyed;
import kvit.identity.Caller;
import kvit.identity.ClientApps;
import kvit.identity.Scope;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.transfer.FundingSource;
import kvit.transfer.TransferView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/requests/{id}/shares/{shareId}")
@Tag(name = "Requests")
@RolesAllowed(Scope.TRANSFERS_SEND)
class ShareResource {

    private static final String KEY =
            "1 to 255 printable ASCII characters; the same key is the same transfer, for ever";

    /**
     * @param amount what the payer has seen; any other than the share's is refused
     */
    record PaymentRequest(
            @Nullable @PositiveAmount Money amount, @Nullable FundingSource fundingSource) {}

    record DivisionRequest(@Nullable Boolean includeMe) {}

    private final PayShare payShare;
    private final DeclineShare declineShare;
    private final RemindOfShare remindOfShare;
    private final DivideShare divideShare;
    private final RequestBook book;
    private final ClientApps clients;
    private final Caller caller;

    ShareResource(
            PayShare payShare,
            DeclineShare declineShare,
            RemindOfShare remindOfShare,
            DivideShare divideShare,
            RequestBook book,
            ClientApps clients,
            Caller caller) {
        this.payShare = payShare;
        this.declineShare = declineShare;
        this.remindOfShare = remindOfShare;
        this.divideShare = divideShare;
        this.book = book;
        this.clients = clients;
        this.caller = caller;
    }

    /** Blocking until its list takes it: it looks the share up, which the event loop must not. */
    @POST
    @Path("payment")
    @Blocking
    @Consumes(MediaType.APPLICATION_JSON)
    @Keyed
    @Operation(operationId = "payShare", summary = "Pay what you are asked for, by a transfer")
    @APIResponse(
            responseCode = "201",
            description = "The transfer, with the request that it is for",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TransferView.class)))
    public CompletionStage<Answer> pay(
            UUID id,
            UUID shareId,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid PaymentRequest request) {
        return payShare.pay(
                caller.customerId(),
                clients.of(caller),
                key,
                id,
                shareId,
                new PayShare.Order(request.amount(), request.fundingSource()));
    }

    /** Has no body; what comes with it is not read. */
    @POST
    @Path("decline")
    @Consumes(MediaType.WILDCARD)
    @Operation(operationId = "declineShare", summary = "Say for good that you do not pay")
    public RequestView decline(UUID id, UUID shareId) {
        var payer = caller.customerId();
        return book.view(payer, declineShare.decline(payer, id, shareId));
    }

    /** Has no body; what comes with it is not read. */
    @POST
    @Path("reminder")
    @Consumes(MediaType.WILDCARD)
    @Operation(
            operationId = "remindOfShare",
            summary = "Remind somebody of what they are asked for, once a day")
    public RequestView remind(UUID id, UUID shareId) {
        var asker = caller.customerId();
        return book.view(asker, remindOfShare.remind(asker, id, shareId));
    }

    @POST
    @Path("re-split")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "divideShare",
            summary = "Divide what somebody has declined among those who have not paid yet")
    public RequestView divide(UUID id, UUID shareId, @NotNull @Valid DivisionRequest request) {
        var asker = caller.customerId();
        var includeMe = Boolean.TRUE.equals(request.includeMe());
        return book.view(asker, divideShare.divide(asker, id, shareId, includeMe));
    }
}
