package kvit.support;

import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Requests byte by byte, and from many threads: RestAssured may hang when it is called in parallel.
 */
public final class Http {

    /** A request that takes longer hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    /** Posts the text as it is; without the header where the key is null. */
    public static HttpResponse<String> post(
            TestPerson person, String path, String key, String json) {
        return post(person.accessToken(), path, key, json);
    }

    /** The same of whoever has that token. */
    public static HttpResponse<String> post(String token, String path, String key, String json) {
        var request =
                request(token, path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return send(request.build());
    }

    public static HttpResponse<String> get(TestPerson person, String path) {
        return send(request(person.accessToken(), path).GET().build());
    }

    private static HttpRequest.Builder request(String token, String path) {
        return HttpRequest.newBuilder(
                        URI.create(RestAssured.baseURI + ":" + RestAssured.port + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(request + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
