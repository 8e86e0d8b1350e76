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

    /**
     * What the simulated processor keeps of a charge, in hundredths of a percent, rounded half up
     * to the minor unit.
     */
    @WithDefault("120")
    int settlementFeeBasisPoints();

    /** What it takes for each batch, in minor units of the batch's currency; none where 0. */
    @WithDefault("500")
    long settlementBatchFee();
}
