package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void tenAttemptsGoOnForThreeDaysAndThenNoMore() {
        var sum = Duration.ZERO;
        for (var attempts = 1; attempts < 10; attempts++) {
            sum = sum.plus(Retries.after(attempts, Duration.ZERO, 0).orElseThrow());
        }

        assertThat(sum).isEqualTo(Duration.parse("PT75H35M5S"));
        assertThat(Retries.after(10, Duration.ZERO, 0)).isEmpty();
    }

    @Test
    void eachGapIsLongerThanTheOneBefore() {
        for (var attempts = 2; attempts < 10; attempts++) {
            assertThat(Retries.after(attempts, Duration.ZERO, 0).orElseThrow())
                    .isGreaterThan(Retries.after(attempts - 1, Duration.ZERO, 0).orElseThrow());
        }
    }

    @Test
    void chanceAddsUpToAFifth() {
        assertThat(Retries.after(2, Duration.ZERO, 1)).contains(Duration.ofMinutes(6));
        assertThat(Retries.after(2, Duration.ZERO, 0.5)).contains(Duration.ofSeconds(330));
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT5S", "PT1M, PT1M", "PT24H, PT24H", "P7D, PT24H"})
    void whatTheReceiverAsksForIsWaitedButNotForAWeek(Duration asked, Duration waited) {
        assertThat(Retries.after(1, asked, 0)).contains(waited);
    }

    @ParameterizedTest
    @CsvSource({
        "4, false, PT0S, PT0S",
        "5, false, PT0S, PT5S",
        "6, false, PT0S, PT10S",
        "10, false, PT0S, PT2M40S",
        "11, false, PT0S, PT5M",
        "2000000000, false, PT0S, PT5M",
        "1, true, PT0S, PT5S",
        "1, true, PT30S, PT30S",
        "1, true, P1D, PT1H",
        "20, true, PT1S, PT5M"
    })
    void anEndpointIsLeftAloneTheLongerTheMoreItFails(
            int failures, boolean slowDown, Duration asked, Duration quiet) {
        assertThat(Retries.quiet(failures, slowDown, asked)).isEqualTo(quiet);
    }

    @Test
    void oneArrivalMakesAnEndpointHealthy() {
        var failed = Answer.of(500, Duration.ZERO, Duration.ZERO);
        var health = new Health(0, null, null);
        for (var i = 0; i < 7; i++) {
            health = health.after(List.of(failed), NOW.plusSeconds(i));
        }

        assertThat(health).isEqualTo(new Health(7, NOW, NOW.plusSeconds(6 + 20)));
        assertThat(health.after(List.of(Answer.of(204, Duration.ZERO, Duration.ZERO)), NOW))
                .isEqualTo(new Health(0, null, NOW.plusSeconds(6 + 20)));
    }

    /** Of eight calls under way one says how long, and the others only that they failed. */
    @Test
    void patienceThatWasAskedForIsNotForgottenForALaterFailure() {
        var asked = Answer.of(429, Duration.ofMinutes(30), Duration.ZERO);
        var slow = Answer.of(503, Duration.ZERO, Duration.ZERO);
        var failed = Answer.of(500, Duration.ZERO, Duration.ZERO);
        var health = new Health(0, null, null);
        var until = NOW.plusSeconds(1_800);

        assertThat(health.after(List.of(asked, slow), NOW).quietUntil()).isEqualTo(until);
        assertThat(health.after(List.of(asked, failed), NOW).quietUntil()).isEqualTo(until);
    }

    /** It would begin with 40 seconds after a moment without a receiver. */
    @Test
    void whatFailsTogetherCountsNoMoreThanWhatMakesAnEndpointFailing() {
        var failed = Answer.of(500, Duration.ZERO, Duration.ZERO);
        var together = Collections.nCopies(8, failed);

        var once = new Health(0, null, null).after(together, NOW);
        assertThat(once).isEqualTo(new Health(5, NOW, NOW.plusSeconds(5)));
        assertThat(once.after(List.of(failed), NOW))
                .isEqualTo(new Health(6, NOW, NOW.plusSeconds(10)));
    }

    /** Else what it refuses would have its ten attempts within minutes. */
    @ParameterizedTest
    @CsvSource({"4, 300, false", "5, 299, false", "5, 300, true", "50, 86400, true"})
    void onlyWhoeverHasTakenNothingForLongWasAway(int failures, long seconds, boolean away) {
        var health = new Health(failures, NOW.minusSeconds(seconds), null);

        assertThat(health.wasAway(NOW)).isEqualTo(away);
        assertThat(new Health(0, null, null).wasAway(NOW)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "199, false, false, false",
        "200, true, false, false",
        "202, true, false, false",
        "299, true, false, false",
        "301, false, false, false",
        "302, false, false, false",
        "307, false, false, false",
        "400, false, false, false",
        "410, false, true, false",
        "429, false, false, true",
        "500, false, false, false",
        "502, false, false, true",
        "503, false, false, true",
        "504, false, false, true"
    })
    void onlyTwoHundredsHaveArrived(int status, boolean arrived, boolean gone, boolean slow) {
        var answer = Answer.of(status, Duration.ZERO, Duration.ZERO);

        assertThat(answer.isDelivered()).isEqualTo(arrived);
        assertThat(answer.isGone()).isEqualTo(gone);
        assertThat(answer.slowsDown()).isEqualTo(slow);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, PT0S",
                "120, -, PT2M",
                "-5, -, PT0S",
                "1e9, -, PT0S",
                "99999999999999999999, -, PT0S",
                "soon, -, PT0S",
                "'Mon, 23 Nov 2026 12:00:30 GMT', 'Mon, 23 Nov 2026 12:00:00 GMT', PT30S",
                "'Mon, 23 Nov 2026 11:00:00 GMT', 'Mon, 23 Nov 2026 12:00:00 GMT', PT0S",
                "'Mon, 23 Nov 2026 12:00:30 GMT', -, PT0S",
                "'Mon, 23 Nov 2026 12:00:30 GMT', yesterday, PT0S"
            })
    void retryAfterIsSecondsOrADate(String value, String sent, Duration asked) {
        assertThat(RetryAfter.of(value, sent)).isEqualTo(asked);
    }
}
