package kvit.sms;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How text messages leave Kvit. */
@ConfigMapping(prefix = "kvit.sms")
interface SmsConfig {

    /**
     * Who delivers. There is no default here, because the right one depends on the mode: the
     * sandbox must never send to a real phone, and live must never keep codes where they can be
     * read.
     */
    Gateway gateway();

    /** Used only with {@link Gateway#TWILIO}. */
    Twilio twilio();

    enum Gateway {
        /** Keeps messages where the sandbox's user can read them. */
        INBOX,
        /** Sends them through Twilio. */
        TWILIO
    }

    /**
     * The account at Twilio; the first three are optional only because the sandbox does without
     * Twilio.
     */
    interface Twilio {

        /**
         * Names the account, in the address and as the user name; {@code AC} and 32 hexadecimal
         * digits.
         */
        Optional<String> accountSid();

        /**
         * The password to the account, and so a secret: give it by environment variable, not by
         * file.
         */
        Optional<String> authToken();

        /**
         * What the person sees as the sender: a number in E.164, an alphanumeric sender, or a
         * messaging service ({@code MG} and 32 hexadecimal digits), which picks a sender that is
         * allowed in the receiver's country.
         */
        Optional<String> from();

        /**
         * A setting so that tests, and accounts kept in another of Twilio's regions, can have their
         * own.
         */
        @WithDefault("https://api.twilio.com")
        URI baseUrl();

        /**
         * From the first attempt to connect to the last byte of the answer. A person is waiting at
         * the other end, and 4 seconds is the most that leaves room for our own work in an answer
         * within 5.
         */
        @WithDefault("4s")
        Duration timeout();

        /**
         * Part of {@link #timeout}. Connecting takes milliseconds or does not happen at all, so
         * half of the time is plenty, and here we still know that nothing has been sent.
         */
        @WithDefault("2s")
        Duration connectTimeout();
    }
}
