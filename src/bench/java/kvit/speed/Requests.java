package kvit.speed;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.List;
import kvit.packaged.Client.Person;

/**
 * Writes requests out of bytes that were rendered beforehand: the generator runs on the processors
 * of what it measures.
 */
final class Requests {

    private static final byte[] KEY = ascii("Idempotency-Key: ");
    private static final byte[] BODY = ascii("\r\n\r\n{\"payee\":{\"customerId\":\"");
    private static final byte[] AMOUNT =
            ascii("\"},\"amount\":{\"minor\":1,\"currency\":\"USD\"}}");
    private static final int ID_LENGTH = 36;

    /** What parts the head of a request from its body, and is counted with the body here. */
    private static final int BLANK_LINES = 4;

    private final byte[] post;
    private final byte[] get = ascii("GET ");
    private final byte[] afterPath;
    private final byte[] end = ascii("\r\n");
    private final byte[][] tokens;
    private final byte[][] ids;

    /** People are named by their places in the list. */
    Requests(URI address, List<Person> people) {
        var host = "Host: " + address.getAuthority() + "\r\n";
        var length = BODY.length - BLANK_LINES + ID_LENGTH + AMOUNT.length;
        post =
                ascii(
                        "POST /v1/transfers HTTP/1.1\r\n"
                                + host
                                + "Content-Type: application/json\r\nContent-Length: "
                                + length
                                + "\r\n");
        afterPath = ascii(" HTTP/1.1\r\n" + host);
        tokens = new byte[people.size()][];
        ids = new byte[people.size()][];
        for (var i = 0; i < people.size(); i++) {
            tokens[i] = ascii("Authorization: Bearer " + people.get(i).accessToken() + "\r\n");
            ids[i] = ascii(people.get(i).id());
        }
    }

    /** One cent. */
    void transfer(ByteBuf out, int payer, int payee, byte[] key) {
        out.writeBytes(post)
                .writeBytes(tokens[payer])
                .writeBytes(KEY)
                .writeBytes(key)
                .writeBytes(BODY)
                .writeBytes(ids[payee])
                .writeBytes(AMOUNT);
    }

    void get(ByteBuf out, byte[] path, int reader) {
        out.writeBytes(get)
                .writeBytes(path)
                .writeBytes(afterPath)
                .writeBytes(tokens[reader])
                .writeBytes(end);
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
