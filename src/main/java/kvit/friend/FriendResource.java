package kvit.friend;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.identity.Caller;
import kvit.identity.Scope;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/friends")
@Tag(name = "Friends")
@RolesAllowed(Scope.PROFILE)
class FriendResource {

    private final AskForFriendship askForFriendship;
    private final EndFriendship endFriendship;
    private final FriendList list;
    private final Caller caller;

    FriendResource(
            AskForFriendship askForFriendship,
            EndFriendship endFriendship,
            FriendList list,
            Caller caller) {
        this.askForFriendship = askForFriendship;
        this.endFriendship = endFriendship;
        this.list = list;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listFriends",
            summary = "Your friends, whom you have asked, or who has asked you; newest first")
    public Page<FriendView> list(
            @QueryParam("state")
                    @Parameter(description = "friends, sent or received; friends without it")
                    @Nullable String state,
            @BeanParam PageParameters parameters) {
        return list.page(caller.customerId(), state, parameters);
    }

    /**
     * Said twice it is said once, so it takes no key. Has no body; what comes with it is not read.
     */
    @PUT
    @Path("{id}")
    @Consumes(MediaType.WILDCARD)
    @Operation(
            operationId = "askForFriendship",
            summary = "Ask somebody to be friends, or agree where they have asked you")
    public FriendView ask(UUID id) {
        return askForFriendship.ask(caller.customerId(), id);
    }

    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "endFriendship",
            summary = "End a friendship, take back what you asked, or decline; nobody is told")
    public void end(UUID id) {
        endFriendship.end(caller.customerId(), id);
    }
}
