package kvit.closing;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.identity.Caller;
import kvit.identity.ClientApps;
import kvit.identity.FreshProof;
import kvit.identity.Scope;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/me/closing")
@Tag(name = "Me")
@RolesAllowed(Scope.PROFILE)
class ClosingResource {

    /**
     * @param cardId where money that is left is paid out to
     * @param pin of whoever has one; others have signed in in the last ten minutes
     */
    record ClosingRequest(
            @Nullable UUID cardId, @Nullable @Pattern(regexp = "[0-9]{6}") String pin) {

        /** So that no log ever shows one. */
        @Override
        public String toString() {
            return "ClosingRequest";
        }
    }

    private final CloseAccount closeAccount;
    private final WithdrawClosing withdrawClosing;
    private final FreshProof proof;
    private final ClientApps clients;
    private final Caller caller;

    ClosingResource(
            CloseAccount closeAccount,
            WithdrawClosing withdrawClosing,
            FreshProof proof,
            ClientApps clients,
            Caller caller) {
        this.closeAccount = closeAccount;
        this.withdrawClosing = withdrawClosing;
        this.proof = proof;
        this.clients = clients;
        this.caller = caller;
    }

    /** Without a key: the same again changes nothing, but for money that is left by then. */
    @PUT
    @RolesAllowed(Caller.EVERYTHING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "closeAccount",
            summary = "Close your account",
            description =
                    "Takes back what waits, pays out what is left to the card, and closes by itself"
                            + " when all of it has arrived. Until then you can still be paid out, and"
                            + " withdraw it. It takes your PIN or, without one, a sign-in of the last"
                            + " ten minutes, and a front end that may do everything.")
    public ClosingView close(@NotNull @Valid ClosingRequest request) {
        proof.require(caller, request.pin());
        return closeAccount.close(caller.customerId(), clients.of(caller), request.cardId());
    }

    @GET
    @Operation(operationId = "getClosing", summary = "What the closing of your account waits for")
    public ClosingView get() {
        return closeAccount.view(caller.customerId());
    }

    @DELETE
    @Operation(
            operationId = "withdrawClosing",
            summary = "Keep your account",
            description = "What was taken back or paid out stays so.")
    public void withdraw() {
        withdrawClosing.withdraw(caller.customerId());
    }
}
