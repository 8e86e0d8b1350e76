package kvit.card;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A configuration of the tests' own; Stripe is what stands behind it. */
record ProcessorSettings(
        int callsAtOnce, ProcessorConfig.Breaker breaker, ProcessorConfig.Stripe stripe)
        implements ProcessorConfig {

    record Figures(int calls, int failurePercent, Duration openFor) implements Breaker {}

    static ProcessorSettings of(int callsAtOnce, Breaker breaker) {
        return new ProcessorSettings(callsAtOnce, breaker, StripeSettings.at("http://unused"));
    }

    static ProcessorSettings with(Stripe stripe) {
        return new ProcessorSettings(10, new Figures(20, 50, Duration.ofSeconds(10)), stripe);
    }

    static ProcessorSettings withWebhookSecrets(Optional<List<String>> secrets) {
        return with(
                new StripeSettings(
                        Optional.empty(),
                        secrets,
                        false,
                        URI.create("http://unused"),
                        Duration.ZERO,
                        Duration.ZERO));
    }

    @Override
    public Processor processor() {
        return Processor.STRIPE;
    }
}
