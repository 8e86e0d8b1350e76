package kvit.speed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long this machine's disk takes to make something durable while nothing else asks it to: no
 * COMMIT is faster, and what it pauses for here everybody waits for there.
 */
final class Disk {

    /** About what a list of transfers writes to the log. */
    private static final int BYTES = 256 * 1024;

    /** The log's files are as long as this, and written once before they are used. */
    private static final int FILE = 16 * 1024 * 1024;

    private static final long PAUSE_MILLIS = 20;

    private Disk() {}

    /** In words; takes as long as one measurement. */
    static String describe(Path folder) throws IOException, InterruptedException {
        var latency = measure(folder.resolve("disk"));
        return Report.format(
                "The disk by itself, %d KB made durable every %d ms: p50 %.1f ms, p99 %.1f ms, the"
                        + " slowest of %d %.1f ms.",
                BYTES / 1024,
                PAUSE_MILLIS,
                Report.inMillis(latency, 50),
                Report.inMillis(latency, 99),
                latency.getTotalCount(),
                Report.inMillis(latency, 100));
    }

    private static Histogram measure(Path path) throws IOException, InterruptedException {
        var latency = new Histogram(Tally.DIGITS);
        try (var file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE)) {
            write(file, FILE, 0);
            var until = System.nanoTime() + Settings.measured().toNanos();
            for (var at = 0; System.nanoTime() < until; at = (at + BYTES) % FILE) {
                var begun = System.nanoTime();
                write(file, BYTES, at);
                latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        return latency;
    }

    private static void write(FileChannel file, int bytes, long at) throws IOException {
        var buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer, at + buffer.position());
        }
        file.force(false);
    }
}
