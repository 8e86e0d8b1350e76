package kvit.identity;

import static kvit.identity.PersonProblem.PERSON_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/people")
@Tag(name = "People")
@RolesAllowed(Scope.PROFILE)
class PeopleResource {

    private final People people;
    private final LookUps lookUps;
    private final Caller caller;

    PeopleResource(People people, LookUps lookUps, Caller caller) {
        this.people = people;
        this.lookUps = lookUps;
        this.caller = caller;
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
        lookUps.take(caller.customerId());
        var person = people.visible(ref);
        if (person == null) {
            throw PERSON_NOT_FOUND.because("Nobody here has it.");
        }
        return person;
    }
}
