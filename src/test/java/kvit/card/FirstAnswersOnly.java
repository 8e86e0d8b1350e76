package kvit.card;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Answers the first requests, each on a connection of its own, and lets nobody connect any more.
 */
record FirstAnswersOnly(ServerSocket socket) implements AutoCloseable {

    static FirstAnswersOnly of(String... answers) throws IOException {
        var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        new Thread(() -> serve(socket, List.of(answers))).start();
        return new FirstAnswersOnly(socket);
    }

    private static void serve(ServerSocket socket, List<String> answers) {
        try {
            for (var i = 0; i < answers.size(); i++) {
                try (var connection = socket.accept()) {
                    if (i == answers.size() - 1) {
                        socket.close();
                    }
                    answer(connection, answers.get(i).replace('\'', '"'));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(Socket connection, String json) throws IOException {
        // Read to the end, or closing would reset the connection.
        var in = connection.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        var length = Pattern.compile("(?i)content-length: ([0-9]+)").matcher(head);
        in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        var body = json.getBytes(StandardCharsets.UTF_8);
        var begin = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length;
        connection
                .getOutputStream()
                .write((begin + "\r\n\r\n" + json).getBytes(StandardCharsets.UTF_8));
    }

    String base() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
