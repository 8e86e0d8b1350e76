package kvit.operate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.operate")
interface OperateConfig {

    /** Whether everybody needs a second factor; a sandbox's demo operators have none. */
    @WithDefault("true")
    boolean secondFactorRequired();

    /** An unattended desk is somebody else's soon. */
    @WithDefault("PT15M")
    Duration sessionIdle();

    /** A working day, and not longer however busy. */
    @WithDefault("PT12H")
    Duration sessionLife();

    /** Wrong passwords or codes in a row before the first lock. */
    @WithDefault("5")
    int triesMax();

    /** Each further failure doubles it. */
    @WithDefault("PT1M")
    Duration lockFirst();

    @WithDefault("PT1H")
    Duration lockMax();

    /** Nobody remembers tomorrow why it was asked for. */
    @WithDefault("PT24H")
    Duration approvalLife();

    /** Time to take up an invitation. */
    @WithDefault("PT24H")
    Duration invitationLife();
}
