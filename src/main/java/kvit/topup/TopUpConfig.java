package kvit.topup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the processor is asked about top-ups that it has not said the end of. */
@ConfigMapping(prefix = "kvit.card.top-up")
interface TopUpConfig {

    /** The first time after a call without an answer; doubled with each further time. */
    @WithDefault("PT2S")
    Duration askFirst();

    /** Never longer than this between two times: somebody waits for the money. */
    @WithDefault("PT5M")
    Duration askMax();

    /** Until the next time, when it was asked so often. */
    static Duration wait(TopUpConfig config, int asked) {
        var wait = config.askFirst().multipliedBy(1L << Math.min(asked, 20));
        return wait.compareTo(config.askMax()) < 0 ? wait : config.askMax();
    }
}
