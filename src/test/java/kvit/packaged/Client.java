package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a front end does, over HTTP. Never repeats a request by itself. */
public final class Client {

    /** Somebody who is signed in. */
    public record Person(String id, String accessToken, String refreshToken) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Health is asked by machines that give up soon. */
    private static final Duration PATIENCE_WITH_HEALTH = Duration.ofSeconds(1);

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    private final Service service;

    public Client(Service service) {
        this.service = service;
    }

    public Person signIn(String phone) throws IOException, InterruptedException {
        var signIn = startSignIn(phone);
        var messages =
                get(
                        "/v1/sandbox/messages?phone="
                                + URLEncoder.encode(phone, StandardCharsets.UTF_8));
        return confirm(signIn, json(messages).at("/items/0/code").textValue());
    }

    /** Returns the id of the sign-in. */
    String startSignIn(String phone) throws IOException, InterruptedException {
        var answer = post("/v1/sign-ins", "{\"phone\":\"" + phone + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return json(answer).path("id").textValue();
    }

    Person confirm(String signIn, String code) throws IOException, InterruptedException {
        var answer =
                post("/v1/sign-ins/" + signIn + "/confirmation", "{\"code\":\"" + code + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var tokens = json(answer);
        return new Person(
                tokens.at("/customer/id").textValue(),
                tokens.path("accessToken").textValue(),
                tokens.path("refreshToken").textValue());
    }

    Person refresh(Person person) throws IOException, InterruptedException {
        var body = "{\"refreshToken\":\"" + person.refreshToken() + "\"}";
        var answer = post("/v1/sessions/refresh", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var tokens = json(answer);
        return new Person(
                person.id(),
                tokens.path("accessToken").textValue(),
                tokens.path("refreshToken").textValue());
    }

    public void fund(Person person, long minor) throws IOException, InterruptedException {
        var answer =
                post(
                        "/v1/sandbox/funding",
                        "{\"customerId\":\"" + person.id() + "\",\"amount\":" + usd(minor) + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    HttpResponse<String> send(Person payer, Person payee, long minor, String key)
            throws IOException, InterruptedException {
        var order = "{\"payee\":{\"customerId\":\"" + payee.id() + "\"},\"amount\":";
        return answer(
                request("/v1/transfers")
                        .header("Authorization", "Bearer " + payer.accessToken())
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(order + usd(minor) + "}")));
    }

    /** Minor units of USD. */
    long balance(Person person) throws IOException, InterruptedException {
        var answer = get("/v1/me/balances", person);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).at("/items/0/balance/minor").longValue();
    }

    private static String usd(long minor) {
        return "{\"minor\":" + minor + ",\"currency\":\"USD\"}";
    }

    HttpResponse<String> get(String path, Person person) throws IOException, InterruptedException {
        return answer(request(path).header("Authorization", "Bearer " + person.accessToken()));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return answer(request(path));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return answer(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    /** False also where nobody listens. */
    boolean isReady() {
        try {
            return health("ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * @throws java.net.http.HttpTimeoutException after a second
     */
    HttpResponse<String> health(String of) throws IOException {
        try {
            return answer(request("/q/health/" + of).timeout(PATIENCE_WITH_HEALTH));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.address() + path)).timeout(PATIENCE);
    }

    HttpResponse<String> answer(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
