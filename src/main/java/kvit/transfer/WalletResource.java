package kvit.transfer;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import kvit.identity.Caller;
import kvit.identity.Scope;
import kvit.ledger.Balance;
import kvit.ledger.Ledger;
import kvit.paging.ListParameters;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/me")
@Tag(name = "The wallet")
@RolesAllowed(Scope.WALLET)
class WalletResource {

    /** One per currency; there are never so many that they need a second page. */
    record BalanceList(List<Balance> items) {}

    private final Ledger ledger;
    private final History history;
    private final Caller caller;

    WalletResource(Ledger ledger, History history, Caller caller) {
        this.ledger = ledger;
        this.history = history;
        this.caller = caller;
    }

    @GET
    @Path("balances")
    @Operation(operationId = "getBalances", summary = "What you have, one per currency")
    public BalanceList balances() {
        return new BalanceList(ledger.balances(caller.customerId()));
    }

    @GET
    @Path("entries")
    @Operation(operationId = "listEntries", summary = "The lines of your statement, newest first")
    public StatementView entries(
            @QueryParam("currency") @Nullable String currency,
            @BeanParam ListParameters parameters) {
        return history.statement(caller.customerId(), currency, parameters);
    }
}
