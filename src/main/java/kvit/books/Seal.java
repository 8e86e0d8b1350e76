package kvit.books;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A link of the chain: what some postings were when they were sealed.
 *
 * @param number from 1, without gaps
 * @param after the last posting of the link before
 * @param last its own last posting
 * @param content for each posting its id and the digest of it, 48 bytes
 * @param previous digest of the link before; zeros for the first
 */
// Nobody compares them but by their digests.
@SuppressWarnings("ArrayRecordComponent")
record Seal(
        long number,
        Place after,
        Place last,
        int postings,
        int entries,
        byte[] content,
        byte[] previous,
        byte[] digest,
        Instant sealedAt) {

    static final int DIGEST_BYTES = 32;
    static final int MARK_BYTES = 16 + DIGEST_BYTES;

    /** What the first link follows. */
    static byte[] nothing() {
        return new byte[DIGEST_BYTES];
    }

    /** As the database checks it, too. */
    static byte[] digest(long number, byte[] previous, byte[] content) {
        var sha256 = sha256();
        sha256.update(("kvit-seal-1 " + number + "\n").getBytes(StandardCharsets.UTF_8));
        sha256.update(previous);
        return sha256.digest(content);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The digests of its postings, in their order. */
    Map<UUID, ByteBuffer> marks() {
        var marks = new LinkedHashMap<UUID, ByteBuffer>();
        var bytes = ByteBuffer.wrap(content);
        while (bytes.remaining() >= MARK_BYTES) {
            var id = new UUID(bytes.getLong(), bytes.getLong());
            marks.put(id, bytes.slice(bytes.position(), DIGEST_BYTES));
            bytes.position(bytes.position() + DIGEST_BYTES);
        }
        return marks;
    }

    /** Whether the digest is that of what it says. */
    boolean isWhole() {
        return MessageDigest.isEqual(digest, digest(number, previous, content))
                && content.length == postings * MARK_BYTES;
    }

    Head head() {
        return Head.of(number, digest);
    }
}
