package kvit.notice;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.notice")
interface NoticeConfig {

    /**
     * From one round of writing to the next: what has gathered meanwhile is written together, which
     * costs a part of what it would cost one by one. Nobody notices a tenth of a second.
     */
    @WithDefault("PT0.1S")
    Duration pause();

    /**
     * How long notices are kept: so long somebody can be away and go on where they were. As long as
     * the events that they are made of.
     */
    @WithDefault("P7D")
    Duration retention();
}
