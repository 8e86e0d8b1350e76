package kvit.settlement;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "kvit.settlement")
interface SettlementConfig {

    /**
     * The largest file that is taken. A larger one is a mistake, or would fill the disk of whoever
     * reads it.
     */
    @WithDefault("64M")
    MemorySize fileMax();

    /**
     * How many lines one may have: what one run of reconciliation takes, which holds all of them in
     * memory.
     */
    @WithDefault("250000")
    int linesMax();
}
