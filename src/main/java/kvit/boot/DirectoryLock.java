package kvit.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One JVM per directory: the operating system drops the lock when the JVM ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
    /**
     * What this JVM holds. The operating system cannot tell two holders in one JVM apart: closing
     * the file a second time would drop the lock of the first.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static DirectoryLock acquire(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw inUse(directory);
        }
        try {
            FileChannel channel =
                    FileChannel.open(
                            real.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw inUse(directory);
            }
            return new DirectoryLock(real, channel);
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static Refusal inUse(Path directory) {
        return new Refusal(
                ("Another Kvit is using the bundled PostgreSQL in %s. Stop it, or give this one a"
                                + " folder of its own with %s.")
                        .formatted(directory, LiveSettings.bothNames(BundledPostgres.DIRECTORY)));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(directory);
        }
    }
}
