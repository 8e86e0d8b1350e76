package kvit.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many transfers a second the packaged service carries out, and how long each takes, beside
 * what the same PostgreSQL does alone in the same minutes. Everything is measured and printed
 * before anything fails.
 */
class SpeedBenchmarkIT {

    private static final String REPLAYS = "replays";
    private static final String REFUSALS = "refusals";
    private static final String READS = "reads";
    private static final String OPEN = "open";
    private static final String OVERLOAD = "overload";

    /** Of the requests, where some are of another kind than the rest. */
    private static final int ONE_IN_FIVE = 5;

    private static final double SHARE_OF_SATURATION = 0.7;

    /** Promised at that share. */
    private static final int P99_MILLIS = 50;

    @TempDir Path folder;
    private final Targets targets = new Targets();
    private final List<Figures> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @Test
    void itIsAsFastAsWasPromised() throws Exception {
        var load = Machine.load();
        notes.add(Disk.describe(folder));
        var before = cpuBefore();
        try (var installation = Installation.of(Settings.jar(), folder.resolve("now"))) {
            startUps(installation);
            var machine = Machine.describe(load, installation.requireDurable());
            System.out.print(machine);
            try (var stage = Stage.of(installation)) {
                System.out.print(Report.HEADING);
                warmUp(stage);
                var rounds = new Rounds(stage);
                rounds.run();
                var saturation = saturation(stage, rounds);
                sideBySide(stage);
                byTheClock(stage, saturation);

                compare(rounds, before);
                stage.require(targets);
                targets.atMost(
                        "RSS of the service at the most, MB",
                        installation.processes().memoryAtMost(),
                        400);
                var kept = books(stage);
                var report = new Report("benchmark-speed");
                report.add("## Transfers through HTTP\n\n" + machine);
                report.add(Report.table(lines));
                report.add(rounds.sqlTable());
                notes.forEach(it -> report.add(it + "\n"));
                report.add(kept);
                report.add(targets.table());
                report.write();
            }
        }
        targets.require();
    }

