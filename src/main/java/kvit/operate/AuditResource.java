package kvit.operate;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Map;
import java.util.regex.Pattern;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** For those who look after operators, and those who answer for what others do. */
@Path("/v1/admin/audit")
@Tag(name = "Operators")
@RolesAllowed({Role.APPROVER, Role.ADMIN})
class AuditResource {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final AuditSearch search;
    private final VerifyAudit verifyAudit;

    AuditResource(AuditSearch search, VerifyAudit verifyAudit) {
        this.search = search;
        this.verifyAudit = verifyAudit;
    }

    @GET
    @Operation(operationId = "listAudit", summary = "What operators did, the newest first")
    public Page<AuditView> list(
            @Parameter(description = "Id or e-mail") @QueryParam("operator")
                    @Nullable String operator,
            @QueryParam("action") @Nullable String action,
            @QueryParam("resource") @Nullable String resource,
            @Parameter(description = "The first moment") @QueryParam("from") @Nullable String from,
            @Parameter(description = "The first moment that is not in it any more")
                    @QueryParam("to")
                    @Nullable String to,
            @BeanParam PageParameters parameters) {
        return search.list(
                new AuditSearch.Filter(operator, action, resource, from, to), parameters);
    }

    @GET
    @Path("verification")
    @Operation(
            operationId = "verifyAudit",
            summary = "Whether the audit trail is what was written, or the first that does not fit")
    public VerifyAudit.Verification verify(
            @Parameter(description = "A place in the chain whose digest you have kept")
                    @QueryParam("number")
                    @Nullable String number,
            @Parameter(description = "That digest, in hex") @QueryParam("digest")
                    @Nullable String digest) {
        if (number == null && digest == null) {
            return verifyAudit.verify(Map.of());
        }
        if (number == null || !NUMBER.matcher(number).matches()) {
            throw GeneralProblem.invalid("?number", "must be the number of a row");
        }
        if (digest == null || !DIGEST.matcher(digest).matches()) {
            throw GeneralProblem.invalid("?digest", "must be a digest, 64 digits in hex");
        }
        return verifyAudit.verify(Map.of(Long.valueOf(number), digest));
    }
}
