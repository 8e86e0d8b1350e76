package kvit.speed;

import java.time.Duration;

/**
 * How much of a traffic, and for how long.
 *
 * @param rate arrivals per second by a schedule that waits for nobody; 0 where each connection
 *     sends the next request when the last one is answered
 * @param warmUp under the same load, before the measurement
 * @param atMost requests after which it ends early
 * @param mayTurnAway whether a 503 is an answer like another
 */
record Load(
        Traffic traffic,
        int connections,
        double rate,
        Duration warmUp,
        Duration measured,
        long atMost,
        boolean mayTurnAway) {

    static Load closed(Traffic traffic, int connections, Duration warmUp, Duration measured) {
        return new Load(traffic, connections, 0, warmUp, measured, Long.MAX_VALUE, false);
    }

    static Load open(
            Traffic traffic, int connections, double rate, Duration warmUp, Duration measured) {
        return new Load(traffic, connections, rate, warmUp, measured, Long.MAX_VALUE, false);
    }

    Load turningAway() {
        return new Load(traffic, connections, rate, warmUp, measured, atMost, true);
    }

    Load endingAfter(long requests) {
        return new Load(traffic, connections, rate, warmUp, measured, requests, mayTurnAway);
    }

    boolean isOpen() {
        return rate > 0;
    }
}
