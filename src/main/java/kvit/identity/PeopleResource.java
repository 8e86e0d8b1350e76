package kvit.identity;

import static kvit.identity.IdentityProblem.PERSON_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import kvit.identity.RateLimits.Limit;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/people")
@Tag(name = "People")
@RolesAllowed(Caller.CUSTOMER)
class PeopleResource {

    private final People people;
    private final RateLimits limits;
    private final Caller caller;
    private final Limit lookUps;

    PeopleResource(People people, RateLimits limits, Caller caller, IdentityConfig config) {
        this.people = people;
        this.limits = limits;
        this.caller = caller;
        this.lookUps = new Limit(config.lookUpsPerMinute(), Duration.ofMinutes(1));
    }

    @GET
    @Operation(operationId = "findPerson", summary = "One person, by handle or by phone")
    public PersonView find(
            @QueryParam("handle") @Nullable String handle,
            @QueryParam("phone") @Nullable String phone) {
        var ref = new PersonRef(null, handle, phone);
        if (!ref.namesOne()) {
            throw GeneralProblem.invalid("?handle", "or ?phone must be given, and not both");
        }
        limits.take("look-up:" + caller.customerId(), 1, lookUps)
                .ifPresent(
                        wait -> {
                            throw GeneralProblem.TOO_MANY_REQUESTS
                                    .because("You look up more people than anybody knows.")
                                    .retryAfter(wait);
                        });
        var person = people.visible(ref);
        if (person == null) {
            throw PERSON_NOT_FOUND.because("Nobody here has it.");
        }
        return person;
    }
}
