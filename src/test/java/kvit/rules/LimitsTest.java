package kvit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.rules.Limit.Tally;
import kvit.source.Ids;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

/** What is counted, with and without a limit, and how a limit stood at any time. */
@KvitTest
class LimitsTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @Inject Limits limits;
    @Inject MoneyTransactions transactions;
    @Inject Ids ids;

    @Test
    void countsWhatNothingLimitsSoThatALimitOfTomorrowKnowsIt() {
        var tally = tally();
        move(tally, 300, START);
        move(tally, 200, START.plusSeconds(60));

        var tomorrow = START.plus(Duration.ofHours(24));
        assertThat(limits.standings(List.of(limit(tally, Duration.ofDays(7))), tomorrow))
                .extracting(Limits.Standing::used, Limits.Standing::moves)
                .containsExactly(tuple(500L, 2L));
        assertThat(limits.standings(List.of(limit(tally, Duration.ofHours(24))), tomorrow))
                .extracting(Limits.Standing::used)
                .containsExactly(200L);
    }

    @Test
    void tellsHowALimitStoodJustBeforeEachThatWasCounted() {
        var tally = tally();
        var day = limit(tally, Duration.ofHours(24));
        var week = limit(tally, Duration.ofDays(7));
        var both = List.of(day, week);
        var first = move(tally, 300, START);
        var second = move(tally, 200, START.plus(Duration.ofHours(23)));
        var third = move(tally, 100, START.plus(Duration.ofHours(25)));
        // Whatever is said of the time, what was counted knows its own.
        for (var at : List.of(START, START.plus(Duration.ofDays(9)))) {
            assertThat(used(both, first, at)).containsExactly(0L, 0L);
            assertThat(used(both, second, at)).containsExactly(300L, 300L);
            assertThat(used(both, third, at)).containsExactly(200L, 500L);
        }
    }

    @Test
    void tellsHowALimitStoodAtATimeForWhatWasNeverCounted() {
        var tally = tally();
        var day = List.of(limit(tally, Duration.ofHours(24)));
        move(tally, 300, START);
        assertThat(used(day, ids.next(), START.minusSeconds(1))).containsExactly(0L);
        assertThat(used(day, ids.next(), START.plusSeconds(1))).containsExactly(300L);
        assertThat(used(day, ids.next(), START.plus(Duration.ofHours(24)))).containsExactly(0L);
        assertThat(used(List.of(limit(tally(), Duration.ofHours(24))), ids.next(), START))
                .containsExactly(0L);
    }

    private List<Long> used(List<Limit> asked, UUID cause, Instant at) {
        return limits.standingsAt(asked, cause, at).stream().map(Limits.Standing::used).toList();
    }

    private UUID move(Tally tally, long minor, Instant at) {
        var cause = ids.next();
        transactions.once(
                () -> {
                    var count = limits.count(List.of(tally), List.of(), at);
                    count.add(List.of(tally), cause, new Money(minor, Currency.EUR), at);
                    count.write();
                    return true;
                });
        return cause;
    }

    private Tally tally() {
        return new Tally(ids.next(), Currency.EUR, Operation.SEND);
    }

    private static Limit limit(Tally tally, Duration window) {
        return new Limit("test", tally, window, 1_000L, null, null, Map.of("en", "No."), "en");
    }
}
