package kvit.transfer;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.identity.Caller;
import kvit.identity.ConfirmationView;
import kvit.identity.Scope;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/transfers/{id}/confirmation")
@Tag(name = "Transfers")
@RolesAllowed(Scope.TRANSFERS_SEND)
class ConfirmationResource {

    /** One of the two. */
    record ConfirmationRequest(
            @Nullable @Pattern(regexp = "[0-9]{6}") String code,
            @Nullable @Pattern(regexp = "[0-9]{6}") String pin) {

        /** So that no log ever shows one. */
        @Override
        public String toString() {
            return "ConfirmationRequest";
        }
    }

    private final ConfirmTransfer confirmTransfer;
    private final ResendConfirmation resendConfirmation;
    private final History history;
    private final Caller caller;

    ConfirmationResource(
            ConfirmTransfer confirmTransfer,
            ResendConfirmation resendConfirmation,
            History history,
            Caller caller) {
        this.confirmTransfer = confirmTransfer;
        this.resendConfirmation = resendConfirmation;
        this.history = history;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "confirmTransfer",
            summary = "Let a transfer go on with the code that was sent for it, or with your PIN")
    public TransferView confirm(UUID id, @NotNull @Valid ConfirmationRequest request) {
        return history.view(confirmed(id, request.code(), request.pin()));
    }

    private Transfer confirmed(UUID id, @Nullable String code, @Nullable String pin) {
        if (code != null && pin == null) {
            return confirmTransfer.confirm(caller.customerId(), id, code);
        }
        if (pin != null && code == null) {
            return confirmTransfer.confirmByPin(caller.customerId(), id, pin);
        }
        throw GeneralProblem.invalid("", "must have one of code, pin");
    }

    @POST
    @Path("resend")
    @Consumes(MediaType.WILDCARD)
    @ResponseStatus(202)
    @Operation(
            operationId = "resendConfirmation",
            summary = "Send a new code for a transfer; the old one is dead")
    @APIResponse(
            responseCode = "202",
            description = "The new code is on its way",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ConfirmationView.class)))
    public ConfirmationView resend(UUID id) {
        return resendConfirmation.resend(caller.customerId(), id);
    }
}
