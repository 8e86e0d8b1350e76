package kvit.card;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

@ConfigMapping(prefix = "kvit.card")
interface CardConfig {

    /**
     * The keys that wrap the data keys of cards, each as its version, a colon and 32 random bytes
     * in base64: one, and two while one replaces the other.
     */
    List<String> keys();

    /**
     * Which of them wraps from now on. Not simply the last: every replica has to know a key before
     * the first one uses it.
     */
    @WithDefault("1")
    int keyVersion();

    /** 32 random bytes or more in base64, by which a number that is there already is recognised. */
    String fingerprintKey();

    /** An enrolment that nobody has finished by then is given up, and its number destroyed. */
    @WithDefault("PT24H")
    Duration enrolmentLife();

    /**
     * Cards that somebody may try in a day, refused ones included: whoever mistypes and comes back
     * stays below, and whoever tries stolen ones does not get far.
     */
    @WithDefault("10")
    int attemptsPerDay();

    /** And so many of them within a short time. */
    @WithDefault("5")
    int attemptsAtOnce();

    @WithDefault("PT10M")
    Duration attemptsAtOnceWithin();

    /** Whether two people may have one card: families may, and so do those who try stolen ones. */
    @WithDefault("false")
    boolean sharedAllowed();
}
