package kvit.card;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An account at a Stripe of the tests' own. */
record StripeSettings(
        Optional<String> secretKey,
        Optional<List<String>> webhookSecrets,
        boolean payouts,
        URI base,
        Duration connectTimeout,
        Duration timeout)
        implements ProcessorConfig.Stripe {

    static final String KEY = "sk_test_correct_horse_battery_staple";

    /** Generous, so that a busy machine does not turn answers into time-outs. */
    private static final Duration PATIENT = Duration.ofSeconds(5);

    static StripeSettings at(String base) {
        return new StripeSettings(
                Optional.of(KEY),
                Optional.of(List.of("whsec_one")),
                true,
                URI.create(base),
                PATIENT,
                PATIENT);
    }

    StripeSettings key(String key) {
        return new StripeSettings(
                Optional.of(key), webhookSecrets, payouts, base, connectTimeout, timeout);
    }

    StripeSettings timeout(Duration timeout) {
        return new StripeSettings(
                secretKey, webhookSecrets, payouts, base, connectTimeout, timeout);
    }

    /** Where nobody has opened the account for it. */
    StripeSettings withoutPayouts() {
        return new StripeSettings(secretKey, webhookSecrets, false, base, connectTimeout, timeout);
    }
}
