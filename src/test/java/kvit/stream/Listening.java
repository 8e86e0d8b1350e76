package kvit.stream;

import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of the stream, line by line as the wire has it. */
final class Listening implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpResponse<InputStream> response;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read);
    private volatile boolean isOver;

    private Listening(HttpResponse<InputStream> response) {
        this.response = response;
        reader.start();
    }

    static Listening to(String token, String query, String lastEventId) throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        RestAssured.baseURI
                                                + ":"
                                                + RestAssured.port
                                                + "/v1/events"
                                                + query))
                        .header("Authorization", "Bearer " + token);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new Listening(CLIENT.send(request.build(), BodyHandlers.ofInputStream()));
    }

    private void read() {
        try (var body =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (var line = body.readLine(); line != null; line = body.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("! " + e.getMessage());
        }
        isOver = true;
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    List<String> lines() {
        return lines;
    }

    /** The bodies of the notices that have come. */
    List<String> data() {
        return lines.stream()
                .filter(it -> it.startsWith("data:{\"id\""))
                .map(it -> it.substring("data:".length()))
                .toList();
    }

    String lastId() {
        return lines.stream()
                .filter(it -> it.startsWith("id:"))
                .reduce((first, second) -> second)
                .map(it -> it.substring("id:".length()))
                .orElseThrow();
    }

    boolean isOver() {
        return isOver;
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
