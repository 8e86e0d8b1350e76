package kvit.boot;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Ready while the database has answered within the last seconds. The answer comes from memory: a
 * probe in the background asks the database, so neither a socket that hangs nor a pool that is
 * empty delays the check. It is asynchronous because it then runs on an I/O thread; worker threads
 * are all busy waiting just when the database hangs.
 */
@Readiness
@ApplicationScoped
class DatabaseReadiness implements AsyncHealthCheck {
    private static final Logger LOG = Logger.getLogger(DatabaseReadiness.class);
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(1);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);
    private static final Duration GOOD_FOR = Duration.ofSeconds(3);

    private final DataSource database;
    private final ScheduledExecutorService probes =
            Executors.newSingleThreadScheduledExecutor(DatabaseReadiness::daemon);

    /** By the monotonic clock, which nobody sets. */
    private volatile long lastAnswer = System.nanoTime() - GOOD_FOR.toNanos();

    private boolean answered = true;

    DatabaseReadiness(DataSource database) {
        this.database = database;
    }

    /** An Error ends the probes, and thereby readiness: that is all there is to say about it. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void start(@Observes StartupEvent start) {
        probes.scheduleWithFixedDelay(
                this::probe, 0, BETWEEN_PROBES.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** While there still is a pool to ask; a probe under way is waited for. */
    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        probes.shutdown();
        if (!probes.awaitTermination(GOOD_FOR.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("The database does not answer the last probe");
        }
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        boolean up = System.nanoTime() - lastAnswer < GOOD_FOR.toNanos();
        return Uni.createFrom().item(HealthCheckResponse.named("database").status(up).build());
    }

    /** Runs on one thread, so there is never more than one attempt at a time. */
    private void probe() {
        try (Connection connection = database.getConnection()) {
            ask(connection);
            lastAnswer = System.nanoTime();
            note(true, "");
        } catch (SQLException | RuntimeException e) {
            note(false, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Without the limit a silent socket would hold the probe for as long as TCP hopes. The pool
     * hands the connection on as it gets it, so the limit has to be taken off again.
     */
    private static void ask(Connection connection) throws SQLException {
        int before = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) ANSWERS_WITHIN.toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
        connection.setNetworkTimeout(Runnable::run, before);
    }

    /** The log hears of a change, and not once a second. */
    private void note(boolean answers, String reason) {
        if (answers != answered) {
            answered = answers;
            if (answers) {
                LOG.info("The database answers again");
            } else {
                LOG.warnf("The database does not answer: %s", reason);
            }
        }
    }

    private static Thread daemon(Runnable probe) {
        Thread thread = new Thread(probe, "kvit-database-probe");
        thread.setDaemon(true);
        return thread;
    }
}
