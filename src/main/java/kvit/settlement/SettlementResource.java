package kvit.settlement;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Settlement files")
@RolesAllowed({Role.FINANCE, Role.APPROVER, Role.ADMIN})
class SettlementResource {

    private static final String XML = "application/xml";
    private static final String CSV = "text/csv";
    private static final int TEXT_MAX = 500;

    record SourceRequest(
            @NotNull @Valid SourceDraft source, @NotBlank @Size(max = TEXT_MAX) String reason) {}

    /** What the next statement opens with; below zero where the account is overdrawn. */
    record ChainRequest(@NotNull Money opening, @NotBlank @Size(max = TEXT_MAX) String reason) {}

    /** There are never so many that they need a second page. */
    record SourceList(List<SettlementSource> items, @Nullable String nextCursor) {}

    private final SettlementSources sources;
    private final ChangeSource changeSource;
    private final Propose propose;
    private final UploadFile uploadFile;
    private final WithdrawFile withdrawFile;
    private final BeginChain beginChain;
    private final FileStore files;
    private final LineStore lines;
    private final Cursors cursors;

    SettlementResource(
            SettlementSources sources,
            ChangeSource changeSource,
            Propose propose,
            UploadFile uploadFile,
            WithdrawFile withdrawFile,
            BeginChain beginChain,
            FileStore files,
            LineStore lines,
            Cursors cursors) {
        this.sources = sources;
        this.changeSource = changeSource;
        this.propose = propose;
        this.uploadFile = uploadFile;
        this.withdrawFile = withdrawFile;
        this.beginChain = beginChain;
        this.files = files;
        this.lines = lines;
        this.cursors = cursors;
    }

    @GET
    @Path("settlement-sources")
    @Operation(
            operationId = "listSettlementSources",
            summary = "Who sends settlement files, and how they are read")
    public SourceList sources() {
        return new SourceList(sources.all(), null);
    }

    /** 202: nothing has changed yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("settlement-sources")
    @RolesAllowed({Role.FINANCE, Role.ADMIN})
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeSettlementSource",
            summary = "Ask for a new source, or for another version of one")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView propose(@NotNull @Valid SourceRequest request) {
        changeSource.checked(request.source());
        return propose.propose(changeSource, request.source(), request.reason());
    }

    /** 202: the next statement still has to go on where the last one has ended. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("settlement-sources/{code}/chains")
    @RolesAllowed({Role.FINANCE, Role.ADMIN})
    @ResponseStatus(202)
    @Operation(
            operationId = "beginStatementChain",
            summary = "Ask for a bank's statements to begin anew, with a balance")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView begin(
            @PathParam("code") String code, @NotNull @Valid ChainRequest request) {
        return propose.propose(
                beginChain, beginChain.beginning(code, request.opening()), request.reason());
    }

    /** 202: it still counts. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("settlement-files/{id}/withdrawal")
    @RolesAllowed({Role.FINANCE, Role.ADMIN})
    @ResponseStatus(202)
    @Operation(
            operationId = "withdrawSettlementFile",
            summary = "Ask for a file that is good in form and wrong in fact not to count")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView withdraw(@PathParam("id") UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(withdrawFile, withdrawFile.withdrawal(id), request.reason());
    }

    @POST
    @Consumes({CSV, XML, "text/xml", MediaType.TEXT_PLAIN, MediaType.APPLICATION_OCTET_STREAM})
    @Path("settlement-files")
    @RolesAllowed(Role.FINANCE)
    @Operation(
            operationId = "uploadSettlementFile",
            summary = "Bring a settlement file or a bank statement, as it came")
    @RequestBody(
            content = {
                @Content(mediaType = CSV, schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = XML, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(
            responseCode = "201",
            description = "It is good, and its lines can be read",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = FileView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The same bytes had come before",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = FileView.class)))
    public RestResponse<FileView> upload(
            @QueryParam("source") @Parameter(required = true) @Nullable String source,
            @QueryParam("name") @Parameter(required = true) @Nullable String name,
            @QueryParam("reason") @Parameter(required = true) @Nullable String reason,
            @Nullable InputStream body)
            throws IOException {
        var uploaded =
                uploadFile.upload(
                        new UploadFile.Upload(
                                text("?source", source),
                                text("?name", name),
                                text("?reason", reason)),
                        body == null ? InputStream.nullInputStream() : body);
        var status = uploaded.isNew() ? RestResponse.Status.CREATED : RestResponse.Status.OK;
        return RestResponse.status(status, uploaded.file());
    }

    @GET
    @Path("settlement-files")
    @Operation(operationId = "listSettlementFiles", summary = "All files, the newest first")
    public Page<FileView> files(
            @QueryParam("source") @Nullable String source,
            @QueryParam("state") @Nullable String state,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var list = String.join("|", "settlement-files", source, state);
        var before = cursors.decode(list, parameters.cursor()).map(UUID::fromString).orElse(null);
        var found = files.list(source, state == null ? null : state(state), before, limit + 1);
        return Page.of(found, limit, last -> cursors.encode(list, last.id().toString()));
    }

    @GET
    @Path("settlement-files/{id}")
    @Operation(operationId = "getSettlementFile", summary = "One file, and what is wrong with it")
    public FileView file(@PathParam("id") UUID id) {
        return require(id);
    }

    @GET
    @Path("settlement-files/{id}/lines")
    @Operation(operationId = "listSettlementLines", summary = "What a file says, in its order")
    public Page<SettlementLine> lines(
            @PathParam("id") UUID id, @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var list = "settlement-lines|" + require(id).id();
        var after = cursors.decode(list, parameters.cursor()).map(Integer::valueOf).orElse(0);
        var found = lines.list(id, after, limit + 1);
        return Page.of(found, limit, last -> cursors.encode(list, Integer.toString(last.number())));
    }

    @GET
    @Path("settlement-files/{id}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(operationId = "getSettlementFileContent", summary = "The bytes as they came")
    @APIResponse(
            responseCode = "200",
            description = "The bytes",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public RestResponse<StreamingOutput> content(@PathParam("id") UUID id) {
        var file = require(id);
        StreamingOutput bytes =
                out -> {
                    for (var part = 1; ; part++) {
                        var next = files.part(file.id(), part);
                        if (next.isEmpty()) {
                            return;
                        }
                        out.write(next.get());
                    }
                };
        // By our own name: theirs might be anything, and a browser would do what it says.
        return RestResponse.ResponseBuilder.ok(bytes)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=" + file.id())
                .build();
    }

    private FileView require(UUID id) {
        return files.find(id)
                .orElseThrow(() -> GeneralProblem.NOT_FOUND.because("There is no such file."));
    }

    private static FileView.State state(String text) {
        return Arrays.stream(FileView.State.values())
                .filter(it -> it.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        "?state",
                                        "must be one of " + List.of(FileView.State.values())));
    }

    private static String text(String parameter, @Nullable String value) {
        if (value == null || value.isBlank() || value.length() > TEXT_MAX) {
            throw GeneralProblem.invalid(parameter, "must be given, in at most 500 characters");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw GeneralProblem.invalid(parameter, "must be one line of text");
        }
        return value;
    }
}
