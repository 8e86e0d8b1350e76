package kvit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

/**
 * The contract that is checked in is the contract that is served. {@code -Dcontract.update=true}
 * rewrites it, for a person to read the difference before it is committed.
 */
@KvitTest
class ContractTest {

    private static final Path CONTRACT = Path.of("openapi.yaml");

    @Test
    void theContractIsWhatIsServed() throws IOException {
        var served = served();
        if (Boolean.getBoolean("contract.update")) {
            Files.writeString(CONTRACT, served);
        }
        assertThat(served).isEqualTo(Files.readString(CONTRACT));
    }

    /** What every operation answers is said of every operation. */
    @Test
    void everyOperationHasItsNameAndItsProblems() {
        var operations =
                served().lines().filter(it -> it.strip().startsWith("operationId:")).toList();

        assertThat(operations).isNotEmpty().doesNotHaveDuplicates();
        assertThat(served().lines().filter(it -> it.matches(" {4}(get|post|patch|put|delete):")))
                .hasSameSizeAs(operations);
        assertThat(served().lines().filter(it -> it.matches(" {8}\"?default\"?:")))
                .hasSameSizeAs(operations);
    }

    /**
     * A number is given to the second one of a name, and another one when a third comes before it.
     */
    @Test
    void everySchemaHasANameOfItsOwn() {
        assertThat(served().lines().filter(it -> it.matches(" {4}[A-Z]\\w*\\d:"))).isEmpty();
    }

    /** So that a generated client gives its user what came, and not nothing. */
    @Test
    void everyAnswerSaysWhatItCarries() throws IOException {
        var silent = new ArrayList<String>();
        var paths = new ObjectMapper().readTree(served("application/json")).path("paths");
        for (var path : paths.properties()) {
            for (var operation : path.getValue().properties()) {
                var answers = operation.getValue().path("responses");
                Stream.of("200", "201", "202")
                        .filter(it -> answers.has(it) && !answers.path(it).has("content"))
                        .map(it -> it + " of " + operation.getKey() + " " + path.getKey())
                        .forEach(silent::add);
            }
        }
        assertThat(silent).isEmpty();
    }

    private static String served() {
        return served("application/yaml");
    }

    private static String served(String type) {
        return given().accept(type).get("/q/openapi").then().statusCode(200).extract().asString();
    }
}
