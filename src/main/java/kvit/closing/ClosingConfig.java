package kvit.closing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.closing")
interface ClosingConfig {

    /**
     * How long an account is at least closing before it is closed: time to think again, and for
     * whoever is told by SMS and did not want it. Never below {@link CarryOutClosings#ARRIVES}.
     */
    @WithDefault("PT1H")
    Duration closesAfter();

    /** How long nobody else may have the handle of somebody who has left. */
    @WithDefault("P365D")
    Duration handleRests();

    /** Everything is read for one; that is enough for whoever wants to look, and to move away. */
    @WithDefault("3")
    int exportsPerDay();

    /** Each has a connection of the pool until it is through. */
    @WithDefault("2")
    int exportsAtOnce();

    /** Until an export is cut off, however much of it is left. */
    @WithDefault("PT10M")
    Duration exportMax();

    /** Until an export is cut off whose reader takes nothing. */
    @WithDefault("PT10S")
    Duration exportStall();
}
