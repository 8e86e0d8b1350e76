package kvit.identity;

import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import kvit.identity.Phones.Phone;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.throttle.RateLimits;
import kvit.throttle.RateLimits.Limit;
import org.jboss.logging.Logger;

/**
 * Decides whether one more code may be sent. None of it asks whether the phone is known, so that a
 * refusal says nothing about who is a customer.
 */
@ApplicationScoped
class SendLimits {

    private static final Logger LOG = Logger.getLogger(SendLimits.class);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** The time over which conversion is looked at (O-06). */
    private static final Duration WINDOW = Duration.ofMinutes(15);

    /** A share over a quarter of an hour does not change within seconds, and counting it costs. */
    private static final Duration SHARE_MEMORY = Duration.ofSeconds(5);

    private static final int PREFIXES_MAX = 300;

    private final RateLimits limits;
    private final SignIns signIns;
    private final IdentityConfig.Sends config;
    private final Duration codeLife;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Cache<String, Boolean> pumped =
            Caffeine.newBuilder().expireAfterWrite(SHARE_MEMORY).maximumSize(PREFIXES_MAX).build();

    SendLimits(
            RateLimits limits,
            SignIns signIns,
            IdentityConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.limits = limits;
        this.signIns = signIns;
        this.config = config.sends();
        this.codeLife = config.codeLife();
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * The sender's own limit first: whoever is over it uses up nobody else's.
     *
     * @throws Problem TOO_MANY_ATTEMPTS with the time to wait
     */
    void require(Phone phone, String address) {
        take("address", RateLimits.network(address), 1, new Limit(config.perAddress(), HOUR));
        requireTo(phone);
    }

    /**
     * For somebody who is signed in and has something to confirm. Apart from the codes that anybody
     * may ask for, or a stranger who signs in as them would keep them from paying; and in the time
     * that a code lives, so that who waits can ask again before what is to be confirmed has ended.
     * What it costs counts in what a day may cost, and is not refused for it: money is held until
     * it is confirmed.
     *
     * @throws Problem TOO_MANY_ATTEMPTS with the time to wait
     */
    void requireToConfirm(Phone phone) {
        take("confirmation", phone.e164(), 1, new Limit(config.perPhone(), codeLife));
        limits.take("spend:all", price(phone), spendPerDay());
    }

    private void requireTo(Phone phone) {
        take("phone", phone.e164(), 1, new Limit(config.perPhone(), config.perPhoneWindow()));
        if (isOneOfMany(phone)) {
            throw refused("consecutive", WINDOW);
        }
        if (pumped.get(phone.region(), this::isPumped)) {
            throw refused("conversion", WINDOW);
        }
        take("prefix", phone.prefix(), 1, new Limit(config.perPrefix(), HOUR));
        take("spend", "all", price(phone), spendPerDay());
    }

    /**
     * Whether a phone is to be told of one more changed PIN. Apart from the codes: neither are
     * those used up by changes, nor the notices by asking for codes. What it costs counts in what a
     * day may cost, and is not refused for it: whoever has used that up would go unnoticed.
     */
    boolean mayTell(Phone phone) {
        var notices = new Limit(config.noticesPerPhone(), DAY);
        if (limits.take("notice:" + phone.e164(), 1, notices).isPresent()) {
            return false;
        }
        limits.take("spend:all", price(phone), spendPerDay());
        return true;
    }

    /**
     * Whether a phone that is nobody's is to be told once more that something waits. Apart from the
     * codes, too, or whoever is invited could not come; and refused where a day has cost what it
     * may, because nothing is lost but the message.
     */
    boolean mayInvite(UUID by, Phone phone) {
        var toOne = new Limit(config.invitationsPerPhone(), DAY);
        var byOne = new Limit(config.invitationsPerCustomer(), DAY);
        return limits.take("invitations-by:" + by, 1, byOne).isEmpty()
                && limits.take("invitation:" + phone.e164(), 1, toOne).isEmpty()
                && limits.take("spend:all", price(phone), spendPerDay()).isEmpty();
    }

    private Limit spendPerDay() {
        return new Limit(config.spendPerDay(), DAY);
    }

    private void take(String kind, String name, long amount, Limit limit) {
        limits.take(kind + ":" + name, amount, limit)
                .ifPresent(
                        wait -> {
                            throw refused(kind, wait);
                        });
    }

    private Problem refused(String limit, Duration wait) {
        metrics.counter("kvit.sign.in.refused", "limit", limit).increment();
        return TOO_MANY_ATTEMPTS
                .because("Too many codes were asked for; wait a while.")
                .retryAfter(wait);
    }

    private int price(Phone phone) {
        return config.prices().getOrDefault(phone.prefix(), config.price());
    }

    private boolean isOneOfMany(Phone phone) {
        var most = config.consecutiveMax();
        return most < MANY
                && signIns.numbersInARow(phone.e164(), most, clock.instant().minus(WINDOW)) >= most;
    }

    /** A limit beyond this is none: the sandbox's way to switch the check off. */
    private static final int MANY = 1_000;

    private boolean isPumped(String region) {
        var share = signIns.conversion(region, clock.instant().minus(WINDOW));
        var isPumped =
                share.sends() >= config.conversionSample()
                        && share.confirmed() * 100 < share.sends() * config.conversionPercentMin();
        if (isPumped) {
            metrics.counter("kvit.sms.breaker", "region", region).increment();
            LOG.errorf(
                    "codes to %s: %d of %d confirmed, sending is stopped",
                    region, share.confirmed(), share.sends());
        }
        return isPumped;
    }
}
