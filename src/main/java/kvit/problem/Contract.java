package kvit.problem;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Says in the contract what no single operation has to say: any of them may answer with a problem.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class Contract implements OASFilter {

    private static final String PROBLEM = "Problem";

    @Override
    public void filterOpenAPI(OpenAPI contract) {
        contract.getComponents().addSchema(PROBLEM, problem());
        contract.getPaths()
                .getPathItems()
                .values()
                .forEach(path -> path.getOperations().values().forEach(Contract::addProblem));
    }

    private static void addProblem(Operation operation) {
        operation.getResponses().setDefaultValue(refusal());
        // Of the framework's own making, and said better by the one above.
        List.of("400", "401", "403").forEach(operation.getResponses()::removeAPIResponse);
    }

    private static APIResponse refusal() {
        return OASFactory.createAPIResponse()
                .description("A problem: RFC 9457; its type is a page that says what to do")
                .content(
                        OASFactory.createContent()
                                .addMediaType(
                                        ProblemBody.MEDIA_TYPE,
                                        OASFactory.createMediaType()
                                                .schema(
                                                        OASFactory.createSchema()
                                                                .ref(
                                                                        "#/components/schemas/"
                                                                                + PROBLEM))));
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .type(List.of(SchemaType.OBJECT))
                .required(
                        List.of(
                                "type",
                                "title",
                                "status",
                                "detail",
                                "code",
                                "requestId",
                                "retryable"))
                .addProperty("type", text("/problems/{code}, a page of this service"))
                .addProperty("title", text("The same for every occurrence"))
                .addProperty("status", number("The HTTP status"))
                .addProperty("detail", text("For the caller, about this occurrence"))
                .addProperty("code", text("The stable name, such as insufficient-funds"))
                .addProperty("requestId", text("To ask us about it"))
                .addProperty("retryable", flag("Whether the same request may succeed later"))
                .description("Further members by code: docs/problems.md");
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().type(List.of(SchemaType.STRING)).description(description);
    }

    private static Schema number(String description) {
        return OASFactory.createSchema().type(List.of(SchemaType.INTEGER)).description(description);
    }

    private static Schema flag(String description) {
        return OASFactory.createSchema().type(List.of(SchemaType.BOOLEAN)).description(description);
    }
}
