package kvit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/**
 * Who may do what, of every operation and everybody: what is not in {@code access.txt} does not
 * pass, nor does what is there and does not exist.
 */
@KvitTest
class AccessTest {

    private static final Path TABLE = Path.of("src/test/java/kvit/access.txt");

    /** The columns of the table, in its order. */
    enum Who {
        NOBODY,
        CUSTOMER,
        OTHER,
        UNSCOPED,
        SUPPORT,
        FINANCE,
        APPROVER,
        ADMIN
    }

    /** Refused by what comes before the operation itself, or let through to whatever it says. */
    private static final Set<String> CELLS = Set.of("ok", "401", "403", "404");

    /** What stands behind the columns: a body, where {} does not get as far as the question. */
    record Line(List<String> cells, String body) {}

    record Operation(String id, String verb, String path, String type) {}

    /** Who is refused is asked first: what is let through may use up what the others ask for. */
    private static final List<Who> ORDER =
            List.of(
                    Who.NOBODY,
                    Who.UNSCOPED,
                    Who.OTHER,
                    Who.SUPPORT,
                    Who.FINANCE,
                    Who.APPROVER,
                    Who.ADMIN,
                    Who.CUSTOMER);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void everyOperationAnswersEverybodyAsTheTableSays() throws Exception {
        var table = table();
        var operations = operations();
        assertThat(table.keySet())
                .as("operations in %s and in the contract; one line each", TABLE)
                .containsExactlyInAnyOrderElementsOf(operations.keySet());

        var house = new House();
        var wrong = new ArrayList<String>();
        for (var operation : operations.values()) {
            var line = table.get(operation.id());
            var answers = new LinkedHashMap<Who, Integer>();
            for (var who : ORDER) {
                answers.put(who, call(operation, line.body(), house, who));
            }
            var given =
                    Arrays.stream(Who.values())
                            .map(it -> fits(line.cells().get(it.ordinal()), answers.get(it)))
                            .toList();
            if (given.contains(false)) {
                wrong.add(
                        "%s: the table says %s, and it was %s"
                                .formatted(
                                        operation.id(),
                                        line.cells(),
                                        Arrays.stream(Who.values()).map(answers::get).toList()));
            }
        }
        assertThat(wrong).as(Arrays.toString(Who.values())).isEmpty();
    }

    private static boolean fits(String cell, int status) {
        return cell.equals("ok")
                ? status < 500 && status != 401 && status != 403
                : cell.equals(String.valueOf(status));
    }

    private static Map<String, Line> table() throws IOException {
        var table = new TreeMap<String, Line>();
        for (var text : Files.readAllLines(TABLE)) {
            if (text.isBlank() || text.startsWith("#")) {
                continue;
            }
            var columns = Who.values().length;
            var parts = text.strip().split("\\s+", columns + 2);
            assertThat(parts.length).as("a cell for everybody: %s", text).isGreaterThan(columns);
            var cells = List.of(parts).subList(1, columns + 1);
            assertThat(CELLS).as(text).containsAll(cells);
            var body = parts.length > columns + 1 ? parts[columns + 1] : "{}";
            assertThat(table.put(parts[0], new Line(cells, body))).as("twice: %s", text).isNull();
        }
        return table;
    }

    /** As they are served, which {@link ContractTest} compares with the contract. */
    private Map<String, Operation> operations() throws IOException {
        var contract =
                json.readTree(given().accept("application/json").get("/q/openapi").asString());
        var operations = new TreeMap<String, Operation>();
        for (var path : contract.get("paths").properties()) {
            for (var verb : path.getValue().properties()) {
                var id = verb.getValue().path("operationId").asText();
                if (!id.isEmpty()) {
                    operations.put(
                            id,
                            new Operation(
                                    id,
                                    verb.getKey().toUpperCase(),
                                    path.getKey(),
                                    type(verb.getValue())));
                }
            }
        }
        return operations;
    }

    /** What it takes; JSON wherever it can. */
    private static String type(JsonNode operation) {
        var content = operation.path("requestBody").path("content");
        return content.isEmpty() || content.has("application/json")
                ? "application/json"
                : content.fieldNames().next();
    }

