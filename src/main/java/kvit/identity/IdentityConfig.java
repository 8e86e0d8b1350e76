package kvit.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The defaults are those of live mode; the sandbox's own stand in kvit-sandbox.properties. */
@ConfigMapping(prefix = "kvit.identity")
interface IdentityConfig {

    /** Who signs access tokens; a token of another issuer is refused. */
    @WithDefault("kvit")
    String issuer();

    /** Whom access tokens are for; a token for somebody else is refused. */
    @WithDefault("kvit")
    String audience();

    /** PEM file (PKCS#8) of the RSA key that signs access tokens, 2048 bits or more. */
    Path signingKey();

    /**
     * PEM files of public keys that signed until a moment ago; named here while a key is replaced.
     */
    Optional<List<Path>> retiredKeys();

    /**
     * 32 random bytes or more in base64, kept apart from the database and from kvit.secret: without
     * them a stolen table of PINs is worth nothing, and with them lost every PIN is.
     */
    String pinPepper();

    /** Peppers of before; named here until everybody's PIN is under the new one. */
    Optional<List<String>> retiredPinPeppers();

    /**
     * How fresh a sign-in has to be to set a first PIN or to reset one: a code that was typed by
     * whoever asks, and time to type in a card.
     */
    @WithDefault("PT10M")
    Duration pinSignInWithin();

    /** How long nothing may be paid out to a card after a reset: the owner has a day to notice. */
    @WithDefault("PT24H")
    Duration pinResetHold();

    /**
     * Short, because a stolen access token works until then; RFC 9700 asks for as short as
     * bearable.
     */
    @WithDefault("PT10M")
    Duration accessTokenLife();

    /** A device that was silent for so long signs in anew. */
    @WithDefault("P30D")
    Duration refreshTokenLife();

    /** An answer that was lost on the way may be asked for again for so long. */
    @WithDefault("PT10S")
    Duration refreshGrace();

    /** Devices at once; one more ends the oldest. */
    @WithDefault("20")
    int sessionsMax();

    /**
     * How long before a request the question may have been put whose answer it is let in by: which
     * sessions have ended, who is blocked, how front ends are. Revocation has to hold within 1 s.
     */
    @WithDefault("PT0.9S")
    Duration admissionMemory();

    /**
     * Access tokens whose signature is not checked again, some 2 KB each: as many as people may be
     * busy at once within a token's life. Of any more it is checked with every request.
     */
    @WithDefault("20000")
    int tokensRemembered();

    /** Of two secrets of a front end the old one goes on for so long: a day to change a server. */
    @WithDefault("PT24H")
    Duration clientSecretOverlap();

    /** ASVS 6.5.5 allows ten minutes; most people type it within one. */
    @WithDefault("PT5M")
    Duration codeLife();

    /**
     * Wrong tries after which a code is dead, and failures in a row that lock a phone: RTS Art.
     * 4(3)(b).
     */
    @WithDefault("5")
    int triesMax();

    /** First lock of a phone; doubles with each further failure. */
    @WithDefault("PT30S")
    Duration lockFirst();

    /**
     * No lock is longer; a stranger who goes on guessing can still renew it, so sessions are long.
     */
    @WithDefault("PT1H")
    Duration lockMax();

    /**
     * A failure is forgiven when the next one comes so much later: people mistype all their lives.
     */
    @WithDefault("P1D")
    Duration failureMemory();

    /** An SMS takes some seconds; asking again sooner only costs money. */
    @WithDefault("PT30S")
    Duration resendGap();

    /** How long a sign-in is kept for whoever has to look into an abuse. */
    @WithDefault("P30D")
    Duration signInRetention();

    /** ISO 3166-1 countries that codes are sent to; absent is all of them. */
    Optional<Set<String>> regionsServed();

    Sends sends();

    /** Looking people up finds out who is a customer, so it is counted per person and minute. */
    @WithDefault("60")
    int lookUpsPerMinute();

    /**
     * Numbers of an address book that one customer may ask about in a day: a large one, and another
     * try. Whoever wants to find out all numbers of a country has to be very many people.
     */
    @WithDefault("2000")
    int contactsPerDay();

    /** What sending codes may cost us: a sender of SMS is what fraudsters look for. */
    interface Sends {

        /** Twilio's own figure (error 60203): five sends in ten minutes. */
        @WithDefault("5")
        int perPhone();

        @WithDefault("PT10M")
        Duration perPhoneWindow();

        /**
         * Messages a day that tell a phone of a changed PIN; the owner knows after the first, and
         * each costs.
         */
        @WithDefault("3")
        int noticesPerPhone();

        /**
         * Messages a day that tell somebody who is no customer of money that waits for them: one a
         * day is read, and the tenth is spam.
         */
        @WithDefault("3")
        int invitationsPerPhone();

        /** The same on behalf of one customer; whoever pays a party of friends stays below. */
        @WithDefault("20")
        int invitationsPerCustomer();

        /** Per IPv4 address or IPv6 /64 and hour; an office behind one address stays below. */
        @WithDefault("30")
        int perAddress();

        /** Per country calling code and hour. */
        @WithDefault("2000")
        int perPrefix();

        /** Cap over everything in a day, in the minor unit of whatever the prices are in. */
        @WithDefault("50000")
        int spendPerDay();

        /** What a message costs where no price is named. */
        @WithDefault("8")
        int price();

        /** What a message costs by calling code, without the plus. */
        Map<String, Integer> prices();

        /** Below this share of confirmed codes in a quarter of an hour a prefix is being pumped. */
        @WithDefault("20")
        int conversionPercentMin();

        /** Sends in that time before the share says anything. */
        @WithDefault("50")
        int conversionSample();

        /** So many consecutive numbers are a machine, not people. */
        @WithDefault("20")
        int consecutiveMax();
    }
}
