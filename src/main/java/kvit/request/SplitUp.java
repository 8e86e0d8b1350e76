package kvit.request;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides minor units so that the parts are the whole, whatever the currency's digits are.
 *
 * <p>By the largest remainder: everybody gets what their weight comes to, rounded down, and the
 * units that are left go one each to those who lost most by rounding; of equals, to who comes
 * first. Of equal weights the first ones therefore have one unit more than the others.
 */
final class SplitUp {

    /** 2^53 minor units times a weight is still a long. */
    static final int WEIGHT_MAX = 1_000;

    private SplitUp() {}

    /** Parts that differ by one unit at the most, the larger ones first. */
    static List<Long> equally(long minor, int heads) {
        return byWeights(minor, Collections.nCopies(heads, 1));
    }

    /**
     * One part for each weight, in the same order. Some are nothing where there is less than a unit
     * for them.
     *
     * @param weights 1 to {@link #WEIGHT_MAX} each
     */
    static List<Long> byWeights(long minor, List<Integer> weights) {
        var all = weights.stream().mapToLong(Integer::longValue).sum();
        var parts = new ArrayList<Long>();
        var lost = new ArrayList<Long>();
        var left = minor;
        for (var weight : weights) {
            var product = Math.multiplyExact(minor, weight.longValue());
            parts.add(product / all);
            lost.add(product % all);
            left -= product / all;
        }
        IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparing(lost::get, Comparator.reverseOrder()))
                .limit(left)
                .forEach(it -> parts.set(it, parts.get(it) + 1));
        return List.copyOf(parts);
    }
}
