package kvit.card;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.transaction.TransactionSynchronizationRegistry;
import kvit.source.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses the processor that the configuration names. */
class CardProcessors {

    /** Made at start-up, so that a missing secret stops the start and not the first top-up. */
    @Startup
    @Produces
    @ApplicationScoped
    CardProcessor processor(
            ProcessorConfig config,
            SimulatedProcessor simulated,
            Clock clock,
            MeterRegistry metrics,
            TransactionSynchronizationRegistry transaction,
            @ConfigProperty(name = "kvit.mode") String mode) {
        var chosen =
                switch (config.processor()) {
                    case SIMULATED -> simulated;
                    case STRIPE -> stripe(config.stripe(), clock, mode);
                };
        return new GuardedProcessor(chosen, config, metrics, transaction);
    }

    static CardProcessor stripe(ProcessorConfig.Stripe config, Clock clock, String mode) {
        if (!mode.equals("live")) {
            StripeSecrets.insistThatNobodyIsCharged(config);
        }
        return new StripeProcessor(config, clock);
    }
}
