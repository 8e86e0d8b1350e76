package kvit.request;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.request")
interface RequestConfig {

    /** People of one request: a large table, and below what anybody may look up in a minute. */
    @WithDefault("50")
    int payersMax();

    /** So many people one customer may ask in a day: each of them gets a message that costs. */
    @WithDefault("200")
    int askedPerDay();

    /**
     * Messages about requests that one person gets in a day, whoever causes them: a stranger who
     * asks again and again fills no phone, and costs no more. What is beyond is seen in the list.
     */
    @WithDefault("30")
    int messagesPerDay();

    /** Between two reminders of one share, and from the asking to the one that comes by itself. */
    @WithDefault("PT24H")
    Duration remindAfter();
}
