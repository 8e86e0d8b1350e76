package kvit.transfer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "kvit.transfer")
interface TransferConfig {

    /**
     * How long a payer may take to confirm; three codes fit in, and nobody's money is held long.
     */
    @WithDefault("PT15M")
    Duration confirmationLife();

    /** How long a review may take: over a long weekend, and not for ever. */
    @WithDefault("P7D")
    Duration reviewLife();
}
