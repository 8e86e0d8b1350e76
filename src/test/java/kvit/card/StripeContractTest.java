package kvit.card;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import kvit.source.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StripeContractTest extends ProcessorContract {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static FakeStripe stripe;
    private static CardProcessor processor;

    @BeforeAll
    static void start() throws IOException {
        stripe = FakeStripe.start(NOW);
        processor =
                new StripeProcessor(
                        StripeSettings.at(stripe.base()), new Clock(InstantSource.fixed(NOW)));
    }

    @AfterAll
    static void stop() {
        stripe.close();
    }

    @Override
    CardProcessor processor() {
        return processor;
    }

    @Override
    Instant now() {
        return NOW;
    }

    @Override
    int operations(UUID id) {
        return stripe.operations(id.toString());
    }
}
