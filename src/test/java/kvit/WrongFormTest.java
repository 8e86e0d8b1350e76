package kvit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.operate.Role;
import kvit.problem.ProblemBody;
import kvit.support.KvitTest;
import kvit.support.RawHttp;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is wrong in form gets the same problem at every operation of the contract, from whoever may
 * call it: none is forgotten, and none answers with a fault of ours.
 */
@KvitTest
class WrongFormTest {

    /** Takes files of any size that it counts by itself, and anything that is not JSON. */
    private static final String UPLOAD = "uploadSettlementFile";

    /** Whoever sends it signs the bytes, whatever they are. */
    private static final String NOTICE = "takeStripeNotice";

    private record Door(String id, String verb, String path, boolean takesJson) {}

    private record Answer(int status, String code) {}

    private final ObjectMapper json = new ObjectMapper();
    private List<Door> doors;
    private Set<String> documented;
    private String customer;
    private String operator;

    @BeforeEach
    void whoMayDoEverything() throws Exception {
        customer = TestPerson.fresh().accessToken();
        operator = TestOperator.with(Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN).token();
        documented =
                Files.readString(Path.of("docs/problems.md"))
                        .lines()
                        .filter(it -> it.startsWith("## "))
                        .map(it -> it.substring(3))
                        .collect(Collectors.toSet());
        doors = doors();
        assertThat(doors).hasSizeGreaterThan(150);
    }

    private List<Door> doors() throws JsonProcessingException {
        var contract =
                json.readTree(given().accept("application/json").get("/q/openapi").asString());
        var all = new ArrayList<Door>();
        for (var path : contract.get("paths").properties()) {
            for (var verb : path.getValue().properties()) {
                var id = verb.getValue().path("operationId").asText();
                if (!id.isEmpty()) {
                    all.add(
                            new Door(
                                    id,
                                    verb.getKey().toUpperCase(),
                                    path.getKey(),
                                    takesJson(verb.getValue())));
                }
            }
        }
        return all;
    }

    private static boolean takesJson(JsonNode operation) {
        return operation.path("requestBody").path("content").has("application/json");
    }

    /** Where a path names what is no id, or a kind, a day or a code that there is not. */
    @Test
    void whatIsNoIdNamesNothing() throws Exception {
        var wrong = new ArrayList<String>();
        for (var door : doors) {
            if (door.path().contains("{")) {
                for (var id : List.of("%27%20or%201=1", "%00")) {
                    var answer = call(door, id, "application/json", "{}");
                    // A body that lacks something, or what its names mean, may be minded first.
                    if (!Set.of(400, 404, 422).contains(answer.status())) {
                        wrong.add(door.id() + " " + id + ": " + answer);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aBodyOfAnotherTypeIsRefusedAsThat() throws Exception {
        assertEach("application/xml", "<a/>", new Answer(415, "media-type-not-supported"));
    }

    @Test
    void aBodyThatIsNoJsonIsRefusedAsThat() throws Exception {
        assertEach("application/json", "{\"reason\": ", new Answer(400, "body-malformed"));
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAsThat() throws Exception {
        var large = "{\"reason\": \"" + "x".repeat(64 * 1024) + "\"}";
        assertEach("application/json", large, new Answer(413, "body-too-large"));
    }

    private void assertEach(String type, String body, Answer expected) throws Exception {
        var wrong = new ArrayList<String>();
        for (var door : doors) {
            if (door.takesJson() && !Set.of(UPLOAD, NOTICE).contains(door.id())) {
                var answer = call(door, UUID.randomUUID().toString(), type, body);
                if (!answer.equals(expected)) {
                    wrong.add(door.id() + ": " + answer);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Whatever it is, it is a problem that has a page. */
    private Answer call(Door door, String id, String type, String body) throws Exception {
        var path = door.path().replaceAll("\\{[^}]*}", id);
        var token = path.startsWith("/v1/admin/") ? operator : customer;
        var request =
                RawHttp.request(path)
                        .header("Authorization", "Bearer " + token)
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .header("Kvit-Client", "web")
                        .header("Content-Type", type)
                        .method(door.verb(), publisher(door, body));
        var answer = RawHttp.send(request);
        var about = door.id() + " " + path + ": " + answer.statusCode() + " " + answer.body();
        assertThat(answer.headers().firstValue("Content-Type"))
                .as(about)
                .contains(ProblemBody.MEDIA_TYPE);
        var code = json.readTree(answer.body()).path("code").asText();
        assertThat(documented).as(about).contains(code);
        return new Answer(answer.statusCode(), code);
    }

    private static HttpRequest.BodyPublisher publisher(Door door, String body) {
        return Set.of("POST", "PUT", "PATCH").contains(door.verb())
                ? BodyPublishers.ofString(body)
                : BodyPublishers.noBody();
    }
}
