package kvit.card;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who charges cards, and how long we wait for them. */
@ConfigMapping(prefix = "kvit.card")
interface ProcessorConfig {

    /**
     * No default here, because the right one depends on the mode: a sandbox must charge nobody, and
     * live must not make money up.
     */
    Processor processor();

    /**
     * So many calls are under way at once, and what is more is not sent: each holds a thread for up
     * to a minute, and a slow processor must not take them all.
     */
    @WithDefault("10")
    int callsAtOnce();

    Breaker breaker();

    /** Used only with {@link Processor#STRIPE}. */
    Stripe stripe();

    enum Processor {
        /** Lives in our own database, and no card is ever charged. */
        SIMULATED,
        /** Stripe. */
        STRIPE
    }

    /** When to stop asking a processor that does not answer. */
    interface Breaker {

        /** So many calls are looked at; one that was slow once says nothing. */
        @WithDefault("20")
        int calls();

        /** With so many of them failed, the rest would only wait for nothing. */
        @WithDefault("50")
        int failurePercent();

        /** Then one call may try; most disturbances are over or take minutes. */
        @WithDefault("10s")
        Duration openFor();
    }

    /** The account at Stripe; the first two are optional only because the sandbox needs neither. */
    interface Stripe {

        /** Secret: give it by environment variable. {@code sk_…}, or a restricted {@code rk_…}. */
        Optional<String> secretKey();

        /**
         * What notices are signed with, {@code whsec_…}; two while one replaces the other. Secret.
         */
        Optional<List<String>> webhookSecrets();

        /**
         * Whether cards are set up to be paid out to, by Connect. No by default: the account has to
         * be opened for it, and people have to accept Stripe's terms.
         */
        @WithDefault("false")
        boolean payouts();

        /** A setting so that tests can have a Stripe of their own. */
        @WithDefault("https://api.stripe.com")
        URI base();

        /** Connecting takes milliseconds or fails; in here we still know that nothing was sent. */
        @WithDefault("3s")
        Duration connectTimeout();

        /**
         * From connecting to the last byte. Issuers take their time, and a charge that we do not
         * wait for happens all the same.
         */
        @WithDefault("10s")
        Duration timeout();
    }
}
