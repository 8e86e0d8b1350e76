package kvit.sandbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "kvit.sandbox")
interface SandboxConfig {

    /** Whether the demo people are seeded at the start. */
    @WithDefault("true")
    boolean seed();

    /**
     * Most minor units in one funding: enough for everything but for filling an account's range.
     */
    @WithDefault("1000000000000")
    long fundingMax();
}
