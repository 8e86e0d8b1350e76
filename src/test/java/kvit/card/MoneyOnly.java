package kvit.card;

import java.util.UUID;

/** A processor of tests in which no card is added, so that being asked to is a failure. */
public interface MoneyOnly extends CardProcessor {

    @Override
    default Registration register(UUID card, CardDetails details) {
        throw new AssertionError("no card is added here");
    }
}
