package kvit.transfer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

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
     * How long money waits for its payee where no rule of their country says so: a day, as people
     * know it from messengers. A number that is given to somebody else within it is the reason for
     * it to be short.
     */
    @WithDefault("PT24H")
    Duration claimLife();

    /**
     * What the message begins its link with that tells somebody of money; the transfer's id comes
     * after it. Without it the message has none.
     */
    Optional<URI> claimLink();

    /**
     * Transfers that may wait for a writer; one more is told to come back. As many as are written
     * in about a tenth of a second: a longer queue would only be a longer wait. What waits is moved
     * about by the collector in the meantime, and with what is being written has to find room among
     * the young: under overload it fills the old otherwise, once a second.
     */
    @WithDefault("256")
    int waitingMax();

    /**
     * Transfers of one database transaction at the most. Larger ones hardly save anything more, and
     * all of them wait for the last.
     */
    @WithDefault("192")
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
