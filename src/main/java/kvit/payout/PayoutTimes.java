package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import kvit.card.Speed;

/** When things happen to payouts. */
@ApplicationScoped
class PayoutTimes {

    private final PayoutConfig config;
    private final BusinessDays days;

    PayoutTimes(PayoutConfig config, BusinessDays days) {
        this.config = config;
        this.days = days;
    }

    Instant handOver(Speed speed, Instant now) {
        return now.plus(
                speed == Speed.INSTANT ? config.instantHandOverAfter() : config.handOverAfter());
    }

    /**
     * @param country where its owner lives: banks there work when it arrives
     */
    Instant arrival(Speed speed, String country, Instant handOver) {
        return speed == Speed.INSTANT
                ? handOver.plus(config.instantWithin())
                : days.close(country, handOver, config.businessDays());
    }

    /**
     * Until somebody asks about it next.
     *
     * @param asked how often somebody has
     * @param isTaken whether the processor has said that it has it
     */
    Duration wait(int asked, boolean isTaken) {
        var wait = config.askFirst().multipliedBy(1L << Math.min(asked, 20));
        var max = isTaken ? config.askMaxTaken() : config.askMax();
        return wait.compareTo(max) < 0 ? wait : max;
    }
}
