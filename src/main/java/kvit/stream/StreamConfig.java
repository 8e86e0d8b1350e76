package kvit.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.stream")
interface StreamConfig {

    /**
     * Something is sent at least so often: proxies and phones give silent connections up after half
     * a minute or a minute, and a client notices that nothing comes any more.
     */
    @WithDefault("PT15S")
    Duration heartbeat();

    /** Streams of one customer on one replica: some devices, and those that are gone unnoticed. */
    @WithDefault("10")
    int perCustomer();

    /** Streams of one replica. Each costs some kilobytes and no thread. */
    @WithDefault("5000")
    int perReplica();

    /** Whoever takes nothing for so long is cut off: they come back and go on where they were. */
    @WithDefault("PT30S")
    Duration stall();
}
