package kvit.feed;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import kvit.identity.Caller;
import kvit.identity.Scope;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/feed")
@Tag(name = "Friends")
@RolesAllowed(Scope.TRANSFERS_READ)
class FeedResource {

    private final ReadFeed readFeed;
    private final Caller caller;

    FeedResource(ReadFeed readFeed, Caller caller) {
        this.readFeed = readFeed;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "readFeed",
            summary = "Who has paid whom, as far as you may see it, newest first; never how much")
    public Page<FeedEntry> read(
            @QueryParam("of")
                    @Parameter(
                            description = "One person's; without it, yours and your friends'",
                            schema = @Schema(format = "uuid"))
                    @Nullable String of,
            @BeanParam PageParameters parameters) {
        return readFeed.page(caller.customerId(), of == null ? null : id(of), parameters);
    }

    /** Read as text, because JAX-RS answers 404 to what it cannot read. */
    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw GeneralProblem.invalid("?of", "must be an id");
        }
    }
}
