package kvit.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The server of a front end. */
public final class Receiver implements AutoCloseable {

    /** Hangs for as long as the receiver lives. */
    public static final int NEVER = -1;

    /**
     * Somebody's message.
     *
     * @param headers as they came
     * @param status what was answered; of what was accepted the message was received
     * @param at when it came
     */
    public record Message(
            String id,
            JsonNode body,
            String text,
            Map<String, List<String>> headers,
            int status,
            Instant at) {

        public String customer() {
            return body.path("customerId").textValue();
        }

        public String type() {
            return body.path("type").textValue();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    work -> {
                        var thread = new Thread(work, "receiver");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final int port;
    private volatile HttpServer server;
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<Message> behaviour;
    private volatile Map<String, String> answers = Map.of();

    public Receiver(ToIntFunction<Message> behaviour) throws IOException {
        this.behaviour = behaviour;
        this.server = listening(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listening(int where) throws IOException {
        var listening =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), where), 200);
        listening.setExecutor(threads);
        listening.createContext("/", this::handle);
        listening.start();
        return listening;
    }

    /** Nobody listens from now on, and whoever was being answered hears no more. */
    public void die() {
        server.stop(0);
    }

    /** At the same place as before. */
    public void comeBack() throws IOException {
        server = listening(port);
    }

    public static Receiver answering(int status) throws IOException {
        return new Receiver(it -> status);
    }

    /** From now on it does that. */
    public void behave(ToIntFunction<Message> behaviour) {
        this.behaviour = behaviour;
    }

    /** Besides the status. */
    public Receiver withHeaders(Map<String, String> answers) {
        this.answers = answers;
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/hooks";
    }

    private void handle(HttpExchange exchange) throws IOException {
        var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders();
        var came =
                new Message(
                        headers.getFirst("webhook-id"),
                        JSON.readTree(text),
                        text,
                        Map.copyOf(headers),
                        0,
                        Instant.now());
        var status = behaviour.applyAsInt(came);
        messages.add(new Message(came.id(), came.body(), text, came.headers(), status, came.at()));
        if (status == NEVER) {
            return;
        }
        answers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** All that came, in that order, and however they were answered. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }

    /** Those that were accepted, each once, as whoever remembers ids sees them. */
    public List<Message> received() {
        var ids = new HashSet<String>();
        return messages.stream()
                .filter(it -> it.status() >= 200 && it.status() < 300)
                .filter(it -> ids.add(it.id()))
                .toList();
    }

    public Map<String, List<Message>> receivedByCustomer() {
        return received().stream().collect(Collectors.groupingBy(Message::customer));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
