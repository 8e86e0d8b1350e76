package kvit.books;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import kvit.books.ExportBooks.Format;
import kvit.books.ExportBooks.Span;
import kvit.operate.Role;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Times are those that postings count for; a day is meant with all of it. */
@Path("/v1/admin/ledger/exports")
@Tag(name = "Books")
@RolesAllowed({Role.FINANCE, Role.APPROVER})
class ExportResource {

    private final ExportBooks exportBooks;

    ExportResource(ExportBooks exportBooks) {
        this.exportBooks = exportBooks;
    }

    @GET
    @Path("trial-balance")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(operationId = "exportTrialBalance", summary = "A trial balance as a file")
    @APIResponse(
            responseCode = "200",
            description = "Line by line",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public RestResponse<StreamingOutput> trialBalance(
            @QueryParam("format") @Nullable String format,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("knownAt") @Nullable String knownAt) {
        var as = format(format);
        return answer(
                "trial-balance",
                as,
                exportBooks.trialBalance(
                        as, Moments.end("?asOf", asOf), Moments.end("?knownAt", knownAt)));
    }

    @GET
    @Path("{what}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "exportBooks",
            summary = "All entries, postings or accounts as a file, of any length")
    @APIResponse(
            responseCode = "200",
            description = "Line by line",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public RestResponse<StreamingOutput> export(
            String what,
            @QueryParam("format") @Nullable String format,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        var export = Export.of(what);
        var as = format(format);
        var span = new Span(Moments.begin("?from", from), Moments.end("?to", to));
        return answer(what, as, exportBooks.export(export, as, span));
    }

    private static RestResponse<StreamingOutput> answer(
            String name, Format format, StreamingOutput content) {
        var csv = format == Format.CSV;
        // As bytes: what is streamed as text, the framework writes as the name of its class.
        return RestResponse.ResponseBuilder.ok(content)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"%s.%s\"".formatted(name, csv ? "csv" : "jsonl"))
                .build();
    }

    private static Format format(@Nullable String text) {
        if (text == null || text.equals("csv")) {
            return Format.CSV;
        }
        if (text.equals("jsonl")) {
            return Format.JSONL;
        }
        throw GeneralProblem.invalid("?format", "must be csv or jsonl");
    }
}
