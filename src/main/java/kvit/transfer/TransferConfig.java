package kvit.transfer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.transfer")
interface TransferConfig {

    /**
     * How long a payer may take to confirm: as long as a code is good and no longer, so that what
     * was asked for and forgotten cannot be confirmed by somebody else later.
     */
    @WithDefault("PT5M")
    Duration confirmationLife();

    /** How long a review may take: over a long weekend, and not for ever. */
    @WithDefault("P7D")
    Duration reviewLife();

    /**
     * Transfers that may wait for a writer; one more is told to come back. As many as are written
     * in about a sixth of a second: a longer queue would only be a longer wait, and what waits is
     * moved about by the collector in the meantime.
     */
    @WithDefault("384")
    int waitingMax();

    /**
     * Transfers of one database transaction at the most. Larger ones hardly save anything more, and
     * all of them wait for the last.
     */
    @WithDefault("256")
    int togetherMax();

    /**
     * Database transactions at the same time. A second one would mostly wait for the first: of two
     * lists of a hundred transfers among ten thousand people nearly always both have somebody in
     * common (docs/performance.md).
     */
    @WithDefault("1")
    int writers();

    /**
     * Messages about money that has arrived which one person gets in a day who is signed in
     * nowhere: enough to be told, and whoever is paid by the minute is not texted by the minute.
     */
    @WithDefault("5")
    int messagesPerDay();
}
