package kvit.friend;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.UUID;
import kvit.identity.Blocks;
import kvit.identity.Caller;
import kvit.identity.PersonView;
import kvit.identity.Scope;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/v1/blocks")
@Tag(name = "Friends")
@RolesAllowed(Scope.PROFILE)
class BlockResource {

    /**
     * @param person no more than the id of one who is nobody to you for another reason, too
     */
    record BlockView(PersonView person, Instant since) {}

    private final BlockPerson blockPerson;
    private final Blocks blocks;
    private final Cursors cursors;
    private final Caller caller;

    BlockResource(BlockPerson blockPerson, Blocks blocks, Cursors cursors, Caller caller) {
        this.blockPerson = blockPerson;
        this.blocks = blocks;
        this.cursors = cursors;
        this.caller = caller;
    }

    @GET
    @Operation(operationId = "listBlocks", summary = "Whom you have blocked, the last one first")
    public Page<BlockView> list(@BeanParam PageParameters parameters) {
        var person = caller.customerId();
        return cursors.page(
                        "blocks|" + person,
                        parameters,
                        (before, atMost) -> blocks.of(person, before, atMost),
                        Blocks.Block::id)
                .map(it -> new BlockView(it.person(), it.since()));
    }

    /**
     * Said twice it is said once, so it takes no key. Has no body; what comes with it is not read.
     */
    @PUT
    @Path("{id}")
    @Consumes(MediaType.WILDCARD)
    @Operation(
            operationId = "blockPerson",
            summary = "Be nobody to somebody from here on, and they to you; they are not told")
    public void block(UUID id) {
        blockPerson.block(caller.customerId(), id);
    }

    @DELETE
    @Path("{id}")
    @Operation(operationId = "unblockPerson", summary = "Take a block back")
    public void unblock(UUID id) {
        blockPerson.unblock(caller.customerId(), id);
    }
}
