package kvit.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between the service and PostgreSQL and passes everything on, until it is told to cut a
 * connection at the one moment that nothing else can hit: while a COMMIT is on its way.
 *
 * <p>It reads PostgreSQL's protocol, version 3, as far as it has to: where a message ends, which
 * prepared statement is a COMMIT, and whether the server has said that it was done.
 */
public final class DatabaseProxy implements AutoCloseable {

    /** At which end of the COMMIT the line breaks. */
    public enum Cut {
        /** The server never hears of it, and so undoes everything. */
        BEFORE_SERVER,
        /** The server has done it, and nobody hears of that. */
        AFTER_SERVER
    }

    /** Tests and the resource that starts the database may be of different class loaders. */
    private static final String CUTS = DatabaseProxy.class.getName();

    /** Behind the name of a {@link Cut}: it is the server that has gone, and not one line. */
    private static final String CRASH = " and all";

    /** Who comes back too soon after a crash. */
    private static final int TURNED_AWAY = 8;

    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;

    private final ServerSocket door;
    private final int database;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turningAway = new AtomicInteger();

    private DatabaseProxy(ServerSocket door, int database) {
        this.door = door;
        this.database = database;
    }

    static DatabaseProxy inFrontOf(int database) {
        try {
            var door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            var proxy = new DatabaseProxy(door, database);
            start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return door.getLocalPort();
    }

    /**
     * Cuts the connection during the next COMMIT of a transaction that sent this text to the
     * server, once.
     */
    public static void cutCommitOf(String text, Cut where) {
        cuts().put(text, where.name());
    }

    /** The same, and all other connections with it; then nobody is there for some attempts. */
    public static void crashInCommitOf(String text, Cut where) {
        cuts().put(text, where.name() + CRASH);
    }

    /** Whether the cut that was asked for still waits for its COMMIT. */
    public static boolean isPending(String text) {
        return cuts().containsKey(text);
    }

    public static void cutNothing() {
        cuts().clear();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> cuts() {
        return (Map<String, String>)
                System.getProperties()
                        .computeIfAbsent(CUTS, name -> new ConcurrentHashMap<String, String>());
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                if (turningAway.getAndUpdate(it -> Math.max(0, it - 1)) > 0) {
                    reset(client);
                } else {
                    start(() -> connect(client));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            var server = new Socket(InetAddress.getLoopbackAddress(), database);
            var line = new Line(client, server);
            lines.add(line);
            line.begin();
            start(line::fromServer);
            line.fromClient();
        } catch (IOException e) {
            reset(client);
        }
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "database-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** A reset and not a polite end: that is what a broken line looks like. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is broken already.
        }
    }

    private void crash() {
        turningAway.set(TURNED_AWAY);
        lines.forEach(Line::end);
    }

    /** One connection, from both ends. */
    private final class Line {

        private final Socket client;
        private final Socket server;
        private final DataInputStream asked;
        private final DataOutputStream passedOn;

        /** Names of prepared statements that are a COMMIT. */
        private final Set<String> commits = new HashSet<>();

        /** Texts asked for that the running transaction has sent. */
        private final Set<String> seen = new HashSet<>();

        private volatile boolean cutsWhenDone;
        private volatile boolean crashes;

        Line(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            asked = in(client);
            passedOn = out(server);
        }

        /** The first message has no type; a wish for encryption before it is refused right here. */
        void begin() throws IOException {
            var startup = Message.rest(asked, (byte) 0);
            while (startup.firstInt() == SSL_REQUEST || startup.firstInt() == GSS_REQUEST) {
                client.getOutputStream().write('N');
                startup = Message.rest(asked, (byte) 0);
            }
            startup.writeBody(passedOn, true);
        }

        void fromClient() {
            try {
                while (true) {
                    var message = Message.read(asked);
                    if (isCommit(message) && cut() == Cut.BEFORE_SERVER) {
                        return;
                    }
                    message.write(passedOn, asked.available() == 0);
                }
            } catch (IOException e) {
                // One of the two has left.
            } finally {
                end();
            }
        }

        void fromServer() {
            try {
                var answered = in(server);
                var passedBack = out(client);
                while (true) {
                    var message = Message.read(answered);
                    if (cutsWhenDone && message.isDone("COMMIT")) {
                        return;
                    }
                    message.write(passedBack, answered.available() == 0);
                }
            } catch (IOException e) {
                // One of the two has left.
            } finally {
                end();
            }
        }

        private boolean isCommit(Message message) {
            cuts().keySet().stream().filter(message::contains).forEach(seen::add);
            return switch (message.type) {
                case 'Q' -> message.text(0).toUpperCase(Locale.ROOT).startsWith("COMMIT");
                case 'P' -> {
                    var name = message.text(0);
                    var isCommit = message.text(1).toUpperCase(Locale.ROOT).startsWith("COMMIT");
                    commits.remove(name);
                    if (isCommit) {
                        commits.add(name);
                    }
                    // Prepared is not carried out: that is the B that follows.
                    yield false;
                }
                case 'B' -> commits.contains(message.text(1));
                default -> false;
            };
        }

        private Cut cut() {
            for (var text : seen) {
                var asked = cuts().remove(text);
                if (asked != null) {
                    crashes = asked.endsWith(CRASH);
                    var where = Cut.valueOf(asked.replace(CRASH, ""));
                    cutsWhenDone = where == Cut.AFTER_SERVER;
                    return where;
                }
            }
            seen.clear();
            return null;
        }

        private void end() {
            reset(client);
            reset(server);
            if (lines.remove(this) && crashes) {
                crash();
            }
        }

        private static DataInputStream in(Socket socket) throws IOException {
            return new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
        }

        private static DataOutputStream out(Socket socket) throws IOException {
            return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 65_536));
        }
    }

    /** A type, a length that counts itself, and a body. */
    private record Message(byte type, byte[] body) {

        static Message read(DataInputStream in) throws IOException {
            return rest(in, in.readByte());
        }

        static Message rest(DataInputStream in, byte type) throws IOException {
            var body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            return new Message(type, body);
        }

        void write(DataOutputStream out, boolean isLast) throws IOException {
            out.writeByte(type);
            writeBody(out, isLast);
        }

        void writeBody(DataOutputStream out, boolean isLast) throws IOException {
            out.writeInt(body.length + Integer.BYTES);
            out.write(body);
            if (isLast) {
                out.flush();
            }
        }

        int firstInt() {
            return ByteBuffer.wrap(body).getInt();
        }

        /** The text with this number, each ended by a zero byte. */
        String text(int number) {
            var begin = 0;
            for (var skipped = 0; skipped < number; skipped++) {
                begin = end(begin) + 1;
            }
            return new String(body, begin, end(begin) - begin, UTF_8);
        }

        private int end(int begin) {
            var end = begin;
            while (end < body.length && body[end] != 0) {
                end++;
            }
            return end;
        }

        boolean isDone(String command) {
            return type == 'C' && text(0).equals(command);
        }

        boolean contains(String text) {
            return type == 'B' && indexOf(text.getBytes(UTF_8)) >= 0;
        }

        private int indexOf(byte[] part) {
            for (var at = 0; at + part.length <= body.length; at++) {
                if (Arrays.equals(body, at, at + part.length, part, 0, part.length)) {
                    return at;
                }
            }
            return -1;
        }
    }
}