    private int call(Operation operation, String body, House house, Who who) throws Exception {
        var path = operation.path();
        for (var id : house.ids.entrySet()) {
            path = path.startsWith(id.getKey()) ? path.replace("{id}", id.getValue()) : path;
        }
        path = path.replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        var request =
                HttpRequest.newBuilder(
                                URI.create(RestAssured.baseURI + ":" + RestAssured.port + path))
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .header("Kvit-Client", "web");
        var token = house.token(who, operation);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (Set.of("POST", "PUT", "PATCH").contains(operation.verb())) {
            request.header("Content-Type", operation.type())
                    .method(operation.verb(), BodyPublishers.ofString(body));
        } else {
            request.method(operation.verb(), BodyPublishers.noBody());
        }
        // A stream has no end that could be waited for.
        var answer = http.send(request.build(), BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    /** One of each, and what is the customer's own. */
    private final class House {

        private final TestPerson customer = TestPerson.with(100_000, "USD");
        private final TestPerson other = TestPerson.fresh();
        private final Map<Who, String> tokens = new TreeMap<>();
        private final String unscopedClient =
                "access-" + UUID.randomUUID().toString().substring(0, 8);

        /** By the beginning of the path that they belong to. */
        private final Map<String, String> ids = new LinkedHashMap<>();

        House() throws IOException {
            registerUnscoped();
            tokens.put(Who.CUSTOMER, customer.accessToken());
            tokens.put(Who.OTHER, other.accessToken());
            for (var who :
                    List.of(Who.UNSCOPED, Who.SUPPORT, Who.FINANCE, Who.APPROVER, Who.ADMIN)) {
                tokens.put(who, fresh(who));
            }
            var payee = TestPerson.fresh();
            ids.put("/v1/transfers/", customer.send(payee, 100, "USD", "k").extract().path("id"));
            var claimed = customer.send(payee, 100, "USD", "claimed").extract().path("id");
            ids.put(
                    "/v1/claims/",
                    TestOperator.with(Role.SUPPORT)
                            .post(
                                    "/v1/admin/claims",
                                    Map.of(
                                            "transferId",
                                            claimed,
                                            "kind",
                                            "wrong",
                                            "statement",
                                            "Twice.",
                                            "reason",
                                            "r"))
                            .statusCode(201)
                            .extract()
                            .path("claim.id"));
            var asking =
                    Map.of(
                            "amount",
                            TestPerson.money(100, "USD"),
                            "payers",
                            List.of(Map.of("customerId", payee.id())));
            ids.put(
                    "/v1/requests/",
                    idIn(customer.post("/v1/requests", "r", asking).extract().asString(), "id"));
            customer.request()
                    .contentType("application/json")
                    .body(Map.of("displayName", "Anna", "birthDate", "1990-05-17"))
                    .patch("/v1/me");
            customer.setPin("739164");
            var card = idIn(customer.post("/v1/cards", "c", card()).extract().asString(), "id");
            ids.put("/v1/cards/", card);
            var amount = Map.of("cardId", card, "amount", TestPerson.money(1_000, "USD"));
            ids.put(
                    "/v1/top-ups/",
                    idIn(
                            customer.post("/v1/top-ups", "t", amount).extract().asString(),
                            "topUpId"));
            var payout = new LinkedHashMap<String, Object>(amount);
            payout.put("speed", "standard");
            ids.put(
                    "/v1/payouts/",
                    idIn(
                            customer.post("/v1/payouts", "p", payout).extract().asString(),
                            "payoutId"));
            var spare = TestPerson.signIn(customer.phone());
            ids.put(
                    "/v1/sessions/",
                    spare.get("/v1/sessions").extract().path("items.find { it.current }.id"));
        }

        /** The id of what was made, or of what was made and declined. */
        private String idIn(String answer, String declined) throws IOException {
            JsonNode body = json.readTree(answer);
            var id = body.hasNonNull("id") ? body.get("id") : body.path(declined);
            assertThat(id.isTextual()).as(answer).isTrue();
            return id.asText();
        }

        /** What ends a session gets one of its own to end; codes for customers' are limited. */
        String token(Who who, Operation operation) {
            if (who == Who.NOBODY) {
                return null;
            }
            var isStaff = who.ordinal() >= Who.SUPPORT.ordinal();
            var own = isStaff ? "/v1/admin/sessions" : "/v1/sessions";
            var ends = operation.verb().equals("DELETE") && operation.path().startsWith(own);
            return ends ? fresh(who) : tokens.get(who);
        }

        private String fresh(Who who) {
            return switch (who) {
                case NOBODY -> throw new IllegalArgumentException("nobody has no token");
                case CUSTOMER -> TestPerson.signIn(customer.phone()).accessToken();
                case OTHER -> TestPerson.signIn(other.phone()).accessToken();
                case UNSCOPED -> TestPerson.signIn(Phones.next(), unscopedClient).accessToken();
                case SUPPORT -> TestOperator.with(Role.SUPPORT).token();
                case FINANCE -> TestOperator.with(Role.FINANCE).token();
                case APPROVER -> TestOperator.with(Role.APPROVER).token();
                case ADMIN -> TestOperator.with(Role.ADMIN).token();
            };
        }

        private void registerUnscoped() {
            var approval =
                    TestOperator.with(Role.ADMIN)
                            .post(
                                    "/v1/admin/client-apps",
                                    Map.of(
                                            "id",
                                            unscopedClient,
                                            "name",
                                            "May do nothing",
                                            "platform",
                                            "web",
                                            "ownerCountry",
                                            "FR",
                                            "confidential",
                                            false,
                                            "scopes",
                                            List.of(),
                                            "carries",
                                            List.of(),
                                            "reason",
                                            "To be refused."))
                            .statusCode(202)
                            .extract()
                            .<String>path("id");
            TestOperator.with(Role.APPROVER).approve(approval).statusCode(200);
        }

        private Map<String, Object> card() {
            return Map.of(
                    "number",
                    cardNumber(),
                    "expiryMonth",
                    12,
                    "expiryYear",
                    2035,
                    "cvc",
                    "737",
                    "holder",
                    "Anna Ö.");
        }

        /** Nobody's, with the right check digit. */
        private String cardNumber() {
            var digits =
                    "4"
                            + UUID.randomUUID()
                                    .toString()
                                    .chars()
                                    .limit(18)
                                    .filter(it -> it != '-')
                                    .mapToObj(it -> String.valueOf(it % 10))
                                    .limit(14)
                                    .collect(Collectors.joining());
            var sum = 0;
            for (var i = 0; i < digits.length(); i++) {
                var digit = digits.charAt(digits.length() - 1 - i) - '0';
                var doubled = i % 2 == 0 ? digit * 2 : digit;
                sum += doubled > 9 ? doubled - 9 : doubled;
            }
            return digits + (10 - sum % 10) % 10;
        }
    }
}