    private void startUps(Installation installation) throws IOException, InterruptedException {
        var first = seconds(installation.timeToStart());
        installation.stop();
        var second = seconds(installation.timeToStart());
        targets.atMost("start-up, s", second, 8);
        notes.add(
                Report.format(
                        "Start-up until ready: %.1f s; the first one in a new folder, which unpacks"
                                + " and sets up PostgreSQL, %.1f s.",
                        second, first));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    /** Microseconds of the older build's service for a transfer; NaN where none is named. */
    private double cpuBefore() throws IOException, InterruptedException {
        var jar = Settings.before();
        if (jar.isEmpty()) {
            return Double.NaN;
        }
        try (var stage = Stage.in(folder.resolve("before"), jar.get())) {
            System.out.print(Report.HEADING);
            stage.warmUp();
            // As long as the other one, because compilers go on for minutes.
            var rounds = new ArrayList<Figures>();
            for (var round = 0; round < Settings.rounds(); round++) {
                var transfers = stage.transfers("before-" + round, stage.uniform());
                rounds.add(stage.closed("before", transfers));
            }
            return line(Figures.together("before, uniform", rounds)).serviceCpu();
        }
    }

    /** What the service can do at the most. */
    private double saturation(Stage stage, Rounds rounds) throws InterruptedException {
        for (var name : List.of(Rounds.UNIFORM, Rounds.HOT)) {
            if (rounds.have(name)) {
                line(rounds.figures(name));
            }
        }
        return rounds.have(Rounds.UNIFORM)
                ? rounds.median(Rounds.UNIFORM)
                : stage.closed("saturation", stage.transfers("saturation", stage.uniform()))
                        .transfers();
    }

    /**
     * Each scenario has ways of its own. Where the compilers saw them for the first time while they
     * are measured, their backlog would be part of it, and of whatever is measured next.
     */
    private static void warmUp(Stage stage) throws InterruptedException {
        stage.warmUp();
        if (Settings.runs(REPLAYS)) {
            stage.warmUp("replays", replays(stage, "warm-up-replays"));
        }
        if (Settings.runs(REFUSALS)) {
            stage.warmUp("refusals", refusals(stage, "warm-up-refusals"));
        }
        if (Settings.runs(READS)) {
            stage.warmUp("reads", reads(stage, "warm-up-reads"));
        }
        if (Settings.runs(OVERLOAD)) {
            stage.crowd(stage.transfers("warm-up-crowd", stage.uniform()));
        }
    }

    private void sideBySide(Stage stage) throws InterruptedException {
        if (Settings.runs(REPLAYS)) {
            line(stage.closed("20 % replays", replays(stage, REPLAYS)));
        }
        if (Settings.runs(REFUSALS)) {
            line(stage.closed("20 % refusals", refusals(stage, REFUSALS)));
        }
        if (Settings.runs(READS)) {
            line(stage.closed("half reads", reads(stage, READS)));
        }
    }

    private static Traffic replays(Stage stage, String name) {
        var transfers = stage.transfers(name, stage.uniform());
        return new Mixed(transfers, new Replays(transfers), ONE_IN_FIVE);
    }

    private static Traffic refusals(Stage stage, String name) {
        return new Mixed(
                stage.transfers(name + "-allowed", stage.uniform()),
                new Refusals(stage.transfers(name + "-refused", stage.broke())),
                ONE_IN_FIVE);
    }

    private static Traffic reads(Stage stage, String name) {
        return new ReadsBesideWrites(
                stage.requests(),
                stage.transfers(name, stage.uniform()),
                stage.uniform(),
                stage.people());
    }

    private void byTheClock(Stage stage, double saturation) throws InterruptedException {
        if (Settings.runs(OPEN)) {
            var rate = SHARE_OF_SATURATION * saturation;
            var figures =
                    stage.run(
                            Report.format("open, 70 %% of saturation: %.0f/s", rate),
                            stage.open(
                                    stage.transfers(OPEN, stage.uniform()),
                                    Settings.connections(),
                                    rate));
            line(figures);
            notes.add(secondBySecond(figures.measured().p99BySecond()));
            targets.none("70 %: runs that were ended", figures.measured().overrun() ? 1 : 0);
            targets.atMost(
                    "70 %: p99, ms", Report.inMillis(figures.measured().latency(), 99), P99_MILLIS);
        }
        if (Settings.runs(OVERLOAD)) {
            overload(stage, saturation);
        }
    }

    /**
     * A pause of the disk harms the seconds it falls into, and what is usual shows in the others.
     */
    private static String secondBySecond(List<Long> p99s) {
        return Report.format(
                "At 70 %% of saturation, p99 of each second by itself: %.1f ms in the middle one of"
                        + " %d, %.1f ms in the best and %.1f ms in the worst; %d were within %d ms.",
                millis(p99s.get(p99s.size() / 2)),
                p99s.size(),
                millis(p99s.get(0)),
                millis(p99s.get(p99s.size() - 1)),
                p99s.stream().filter(it -> millis(it) <= P99_MILLIS).count(),
                P99_MILLIS);
    }

    private static double millis(long micros) {
        return micros / 1_000.0;
    }

    private void overload(Stage stage, double saturation) throws InterruptedException {
        var rate = Settings.overloadFactor() * saturation;
        var transfers = stage.transfers(OVERLOAD, stage.uniform());
        var figures =
                stage.run(
                        Report.format(
                                "open, %d × saturation: %.0f/s", Settings.overloadFactor(), rate),
                        stage.open(transfers, Settings.overloadConnections(), rate).turningAway());
        line(figures);
        var refusals = figures.measured().latencyOf(Tally.TURNED_AWAY);
        notes.add(
                Report.format(
                        "Overload: of the answers %.0f %% were refusals, after %.1f ms (p50), %.1f"
                                + " ms (p99), %.1f ms (the slowest); latencies in the table are of"
                                + " the others.",
                        100
                                * figures.measured().rateOf(Tally.TURNED_AWAY)
                                / figures.measured().rateOfAll(),
                        Report.inMillis(refusals, 50),
                        Report.inMillis(refusals, 99),
                        Report.inMillis(refusals, 100)));
        targets.none("overload: runs that were ended", figures.measured().overrun() ? 1 : 0);
        targets.atLeast("overload: goodput by saturation", figures.transfers() / saturation, 0.8);
        targets.atMost("overload: p99 of refusals, ms", Report.inMillis(refusals, 99), 100);
    }

    private Figures line(Figures figures) {
        lines.add(figures);
        return figures;
    }

    private void compare(Rounds rounds, double before) {
        if (rounds.have(Rounds.UNIFORM)) {
            targets.atLeast(
                    "uniform by SQL alone, one call",
                    rounds.ratio(Rounds.UNIFORM, Rounds.SQL_UNIFORM),
                    1);
            if (rounds.have(Rounds.HOT)) {
                targets.atLeast("hot by uniform", rounds.ratio(Rounds.HOT, Rounds.UNIFORM), 1);
            }
            if (!Double.isNaN(before)) {
                var now = rounds.figures(Rounds.UNIFORM).serviceCpu();
                targets.atMost("CPU of the service by that of before", now / before, 0.5);
            }
        }
    }

    /** The books, and each key in them, after all of it; those of SQL alone included. */
    private String books(Stage stage) throws SQLException {
        var books = new Books(stage.postgres());
        var kept = new StringBuilder();
        kept.append("| keys | acknowledged | unanswered | rows | lost | doubled | unexplained |\n");
        kept.append("|---|---|---|---|---|---|---|\n");
        for (var keys : stage.keys()) {
            var found = books.kept(keys);
            kept.append(found.line());
            targets.none(
                    found.prefix() + "*: lost, doubled or unexplained",
                    found.lost() + found.doubled() + found.unexplained());
        }
        var discrepancies = books.discrepancies();
        targets.none("findings in the books", discrepancies);
        kept.append(
                Report.format(
                        "%nThe books: %d transfers, %d postings, %d findings.%n",
                        books.transfers(), books.postings(), discrepancies));
        return kept.toString();
    }
}
