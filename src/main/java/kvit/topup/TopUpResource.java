package kvit.topup;

import static kvit.topup.TopUpProblem.TOP_UP_NOT_FOUND;

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

@Path(TopUpResource.PATH)
@Tag(name = "Top-ups")
@RolesAllowed(Scope.CARDS)
class TopUpResource {

    static final String PATH = "/v1/top-ups";

    private static final String KEY =
            "1 to 255 printable ASCII characters; the same key is the same top-up, for ever";

    record TopUpRequest(@NotNull UUID cardId, @NotNull @PositiveAmount Money amount) {}

    private final TopUpWallet topUpWallet;
    private final TopUpStore store;
    private final Cursors cursors;
    private final RequestIds requestIds;
    private final ClientApps clients;
    private final Caller caller;

    TopUpResource(
            TopUpWallet topUpWallet,
            TopUpStore store,
            Cursors cursors,
            RequestIds requestIds,
            ClientApps clients,
            Caller caller) {
        this.topUpWallet = topUpWallet;
        this.store = store;
        this.cursors = cursors;
        this.requestIds = requestIds;
        this.clients = clients;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Keyed
    @Operation(operationId = "topUp", summary = "Bring money from a card into the wallet")
    @APIResponse(
            responseCode = "201",
            description =
                    "The top-up: completed, or pending while nobody knows what became of the charge",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TopUpView.class)))
    public Answer topUp(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid TopUpRequest request) {
        return topUpWallet.topUp(
                new TopUpWallet.Attempt(
                        caller.customerId(),
                        clients.of(caller),
                        IdempotencyKey.parse(key),
                        requestIds.current(),
                        new TopUpWallet.Order(request.cardId(), request.amount())));
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getTopUp", summary = "One of your top-ups, as it stands now")
    public TopUpView get(UUID id) {
        return store.find(caller.customerId(), id)
                .map(TopUpView::of)
                .orElseThrow(() -> TOP_UP_NOT_FOUND.because("No such top-up of yours."));
    }

    @GET
    @Operation(operationId = "listTopUps", summary = "Your top-ups, the newest first")
    public Page<TopUpView> list(@BeanParam PageParameters parameters) {
        var customer = caller.customerId();
        return cursors.page(
                        "top-ups|" + customer,
                        parameters,
                        (before, atMost) -> store.list(customer, before, atMost),
                        TopUp::id)
                .map(TopUpView::of);
    }
}
