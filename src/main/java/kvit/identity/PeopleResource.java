package kvit.identity;

import static kvit.identity.PersonProblem.PERSON_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/people")
@Tag(name = "People")
@RolesAllowed(Scope.PROFILE)
class PeopleResource {

    /** A large part of an address book, and below what a body may have. */
    private static final int HASHES_MAX = 500;

    /**
     * @param hashes SHA-256 of numbers as E.164 has them, {@code +12025550100}, in lower-case
     *     hexadecimal
     */
    record ContactsRequest(
            @NotNull @Size(min = 1, max = HASHES_MAX)
                    List<@NotNull @Pattern(regexp = "[0-9a-f]{64}") String> hashes) {}

    private final People people;
    private final FindContacts findContacts;
    private final LookUps lookUps;
    private final Caller caller;

    PeopleResource(People people, FindContacts findContacts, LookUps lookUps, Caller caller) {
        this.people = people;
        this.findContacts = findContacts;
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
        var viewer = caller.customerId();
        lookUps.take(viewer);
        var person = people.visible(viewer, ref);
        if (person == null) {
            throw PERSON_NOT_FOUND.because("Nobody here has it.");
        }
        return person;
    }

    /** Keeps nothing of what was asked: neither in a table nor in a log. */
    @POST
    @Path("matches")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "findContacts",
            summary = "Who of an address book is here, by hashes of their numbers")
    public FindContacts.Contacts matches(@NotNull @Valid ContactsRequest request) {
        return findContacts.find(caller.customerId(), request.hashes());
    }
}
