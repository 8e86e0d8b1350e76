package kvit.payout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** When money goes out to cards, and what it costs. */
@ConfigMapping(prefix = "kvit.card.payout")
interface PayoutConfig {

    /**
     * So long a standard payout waits before it is handed over to the processor, and can be taken
     * back: time to notice a slip. It takes days anyway.
     */
    @WithDefault("PT15M")
    Duration handOverAfter();

    /** The same of an instant one, which is meant to be quick. */
    @WithDefault("PT0S")
    Duration instantHandOverAfter();

    /** A standard payout is expected to arrive within so many business days; card schemes say 3. */
    @WithDefault("3")
    int businessDays();

    /** An instant one is expected to arrive within that time; card schemes say half an hour. */
    @WithDefault("PT30M")
    Duration instantWithin();

    /**
     * What being quick costs: a currency, basis points (hundredths of a per cent) of the amount,
     * and the least and the most of it in minor units. What the wallets of the messengers took
     * then. In a currency that is not named nothing is paid out at once.
     */
    @WithDefault(
            "USD:100:25:1000,EUR:100:25:1000,GBP:100:25:1000,"
                    + "RUB:100:1500:60000,BYN:100:50:2000,UAH:100:600:25000,CNY:100:200:6500")
    List<String> instantFees();

    /** When the processor is asked about one for the first time; doubled with each further time. */
    @WithDefault("PT2S")
    Duration askFirst();

    /** Never longer than this between two times where nobody knows whether it was taken. */
    @WithDefault("PT5M")
    Duration askMax();

    /** Where it was taken, it takes days, and the processor tells by itself when it ends. */
    @WithDefault("PT1H")
    Duration askMaxTaken();
}
