package kvit.books;

import static kvit.books.BooksProblem.SEAL_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/ledger")
@Tag(name = "Books")
@RolesAllowed({Role.FINANCE, Role.APPROVER, Role.ADMIN})
class SealResource {

    private static final Pattern HEAD = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-f]{64})");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final int HEADS_MAX = 1_000;

    private final SealViews seals;
    private final VerifyBooks verifyBooks;
    private final Cursors cursors;

    SealResource(SealViews seals, VerifyBooks verifyBooks, Cursors cursors) {
        this.seals = seals;
        this.verifyBooks = verifyBooks;
        this.cursors = cursors;
    }

    /** What to keep elsewhere: of each day how far the chain went, signed. */
    @GET
    @Path("seals")
    @Operation(operationId = "listSeals", summary = "The signed heads of the chain, newest first")
    public Page<SealViews.SignedView> list(@BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var before = cursors.decode("seals", parameters.cursor()).orElse(null);
        return Page.of(
                seals.signed(before, limit + 1),
                limit,
                last -> cursors.encode("seals", last.day().toString()));
    }

    @GET
    @Path("seals/{number}")
    @Operation(operationId = "getSeal", summary = "One link of the chain, with all that it is of")
    public SealViews.View get(String number) {
        if (!NUMBER.matcher(number).matches()) {
            throw SEAL_NOT_FOUND.because("Numbers begin with 1.");
        }
        return seals.view(Long.parseLong(number));
    }

    /**
     * Answers when it is through, some seconds per million entries. The parameter is NUMBER:DIGEST
     * of a head that was kept elsewhere, any number of times.
     */
    @GET
    @Path("verification")
    @Operation(
            operationId = "verifyBooks",
            summary = "Add up all that the books say, and compare it with what they said")
    public Verification.Result verify(@QueryParam("head") @Nullable List<String> heads) {
        var known = new ArrayList<Head>();
        for (var text : heads == null ? List.<String>of() : heads) {
            var parts = HEAD.matcher(text);
            if (!parts.matches() || known.size() == HEADS_MAX) {
                throw GeneralProblem.invalid("?head", "must be NUMBER:DIGEST, the digest in hex");
            }
            known.add(new Head(Long.parseLong(parts.group(1)), parts.group(2)));
        }
        return verifyBooks.verify(known);
    }
}
