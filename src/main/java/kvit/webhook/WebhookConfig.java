package kvit.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How webhooks leave Kvit. */
@ConfigMapping(prefix = "kvit.webhook")
interface WebhookConfig {

    /**
     * Whether endpoints may be on this machine or in its network, without TLS and at any port; so
     * that developers can try. Elsewhere it would let an operator make Kvit call what only Kvit can
     * reach, so live mode does not start with it.
     */
    @WithDefault("false")
    boolean privateTargets();

    /** For one front end; each is sent all that concerns its customers. */
    @WithDefault("5")
    int endpointsMax();

    /**
     * Under way to one endpoint. More would be faster for those that are far, and hard on small
     * ones.
     */
    @WithDefault("8")
    int callsAtOnce();

    /**
     * Endpoints that one replica sends to at the same time. One that hangs has one of them, and
     * seldom, because it is asked less and less often.
     */
    @WithDefault("10")
    int workers();

    /** From connecting to the status of the answer; Standard Webhooks wants 15 to 30 seconds. */
    @WithDefault("PT20S")
    Duration timeout();

    /** Part of {@link #timeout}. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** How often somebody looks for new notices and for what is due. */
    @WithDefault("PT0.5S")
    Duration lookEvery();

    /** So long two signatures are sent after a secret was replaced. */
    @WithDefault("PT24H")
    Duration secretOverlap();

    /** So long a secret may be drawn after two have agreed to it. */
    @WithDefault("PT24H")
    Duration secretDrawnWithin();

    /**
     * An endpoint at which nothing has arrived for so long is disabled. Longer than one delivery is
     * tried, so that a message that is refused for good is dead before.
     */
    @WithDefault("P5D")
    Duration disableAfter();

    /** How long deliveries that have ended are kept, for whoever looks or sends again. */
    @WithDefault("P30D")
    Duration retention();
}
