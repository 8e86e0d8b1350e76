package kvit.speed;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;

/** What was promised, and whether it is kept; all of it is reported before anything fails. */
final class Targets {

    private record Target(String what, double value, String wanted, boolean isMet) {}

    private final List<Target> targets = new ArrayList<>();

    void atLeast(String what, double value, double bound) {
        targets.add(new Target(what, value, "≥ " + bound, value >= bound));
    }

    /**
     * @param value NaN where this machine does not tell; nothing is missed then
     */
    void atMost(String what, double value, double bound) {
        targets.add(new Target(what, value, "≤ " + bound, value <= bound || Double.isNaN(value)));
    }

    void none(String what, long value) {
        targets.add(new Target(what, value, "0", value == 0));
    }

    String table() {
        var table = new StringBuilder("| promise | wanted | measured | |\n|---|---|---|---|\n");
        for (var target : targets) {
            table.append(
                    Report.format(
                            "| %s | %s | %s | %s |%n",
                            target.what,
                            target.wanted,
                            figure(target.value),
                            Double.isNaN(target.value)
                                    ? "not measured"
                                    : target.isMet ? "kept" : "**missed**"));
        }
        return table.toString();
    }

    private static String figure(double value) {
        return value == Math.rint(value)
                ? Report.format("%.0f", value)
                : Report.format("%.2f", value);
    }

    void require() {
        var all = new SoftAssertions();
        targets.forEach(
                it ->
                        all.assertThat(it.isMet)
                                .as("%s: %s, wanted %s", it.what, figure(it.value), it.wanted)
                                .isTrue());
        all.assertAll();
    }
}
