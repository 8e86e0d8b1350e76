package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import kvit.identity.Phones.Phone;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.throttle.RateLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What sending codes may cost. Each test has limits, a country and a range of numbers of its own,
 * because what is counted is counted in the one database of all tests.
 */
@KvitTest
class SendLimitsTest {

    /** Nothing is refused by these, so that a test names only the limit that it is about. */
    private static final Map<String, String> WIDE =
            Map.of(
                    "per-phone", "1000000",
                    "per-address", "1000000",
                    "per-prefix", "1000000",
                    "spend-per-day", "1000000000",
                    "conversion-sample", "1000000000",
                    "consecutive-max", "1000000000");

    @Inject RateLimits rateLimits;
    @Inject SignIns signIns;
    @Inject Clock clock;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    /** A calling code that is nobody's, and the start of a block of a million numbers. */
    private final String prefix = "9" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000);

    private int next;

    @Test
    void onePhoneGetsItsShareAndOthersTheirs() {
        var limits = limits("per-phone", "3");
        var phone = phone();
        for (var i = 0; i < 3; i++) {
            limits.require(phone, "192.0.2.1");
        }

        assertRefused(limits, phone, "192.0.2.1", "phone");
        assertThatNoException().isThrownBy(() -> limits.require(phone(), "192.0.2.1"));
    }

    /**
     * A stranger who signs in as somebody does not keep them from paying, nor the other way round.
     */
    @Test
    void codesThatConfirmAreCountedApartFromCodesThatSignIn() {
        var limits = limits("per-phone", "3");
        var phone = phone();
        for (var i = 0; i < 3; i++) {
            limits.require(phone, address());
        }
        assertRefused(limits, phone, address(), "phone");

        for (var i = 0; i < 3; i++) {
            limits.requireToConfirm(phone);
        }

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> limits.requireToConfirm(phone))
                .satisfies(
                        it -> assertThat(it.type()).isEqualTo(IdentityProblem.TOO_MANY_ATTEMPTS));
        var another = phone();
        for (var i = 0; i < 3; i++) {
            limits.requireToConfirm(another);
        }
        assertThatNoException().isThrownBy(() -> limits.require(another, address()));
    }

    /** One bucket for both, each time with another limit, would be full again each time. */
    @Test
    void askingForBothKindsOfCodesByTurnsGivesNoMoreOfEither() {
        var limits = limits("per-phone", "3");
        var phone = phone();
        for (var i = 0; i < 3; i++) {
            limits.require(phone, address());
            limits.requireToConfirm(phone);
        }

        assertRefused(limits, phone, address(), "phone");
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> limits.requireToConfirm(phone))
                .satisfies(
                        it -> assertThat(it.type()).isEqualTo(IdentityProblem.TOO_MANY_ATTEMPTS));
    }

    @Test
    void oneAddressGetsItsShareAndOthersTheirs() {
        var limits = limits("per-address", "4");
        var address = address();
        for (var i = 0; i < 4; i++) {
            limits.require(phone(), address);
        }

        assertRefused(limits, phone(), address, "address");
        assertThatNoException().isThrownBy(() -> limits.require(phone(), address()));
    }

    @Test
    void oneHouseholdWithManyAddressesIsOne() {
        var limits = limits("per-address", "4");
        var network = "2001:db8:%x:%x:".formatted(random(0x10000), random(0x10000));
        for (var i = 0; i < 4; i++) {
            limits.require(phone(), network + ":" + i);
        }

        assertRefused(limits, phone(), network + "ffff:ffff:ffff:ffff", "address");
    }

    @Test
    void onePrefixGetsItsShareFromHoweverManyAddresses() {
        var limits = limits("per-prefix", "10");
        for (var i = 0; i < 10; i++) {
            limits.require(phone(), address());
        }

        assertRefused(limits, phone(), address(), "prefix");
        assertThatNoException()
                .isThrownBy(() -> limits.require(new Phone("+" + prefix, "XX", "1"), address()));
    }

    @Test
    void nobodySpendsMoreThanTheDaysCap() {
        // Of a size that no other test has: the cap is one for everybody.
        var cap = 200 + random(1_000_000) * 10;
        var limits = limits("spend-per-day", "" + cap, "price", "" + cap / 2);

        limits.require(phone(), address());
        limits.require(phone(), address());

        assertRefused(limits, phone(), address(), "spend");
    }

    @Test
    void aDearCountryUsesUpTheCapSooner() {
        var cap = 201 + random(1_000_000) * 10;
        var limits = limits("spend-per-day", "" + cap, "prices." + prefix, "" + (cap / 2 + 1));

        limits.require(phone(), address());

        assertRefused(limits, phone(), address(), "spend");
    }

    @Test
    void whatIsRefusedForOnePhoneUsesUpNothingOfTheOthers() {
        var limits = limits("per-phone", "1", "per-prefix", "3");
        var phone = phone();
        limits.require(phone, address());
        for (var i = 0; i < 10; i++) {
            assertRefused(limits, phone, address(), "phone");
        }

        limits.require(phone(), address());
        limits.require(phone(), address());
        assertRefused(limits, phone(), address(), "prefix");
    }

    @Test
    void whatWasUsedComesBackWithTime() {
        var limits = limits("per-phone", "2");
        var phone = phone();
        limits.require(phone, address());
        limits.require(phone, address());
        assertRefused(limits, phone, address(), "phone");

        TestClock.advance(Duration.ofMinutes(9));
        assertRefused(limits, phone, address(), "phone");
        TestClock.advance(Duration.ofMinutes(1).plusSeconds(1));

        limits.require(phone, address());
        limits.require(phone, address());
        assertRefused(limits, phone, address(), "phone");
    }

    @Test
    void aLimitThatIsChangedHoldsAtOnce() {
        var phone = phone();
        limits("per-phone", "5").require(phone, address());

        var stricter = limits("per-phone", "1");
        stricter.require(phone, address());
        assertRefused(stricter, phone, address(), "phone");
    }

    @ParameterizedTest
    @CsvSource({"1", "-1"})
    void soManyNumbersInARowAreAMachine(int step) {
        var limits = limits("consecutive-max", "20");
        next = 500;
        for (var i = 0; i < 19; i++) {
            var phone = phone();
            assertThatNoException().isThrownBy(() -> limits.require(phone, address()));
            signedIn(phone, 1, false);
            next += step - 1;
        }

        assertRefused(limits, phone(), address(), "consecutive");
    }

    @Test
    void manyNumbersWithGapsAreManyPeople() {
        var limits = limits("consecutive-max", "20");
        for (var i = 0; i < 60; i++) {
            var phone = phone();
            assertThatNoException().isThrownBy(() -> limits.require(phone, address()));
            signedIn(phone, 1, false);
            next += 3;
        }
    }

    @Test
    void numbersOfLongAgoAreNoRow() {
        var limits = limits("consecutive-max", "20");
        for (var i = 0; i < 19; i++) {
            signedIn(phone(), 1, false);
        }
        TestClock.advance(Duration.ofMinutes(16));

        limits.require(phone(), address());
    }

    @Test
    void aCountryWhereHardlyAnybodyConfirmsIsStopped() {
        for (var i = 0; i < 50; i++) {
            signedIn(phone(), 1, i < 9);
        }

        var limits = limits("conversion-sample", "50");
        assertRefused(limits, phone(), address(), "conversion");

        assertThat(metrics.counter("kvit.sms.breaker", "region", region()).count()).isEqualTo(1);
        limits.require(new Phone("+" + prefix, "1" + region(), prefix), address());
    }

    @Test
    void aCountryWhereEnoughConfirmIsServed() {
        for (var i = 0; i < 50; i++) {
            signedIn(phone(), 1, i < 10);
        }

        limits("conversion-sample", "50").require(phone(), address());
    }

    @Test
    void resentCodesCountAsSends() {
        for (var i = 0; i < 10; i++) {
            signedIn(phone(), 6, i < 9);
        }

        assertRefused(limits("conversion-sample", "50"), phone(), address(), "conversion");
    }

    @Test
    void aFewSendsSayNothing() {
        for (var i = 0; i < 49; i++) {
            signedIn(phone(), 1, false);
        }

        limits("conversion-sample", "50").require(phone(), address());
    }

    @Test
    void theCountryIsServedAgainAQuarterOfAnHourLater() {
        for (var i = 0; i < 50; i++) {
            signedIn(phone(), 1, false);
        }
        TestClock.advance(Duration.ofMinutes(16));

        limits("conversion-sample", "50").require(phone(), address());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, c0000201",
        "192.0.2.2, c0000202",
        "2001:db8:1:2:3:4:5:6, 20010db800010002",
        "2001:db8:1:2::, 20010db800010002",
        "2001:db8:1:3::, 20010db800010003",
        "::1, 0000000000000000",
        // An IPv4 address is the same person however it is written.
        "::ffff:192.0.2.1, c0000201"
    })
    void anAddressCountsByItsNetwork(String address, String network) {
        assertThat(RateLimits.network(address)).isEqualTo(network);
    }

    private SendLimits limits(String... values) {
        var config = new HashMap<String, String>();
        WIDE.forEach((name, value) -> config.put("sends." + name, value));
        for (var i = 0; i < values.length; i += 2) {
            config.put("sends." + values[i], values[i + 1]);
        }
        return new SendLimits(rateLimits, signIns, TestConfig.identity(config), clock, metrics);
    }

    private void assertRefused(SendLimits limits, Phone phone, String address, String limit) {
        var refusals = metrics.counter("kvit.sign.in.refused", "limit", limit);
        var before = refusals.count();
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> limits.require(phone, address))
                .matches(it -> it.type() == IdentityProblem.TOO_MANY_ATTEMPTS);
        assertThat(refusals.count()).isEqualTo(before + 1);
    }

    /** The number after the last one. */
    private Phone phone() {
        return new Phone("+%s%04d".formatted(prefix, next++), region(), prefix);
    }

    private String region() {
        return prefix;
    }

    private static String address() {
        return "10.%d.%d.%d".formatted(random(256), random(256), random(256));
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private void signedIn(Phone phone, int sends, boolean isConfirmed) {
        var now = Timestamp.from(clock.instant());
        Sql.run(
                "insert into sign_in (id, phone, region, address, code_due, expires_at, resend_at,"
                        + " tries, sends, created_at, confirmed_at) values (?, ?, ?, 'test', false, ?,"
                        + " ?, 0, ?, ?, case when ? then now() end)",
                UUID.randomUUID(),
                phone.e164(),
                phone.region(),
                now,
                now,
                sends,
                now,
                isConfirmed);
    }
}
