package kvit.identity;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/v1/me")
@Tag(name = "Me")
@RolesAllowed(Scope.PROFILE)
class MeResource {

    private final Customers customers;
    private final ChangeProfile changeProfile;
    private final Pins pins;
    private final Phones phones;
    private final Caller caller;

    MeResource(
            Customers customers,
            ChangeProfile changeProfile,
            Pins pins,
            Phones phones,
            Caller caller) {
        this.customers = customers;
        this.changeProfile = changeProfile;
        this.pins = pins;
        this.phones = phones;
        this.caller = caller;
    }

    @GET
    @Operation(operationId = "getMe", summary = "What we know of you")
    public CustomerView get() {
        var id = caller.customerId();
        return CustomerView.withPin(customers.findById(id), phones, pins.isSet(id));
    }

    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "changeMe", summary = "Change what is named, keep the rest")
    public CustomerView change(@NotNull @Valid ChangeProfile.Change change) {
        return changeProfile.change(caller.customerId(), change);
    }
}
