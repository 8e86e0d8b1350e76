package kvit.dispute;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long what cardholders contest is open. */
@ConfigMapping(prefix = "kvit.card.dispute")
interface DisputeConfig {

    /**
     * Nobody has won it by then, so it is lost. Card schemes decide within some four months; what
     * is won later is given back all the same.
     */
    @WithDefault("P120D")
    Duration lostAfter();
}
