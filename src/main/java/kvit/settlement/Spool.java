package kvit.settlement;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/**
 * The body of an upload on this machine's disk, for as long as it is looked at: it is read twice,
 * once to know whether it is good and once to keep it, and in memory is never more than a portion.
 */
final class Spool implements AutoCloseable {

    private static final int PORTION = 1024 * 1024;

    private final Path file;
    private final long bytes;
    private final String sha256;

    private Spool(Path file, long bytes, String sha256) {
        this.file = file;
        this.bytes = bytes;
        this.sha256 = sha256;
    }

    /**
     * @throws Problem BODY_TOO_LARGE, without reading the rest of it
     */
    static Spool of(InputStream body, long bytesMax) throws IOException {
        // Readable by us alone: that is what these files are created with.
        var file = Files.createTempFile("kvit-settlement-", null);
        var isKept = false;
        try {
            var digest = sha256();
            var bytes = 0L;
            try (var out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
                var portion = new byte[64 * 1024];
                for (var read = body.read(portion); read >= 0; read = body.read(portion)) {
                    bytes += read;
                    if (bytes > bytesMax) {
                        throw GeneralProblem.BODY_TOO_LARGE.because(
                                "A settlement file has at most %d MB."
                                        .formatted(bytesMax / PORTION));
                    }
                    out.write(portion, 0, read);
                }
            }
            isKept = true;
            return new Spool(file, bytes, HexFormat.of().formatHex(digest.digest()));
        } finally {
            if (!isKept) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    long bytes() {
        return bytes;
    }

    String sha256Hex() {
        return sha256;
    }

    InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
    }

    /** Takes portions of a file, in its order. */
    interface Portions {
        void take(int part, byte[] bytes);
    }

    /** From 1. */
    void read(Portions portions) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var part = 1;
            for (var next = in.readNBytes(PORTION);
                    next.length > 0;
                    next = in.readNBytes(PORTION)) {
                portions.take(part++, next);
            }
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
