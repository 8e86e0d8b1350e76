package kvit.problem;

import static kvit.problem.GeneralProblem.UNAVAILABLE;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Begins nothing new once the delay of a shutdown is over. Quarkus itself goes on taking requests
 * until for a moment none is under way; under load that moment never comes, and what is under way
 * when its patience ends is cut off.
 */
@Singleton
public class Stopping {

    private long closesAt;
    private volatile boolean isStopping;

    /** Asks for the delay only now: the build makes filters, before there are any settings. */
    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        var delay =
                ConfigProvider.getConfig()
                        .getOptionalValue("quarkus.shutdown.delay", Duration.class)
                        .orElse(Duration.ZERO);
        closesAt = System.nanoTime() + delay.toNanos();
        isStopping = true;
    }

    @ServerRequestFilter(preMatching = true, priority = 1)
    public void refuse() {
        if (isStopping && System.nanoTime() - closesAt >= 0) {
            throw UNAVAILABLE
                    .because("This instance is stopping; another one will answer.")
                    .retryAfter(Duration.ofSeconds(1));
        }
    }
}
