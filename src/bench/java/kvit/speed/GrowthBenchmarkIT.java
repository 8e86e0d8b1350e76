package kvit.speed;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transfer costs must not depend on how many there were before. */
class GrowthBenchmarkIT {

    private static final int OLD = Settings.growth();

    /** 50,000 of two millions. */
    private static final int YOUNG = OLD / 40;

    /** 250,000 of two millions. */
    private static final int STEP = OLD / 8;

    /** A count ends it, and this would only if something had gone wrong. */
    private static final Duration LONG = Duration.ofHours(6);

    private static final String SIZES =
            """
            select relname, pg_table_size(relid) / 1048576.0, pg_indexes_size(relid) / 1048576.0,
                   n_live_tup, n_dead_tup, autovacuum_count
              from pg_stat_user_tables
             where pg_total_relation_size(relid) > 1048576
             order by pg_total_relation_size(relid) desc
            """;

    private static final String INDEXES =
            """
            select indexrelname, pg_relation_size(indexrelid) / 1048576.0
              from pg_stat_user_indexes
             where pg_relation_size(indexrelid) > 1048576
             order by pg_relation_size(indexrelid) desc
            """;

    @TempDir Path folder;
    private final Targets targets = new Targets();
    private final List<Figures> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final StringBuilder work = new StringBuilder(ServerWork.HEADING);

    @Test
    void itStaysAsFastAsItWas() throws Exception {
        var load = Machine.load();
        var report = new Report("benchmark-growth");
        var grown = Settings.grown();
        try (var stage = Stage.in(grown.orElse(folder.resolve("old")), Settings.jar())) {
            var machine = Machine.describe(load, stage.installation().requireDurable());
            System.out.print(machine + Report.HEADING);
            var transfers = grown.isEmpty() ? grow(stage) : growOn(stage);
            targets.atLeast(
                    "rate of the old books by that of young ones, by turns",
                    byTurns(stage, transfers),
                    0.9);
            check(stage, transfers);
            report.add("## Growing books\n\n" + machine);
            report.add(Report.table(lines));
            notes.forEach(report::add);
            report.add(work.toString());
            report.add(sizes(stage.postgres()));
            report.add(indexes(stage.postgres()));
            report.add(targets.table());
            report.write();
        }
        targets.require();
    }

    /** Books that have grown already; by keys that nobody has used there. */
    private static Transfers growOn(Stage stage) throws Exception {
        var had = new Books(stage.postgres()).transfers();
        System.out.printf("%d transfers are in the books%n", had);
        var transfers = stage.transfers("beyond-" + had, stage.uniform());
        stage.warmUp(transfers);
        return transfers;
    }

    private Transfers grow(Stage stage) throws Exception {
        stage.warmUp();
        var transfers = stage.transfers("growth", stage.uniform());
        grow(stage, transfers, YOUNG);
        var young = window("after " + YOUNG, stage, transfers);
        for (var goal = STEP; goal < OLD; goal += STEP) {
            grow(stage, transfers, goal);
        }
        grow(stage, transfers, OLD);
        var old = window("after " + OLD, stage, transfers);
        notes.add(
                Report.format(
                        "Rate of the old books by that of their own youth: %.2f%n",
                        old.transfers() / young.transfers()));
        return transfers;
    }

    /**
     * Between the youth of the old books and now lies half an hour, in which a machine that others
     * use as well may have become another one. So young books are made once more beside the old
     * ones, and both are measured by turns.
     *
     * @return the median of the rounds' ratios
     */
    private double byTurns(Stage stage, Transfers transfers) throws Exception {
        var ratios = new ArrayList<Double>();
        try (var beside = Stage.in(folder.resolve("young"), Settings.jar())) {
            beside.warmUp();
            var others = beside.transfers("growth", beside.uniform());
            grow(beside, others, YOUNG);
            for (var round = 1; round <= Settings.rounds(); round++) {
                var young = window("young ones, round " + round, beside, others);
                var old = window("old ones, round " + round, stage, transfers);
                ratios.add(old.transfers() / young.transfers());
            }
            check(beside, others);
        }
        return Rounds.median(ratios);
    }

    /** Until so many are in the books. */
    private void grow(Stage stage, Transfers transfers, int goal) throws Exception {
        var missing = goal - acknowledged(transfers);
        if (missing > 0) {
            var load =
                    Load.closed(transfers, Settings.connections(), Duration.ZERO, LONG)
                            .endingAfter(missing);
            watched(stage, transfers, () -> stage.run("up to " + goal, load));
        }
    }

    private Figures window(String name, Stage stage, Transfers transfers) throws Exception {
        return watched(stage, transfers, () -> stage.closed(name, transfers));
    }

    private Figures watched(Stage stage, Transfers transfers, Callable<Figures> measurement)
            throws Exception {
        var before = ServerWork.of(stage.postgres());
        var had = acknowledged(transfers);
        var figures = measurement.call();
        var line =
                ServerWork.of(stage.postgres())
                        .minus(before)
                        .line(figures.scenario(), acknowledged(transfers) - had);
        System.out.println(line);
        work.append(line).append('\n');
        lines.add(figures);
        return figures;
    }

    private static int acknowledged(Transfers transfers) {
        return transfers.keys().acknowledged().cardinality();
    }

    private void check(Stage stage, Transfers transfers) throws SQLException {
        var books = new Books(stage.postgres());
        var kept = books.kept(transfers.keys());
        targets.none(
                "keys lost, doubled or unexplained",
                kept.lost() + kept.doubled() + kept.unexplained());
        stage.require(targets);
        targets.none("findings in the books", books.discrepancies());
    }

    private static String sizes(Postgres postgres) throws SQLException {
        var table =
                new StringBuilder(
                        """
                        | table | MB | indexes, MB | rows | dead rows | autovacuums |
                        |---|---|---|---|---|---|
                        """);
        try (var connection = postgres.connect(Role.OWNER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(SIZES)) {
            while (row.next()) {
                table.append(
                        Report.format(
                                "| %s | %.0f | %.0f | %d | %d | %d |%n",
                                row.getString(1),
                                row.getDouble(2),
                                row.getDouble(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6)));
            }
        }
        return table.toString();
    }

    private static String indexes(Postgres postgres) throws SQLException {
        var table = new StringBuilder("| index | MB |\n|---|---|\n");
        try (var connection = postgres.connect(Role.OWNER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(INDEXES)) {
            while (row.next()) {
                table.append(Report.format("| %s | %.0f |%n", row.getString(1), row.getDouble(2)));
            }
        }
        return table.toString();
    }
}
