package kvit.closing;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import kvit.identity.Caller;
import kvit.identity.FreshProof;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/v1/me/export")
@Tag(name = "Me")
@RolesAllowed(Caller.EVERYTHING)
class ExportResource {

    private final ExportPerson exportPerson;
    private final FreshProof proof;
    private final Caller caller;

    ExportResource(ExportPerson exportPerson, FreshProof proof, Caller caller) {
        this.exportPerson = exportPerson;
        this.proof = proof;
        this.caller = caller;
    }

    @GET
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "exportMe",
            summary = "All that we have of you, as a JSON file",
            description =
                    "It takes a sign-in of the last ten minutes and a front end that may do"
                            + " everything, and goes a few times a day.")
    @APIResponse(
            responseCode = "200",
            description = "One object with a list for each part; never a card's number",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public RestResponse<StreamingOutput> export() {
        proof.requireSignIn(caller);
        var content = exportPerson.export(caller.customerId(), caller.sessionId(), caller.client());
        // As bytes: what is streamed as text, the framework writes as the name of its class.
        return RestResponse.ResponseBuilder.ok(content)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"kvit.json\"")
                .build();
    }
}
