package kvit.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import kvit.money.Money;
import org.junit.jupiter.api.Test;

/** The parts are the whole, in every currency, and who gets the odd units is no accident. */
class SplitUpTest {

    private static final int CASES = 20_000;

    @Test
    void divides100EurosAnd1CentAmongSeven() {
        assertThat(SplitUp.equally(100_01, 7))
                .containsExactly(14_29L, 14_29L, 14_29L, 14_29L, 14_29L, 14_28L, 14_28L);
    }

    @Test
    void divides1000YenAmongThree() {
        assertThat(SplitUp.equally(1_000, 3)).containsExactly(334L, 333L, 333L);
    }

    @Test
    void divides10KuwaitiDinarsAmongSeven() {
        assertThat(SplitUp.equally(10_000, 7))
                .containsExactly(1_429L, 1_429L, 1_429L, 1_429L, 1_428L, 1_428L, 1_428L);
    }

    @Test
    void givesTheOddUnitToWhoeverLosesMostByRounding() {
        // 3.33…, 1.66… and 5.00 of ten: the second one loses two thirds of a unit.
        assertThat(SplitUp.byWeights(10, List.of(2, 1, 3))).containsExactly(3L, 2L, 5L);
        // A third is lost by each of two, so the first of them gets it.
        assertThat(SplitUp.byWeights(100, List.of(1, 1, 1))).containsExactly(34L, 33L, 33L);
    }

    @Test
    void dividesTheLargestAmountByTheLargestWeights() {
        var weights = Collections.nCopies(500, SplitUp.WEIGHT_MAX);

        var parts = SplitUp.byWeights(Money.MINOR_MAX, weights);

        assertThat(sum(parts)).isEqualTo(Money.MINOR_MAX);
        assertThat(Collections.max(parts) - Collections.min(parts)).isLessThanOrEqualTo(1);
    }

    @Test
    void leavesNothingForSomeWhereThereAreMorePeopleThanUnits() {
        assertThat(SplitUp.equally(2, 3)).containsExactly(1L, 1L, 0L);
    }

    @Test
    void alwaysAddsUpAndStaysWithinAUnitOfWhatIsFair() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        for (var number = 0; number < CASES; number++) {
            var minor = random.nextLong(1, 1L << (1 + random.nextInt(53)));
            var weights = weights(random);
            var what = "seed %d: %d by %s".formatted(seed, minor, weights);

            var parts = SplitUp.byWeights(minor, weights);

            assertThat(parts).as(what).hasSameSizeAs(weights);
            assertThat(sum(parts)).as(what).isEqualTo(minor);
            var all = weights.stream().mapToLong(it -> it).sum();
            for (var i = 0; i < parts.size(); i++) {
                var floor = minor * weights.get(i) / all;
                assertThat(parts.get(i)).as(what).isBetween(floor, floor + 1);
            }
        }
    }

    @Test
    void givesEqualWeightsTheLargerPartsFirst() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        for (var number = 0; number < CASES; number++) {
            var minor = random.nextLong(1, 1_000_000);
            var heads = 1 + random.nextInt(60);

            var parts = SplitUp.equally(minor, heads);

            assertThat(parts)
                    .as("seed %d: %d among %d", seed, minor, heads)
                    .isSortedAccordingTo(Collections.reverseOrder());
            assertThat(sum(parts)).isEqualTo(minor);
            assertThat(parts.get(0) - parts.get(heads - 1)).isBetween(0L, 1L);
        }
    }

    private static List<Integer> weights(Random random) {
        var weights = new ArrayList<Integer>();
        var heads = 1 + random.nextInt(40);
        for (var i = 0; i < heads; i++) {
            weights.add(1 + random.nextInt(SplitUp.WEIGHT_MAX));
        }
        return weights;
    }

    private static long sum(List<Long> parts) {
        return parts.stream().mapToLong(it -> it).sum();
    }
}
