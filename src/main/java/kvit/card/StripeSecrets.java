package kvit.card;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Stripe has to be given, or all of it that is missing at once. */
final class StripeSecrets {

    private static final Pattern LIVE = Pattern.compile("^[a-z]+_live_");

    private StripeSecrets() {}

    /**
     * The secret key, if everything is there.
     *
     * @throws IllegalStateException naming each setting that is missing
     */
    static String key(ProcessorConfig.Stripe config) {
        var missing = new ArrayList<String>();
        if (config.secretKey().filter(it -> !it.isBlank()).isEmpty()) {
            missing.add("kvit.card.stripe.secret-key");
        }
        if (forNotices(config).isEmpty()) {
            missing.add("kvit.card.stripe.webhook-secrets");
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "kvit.card.processor=stripe also needs " + String.join(", ", missing));
        }
        return config.secretKey().orElseThrow().strip();
    }

    /**
     * For a sandbox: whoever plays there must never charge somebody. What live mode demands of the
     * key, kvit.boot has looked at before.
     *
     * @throws IllegalStateException when the key charges
     */
    static void insistThatNobodyIsCharged(ProcessorConfig.Stripe config) {
        if (config.secretKey().filter(it -> LIVE.matcher(it.strip()).find()).isPresent()) {
            throw new IllegalStateException(
                    "kvit.card.stripe.secret-key is a live one, and a sandbox charges nobody");
        }
    }

    static List<String> forNotices(ProcessorConfig.Stripe config) {
        return Optional.of(config)
                .flatMap(ProcessorConfig.Stripe::webhookSecrets)
                .orElse(List.of())
                .stream()
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }
}
