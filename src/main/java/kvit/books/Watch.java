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
class Watch {

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
        return new Watched(current.getCurrent().request().connection());
    }

    /** One answer that is being written. */
    class Watched implements AutoCloseable {

        private final HttpConnection connection;
        private final long timer;
        private final long begun = System.nanoTime();
        private final AtomicBoolean isOver = new AtomicBoolean();

        private volatile long since;
        private volatile boolean isWriting;

        Watched(HttpConnection connection) {
            this.connection = connection;
            this.timer = vertx.setPeriodic(LOOK_EVERY.toMillis(), it -> look());
        }

        private void look() {
            var now = System.nanoTime();
            var stalls = isWriting && now - since > config.exportStall().toNanos();
            if (stalls || now - begun > config.exportMax().toNanos()) {
                LOG.warnf("books: an export was cut off: %s", stalls ? "nobody reads" : "too long");
                connection.close();
                close();
            }
        }

        OutputStream counting(OutputStream out) {
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
