package kvit.settlement;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "kvit.settlement")
interface SettlementConfig {

    /**
     * The largest file that is taken: half a million lines. A larger one is a mistake, or would
     * fill the disk of whoever reads it.
     */
    @WithDefault("64M")
    MemorySize fileMax();
}
