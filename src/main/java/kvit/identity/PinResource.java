package kvit.identity;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/me/pin")
@Tag(name = "Me")
@RolesAllowed(Scope.PROFILE)
class PinResource {

    /**
     * @param currentPin needed where there is a PIN
     */
    record PinRequest(
            @NotNull @Pattern(regexp = WeakPins.FORM) String pin,
            @Nullable @Pattern(regexp = WeakPins.FORM) String currentPin) {

        /** So that no log ever shows one. */
        @Override
        public String toString() {
            return "PinRequest";
        }
    }

    /**
     * @param cardLast4 the last digits of an active card
     */
    record PinResetRequest(
            @NotNull @Pattern(regexp = WeakPins.FORM) String pin,
            @NotNull @Pattern(regexp = "[0-9]{4}") String cardLast4) {

        @Override
        public String toString() {
            return "PinResetRequest";
        }
    }

    private final SetPin setPin;
    private final ResetPin resetPin;
    private final Caller caller;

    PinResource(SetPin setPin, ResetPin resetPin, Caller caller) {
        this.setPin = setPin;
        this.resetPin = resetPin;
        this.caller = caller;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setPin",
            summary = "Set your PIN, or another one for the one of now",
            description =
                    "The first one takes a sign-in of the last ten minutes, or it is a 422 sign-in-too-old.")
    public void set(@NotNull @Valid PinRequest request) {
        setPin.set(caller.customerId(), caller.sessionId(), request.pin(), request.currentPin());
    }

    /** Without a key: a session resets once, so a late duplicate changes nothing. */
    @POST
    @Path("reset")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "resetPin",
            summary = "Set a PIN in place of a forgotten one, right after signing in",
            description =
                    "It takes a sign-in of the last ten minutes, which resets once. The same request "
                            + "again is a 204 without effect.")
    @APIResponse(responseCode = "204", description = "It is set; other devices are signed out")
    public void reset(@NotNull @Valid PinResetRequest request) {
        resetPin.reset(caller.customerId(), caller.sessionId(), request.pin(), request.cardLast4());
    }
}
