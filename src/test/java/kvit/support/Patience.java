package kvit.support;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.awaitility.Awaitility;

/** How often a test looks whether what it waits for is so: soon, because most of it is at once. */
@ApplicationScoped
class Patience {

    private static final Duration INTERVAL = Duration.ofMillis(20);

    void begin(@Observes StartupEvent start) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(INTERVAL);
    }
}
