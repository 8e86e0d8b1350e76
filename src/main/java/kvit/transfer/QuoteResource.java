package kvit.transfer;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import kvit.identity.Caller;
import kvit.identity.ClientApps;
import kvit.identity.LookUps;
import kvit.identity.PersonRef;
import kvit.identity.Scope;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/quotes")
@Tag(name = "Transfers")
@RolesAllowed(Scope.TRANSFERS_SEND)
class QuoteResource {

    /** A quote takes no key: nothing is kept of it. */
    private static final String NO_KEY = "quote";

    record QuoteRequest(
            @NotNull @Valid PersonRef payee,
            @NotNull @PositiveAmount Money amount,
            @Nullable FundingSource fundingSource) {}

    private final QuoteTransfer quoteTransfer;
    private final Attempts attempts;
    private final Caller caller;
    private final ClientApps clients;
    private final LookUps lookUps;

    QuoteResource(
            QuoteTransfer quoteTransfer,
            Attempts attempts,
            Caller caller,
            ClientApps clients,
            LookUps lookUps) {
        this.quoteTransfer = quoteTransfer;
        this.attempts = attempts;
        this.caller = caller;
        this.clients = clients;
        this.lookUps = lookUps;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "quoteTransfer",
            summary = "The verdict that a transfer would get now; moves nothing")
    public QuoteTransfer.Quote quote(@NotNull @Valid QuoteRequest request) {
        var order =
                new SendMoney.Order(
                        request.payee(),
                        request.amount(),
                        null,
                        null,
                        null,
                        null,
                        FundingSource.card(request.fundingSource()),
                        null);
        // A quote tells whether a phone or a handle is a customer's, and costs nothing else.
        if (order.payee().customerId() == null) {
            lookUps.take(caller.customerId());
        }
        return quoteTransfer.quote(
                attempts.attempt(
                        caller.customerId(), clients.of(caller), NO_KEY, "/v1/quotes", order));
    }
}
