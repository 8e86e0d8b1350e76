package kvit.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.outbox")
interface OutboxConfig {

    /** Threads that deliver. Each may wait seconds for a slow provider, so one would be too few. */
    @WithDefault("4")
    int workers();

    /**
     * How long a replica owns what it took; past it another one tries. Longer than any delivery may
     * take.
     */
    @WithDefault("PT30S")
    Duration lease();

    /** Wait after the first failure; doubles with each one. */
    @WithDefault("PT2S")
    Duration firstRetry();

    /** After this many attempts an event is dead: kept, counted, and not tried again. */
    @WithDefault("8")
    int attemptsMax();

    /** How long delivered events are kept for whoever has to look at what happened. */
    @WithDefault("P7D")
    Duration retention();
}
