package kvit.boot;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** What live mode wants of its database; what it wants of its settings, Main has checked. */
@ApplicationScoped
class LiveChecks {
    private static final Logger LOG = Logger.getLogger(LiveChecks.class);

    private final DataSource database;
    private final Mode mode;
    private final boolean bundled;

    LiveChecks(
            DataSource database,
            @ConfigProperty(name = Mode.PROPERTY) String mode,
            @ConfigProperty(name = BundledPostgres.MARKER, defaultValue = "false")
                    boolean bundled) {
        this.database = database;
        this.mode = Mode.of(mode);
        this.bundled = bundled;
    }

    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start)
            throws SQLException {
        if (bundled) {
            return;
        }
        DatabaseFitness fitness = DatabaseFitness.of(database);
        if (mode == Mode.SANDBOX) {
            fitness.durabilityFaults().forEach(LOG::warn);
            return;
        }
        List<String> faults = fitness.faults();
        if (!faults.isEmpty()) {
            LOG.error(Refusal.ofLiveMode(faults));
            // The exception ends the start before a port is open, quietly; the exit has to be asked
            // for, or Quarkus would wait for somebody to stop what has not started.
            Quarkus.asyncExit(1);
            throw new PreventFurtherStepsException();
        }
    }
}
