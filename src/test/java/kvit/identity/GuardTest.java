package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import kvit.identity.Guard.Kind;
import kvit.identity.Guard.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How failures add up, without a database. */
class GuardTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration FIRST = Duration.ofSeconds(30);

    private final Guard guard = guard();

    @Test
    void ownFailuresOfAnyMixLockTheOwnSessionsAndSigningIn() {
        wrong(Kind.PIN, NOW);
        wrong(Kind.PIN, NOW);
        guard.failed(Kind.CONFIRMATION_CODE, NOW);
        wrong(Kind.CARD_DIGITS, NOW);
        assertThat(guard.blockedFor(NOW)).isEmpty();
        assertThat(guard.signInsBlockedFor(NOW)).isEmpty();
        guard.failed(Kind.CONFIRMATION_CODE, NOW);
        assertThat(guard.blockedFor(NOW)).contains(FIRST);
        assertThat(guard.signInsBlockedFor(NOW)).contains(FIRST);
    }

    /** Anybody can type wrong codes for a phone; its owner pays on meanwhile. */
    @Test
    void wrongCodesOfSignInsLockSigningInAndNothingElse() {
        for (var i = 0; i < 20; i++) {
            guard.failed(Kind.SIGN_IN_CODE, NOW);
        }
        assertThat(guard.signInsBlockedFor(NOW)).contains(Duration.ofHours(1));
        assertThat(guard.blockedFor(NOW)).isEmpty();
        wrong(Kind.PIN, NOW);
        assertThat(guard.blockedFor(NOW)).isEmpty();
    }

    @Test
    void failuresOfOwnAndOfSignInsLockSigningInTogether() {
        for (var i = 0; i < 4; i++) {
            guard.failed(Kind.SIGN_IN_CODE, NOW);
        }
        wrong(Kind.PIN, NOW);
        assertThat(guard.signInsBlockedFor(NOW)).contains(FIRST);
        assertThat(guard.blockedFor(NOW)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSuccessForgivesItsOwnKindOnly(Kind kind) {
        for (var each : Kind.values()) {
            guard.failed(each, NOW);
        }
        guard.succeeded(kind, NOW);
        for (var each : Kind.values()) {
            assertThat(guard.tally(each).failures()).isEqualTo(each == kind ? 0 : 1);
        }
    }

    @Test
    void theLockDoublesUpToAnHourAndIsForALittleOnlyWhileTheTryIsLookedAt() {
        for (var i = 0; i < 4; i++) {
            wrong(Kind.PIN, NOW);
        }
        var now = NOW;
        for (var lock : new int[] {30, 60, 120, 240, 480, 960, 1920, 3600, 3600}) {
            var tried = guard.begin(Kind.PIN, now);
            assertThat(guard.blockedFor(now)).contains(Guard.UNDECIDED);
            assertThat(guard.signInsBlockedFor(now)).isEmpty();
            guard.wasWrong(tried, now);
            assertThat(guard.blockedFor(now)).contains(Duration.ofSeconds(lock));
            now = now.plusSeconds(lock);
        }
    }

    /** A service that died while it looked has locked nobody out, and forgotten nothing. */
    @Test
    void aTryThatNobodySettlesLocksForSecondsAndCounts() {
        for (var i = 0; i < 5; i++) {
            guard.begin(Kind.PIN, NOW);
        }
        var later = NOW.plus(Guard.UNDECIDED);
        assertThat(guard.blockedFor(later.minusMillis(1))).isPresent();
        assertThat(guard.blockedFor(later)).isEmpty();
        wrong(Kind.PIN, later);
        assertThat(guard.blockedFor(later)).contains(Duration.ofMinutes(1));
    }

    @Test
    void aRightOneAfterFourWrongOnesLeavesNothing() {
        for (var i = 0; i < 4; i++) {
            wrong(Kind.PIN, NOW);
        }
        guard.wasRight(guard.begin(Kind.PIN, NOW), NOW);
        assertThat(guard.isEmpty()).isTrue();
    }

    /** What others have failed at is not lifted with it. */
    @Test
    void aRightOneLiftsWhatItHasLockedAndNotWhatFailedMeanwhile() {
        for (var i = 0; i < 4; i++) {
            guard.failed(Kind.CONFIRMATION_CODE, NOW);
        }
        var tried = guard.begin(Kind.PIN, NOW);
        assertThat(guard.blockedFor(NOW)).contains(Guard.UNDECIDED);
        guard.failed(Kind.CONFIRMATION_CODE, NOW);
        guard.wasRight(tried, NOW);
        assertThat(guard.blockedFor(NOW)).isPresent();

        var after = guard.blockedFor(NOW).orElseThrow();
        guard.wasRight(guard.begin(Kind.PIN, NOW.plus(after)), NOW.plus(after));
        assertThat(guard.blockedFor(NOW.plus(after))).isEmpty();
        assertThat(guard.tally(Kind.CONFIRMATION_CODE).failures()).isEqualTo(5);
    }

    @Test
    void whatIsTakenBackHasNeverBeenAndMakesNothingYounger() {
        for (var i = 0; i < 4; i++) {
            wrong(Kind.CARD_DIGITS, NOW);
        }
        var later = NOW.plus(Duration.ofHours(23));
        guard.takeBack(guard.begin(Kind.CARD_DIGITS, later), later);
        assertThat(guard.tally(Kind.CARD_DIGITS)).isEqualTo(new Tally(4, NOW));
        assertThat(guard.blockedFor(later)).isEmpty();
        var tomorrow = NOW.plus(Duration.ofDays(1)).plusMillis(1);
        wrong(Kind.CARD_DIGITS, tomorrow);
        assertThat(guard.tally(Kind.CARD_DIGITS)).isEqualTo(new Tally(1, tomorrow));
    }

    @Test
    void failuresOfOneKindMakeThoseOfAnotherNoYounger() {
        for (var i = 0; i < 4; i++) {
            wrong(Kind.PIN, NOW);
        }
        var tomorrow = NOW.plus(Duration.ofDays(1)).plusMillis(1);
        guard.failed(Kind.CONFIRMATION_CODE, tomorrow.minusSeconds(60));
        wrong(Kind.CARD_DIGITS, tomorrow);
        wrong(Kind.PIN, tomorrow);
        assertThat(guard.tally(Kind.PIN).failures()).isEqualTo(1);
        assertThat(guard.blockedFor(tomorrow)).isEmpty();
    }

    /** However they overlap, five that are wrong lock, and four do not. */
    @Test
    void ofManyAtOnceThoseThatWereLookedAtLock() {
        var first = guard.begin(Kind.PIN, NOW);
        var second = guard.begin(Kind.PIN, NOW);
        var third = guard.begin(Kind.PIN, NOW);
        var fourth = guard.begin(Kind.PIN, NOW);
        var fifth = guard.begin(Kind.PIN, NOW);
        guard.wasWrong(first, NOW);
        assertThat(guard.blockedFor(NOW)).contains(Guard.UNDECIDED);
        guard.wasWrong(fifth, NOW);
        assertThat(guard.blockedFor(NOW)).contains(FIRST);
        guard.takeBack(third, NOW);
        assertThat(guard.blockedFor(NOW)).isEmpty();
        var sixth = guard.begin(Kind.PIN, NOW);
        guard.wasWrong(second, NOW);
        guard.wasWrong(fourth, NOW);
        assertThat(guard.blockedFor(NOW)).contains(Guard.UNDECIDED);
        guard.wasWrong(sixth, NOW);
        assertThat(guard.blockedFor(NOW)).contains(FIRST);
    }

    private void wrong(Kind kind, Instant now) {
        guard.wasWrong(guard.begin(kind, now), now);
    }

    private static Guard guard() {
        return new Guard(TestConfig.identity(Map.of()), Map.of(), null, null);
    }
}
