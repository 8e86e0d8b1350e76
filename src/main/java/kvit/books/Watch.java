package kvit.books;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Hangs up on whoever asks for a long answer and does not take it: writing waits for them without
 * an end, and with it the database connection that the rows come from.
 */
@ApplicationScoped
public class Watch {

    private static final Logger LOG = Logger.getLogger(Watch.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final CurrentVertxRequest current;
    private final Vertx vertx;
    private final BooksConfig config;

    Watch(CurrentVertxRequest current, Vertx vertx, BooksConfig config) {
        this.current = current;
        this.vertx = vertx;
        this.config = config;
    }

    /** From now on this request's connection is looked at, until it is closed. */
    Watched begin() {
        return begin(config.exportStall(), config.exportMax());
    }

    /**
     * The same for an answer that is not of the books.
     *
     * @param stall until it is cut off when its reader takes nothing
     * @param max until it is cut off however much of it is left
     */
    public Watched begin(Duration stall, Duration max) {
        return new Watched(current.getCurrent().request().connection(), stall, max);
    }

    /** One answer that is being written. */
    public class Watched implements AutoCloseable {

        private final HttpConnection connection;
        private final long stallNanos;
        private final long maxNanos;
        private final long timer;
        private final long begun = System.nanoTime();
        private final AtomicBoolean isOver = new AtomicBoolean();

        private volatile long since;
        private volatile boolean isWriting;

        Watched(HttpConnection connection, Duration stall, Duration max) {
            this.connection = connection;
            this.stallNanos = stall.toNanos();
            this.maxNanos = max.toNanos();
            this.timer = vertx.setPeriodic(LOOK_EVERY.toMillis(), it -> look());
        }

        private void look() {
            var now = System.nanoTime();
            var stalls = isWriting && now - since > stallNanos;
            if (stalls || now - begun > maxNanos) {
                LOG.warnf("an export was cut off: %s", stalls ? "nobody reads" : "too long");
                connection.close();
                close();
            }
        }

        public OutputStream counting(OutputStream out) {
            return new FilterOutputStream(out) {
                private void begin() {
                    since = System.nanoTime();
                    isWriting = true;
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    begin();
                    out.write(bytes, offset, length);
                    isWriting = false;
                }

                @Override
                public void flush() throws IOException {
                    begin();
                    out.flush();
                    isWriting = false;
                }
            };
        }

        @Override
        public void close() {
            if (isOver.compareAndSet(false, true)) {
                vertx.cancelTimer(timer);
            }
        }
    }
}
