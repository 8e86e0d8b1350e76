package kvit.speed;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void itStaysAsFastAsItWas() throws Exception {
        var load = Machine.load();
        var report = new Report("benchmark-growth");
        try (var stage = Stage.in(folder, Settings.jar())) {
            var machine = Machine.describe(load, stage.installation().requireDurable());
            System.out.print(machine + Report.HEADING);
            stage.warmUp();
            var transfers = stage.transfers("growth", stage.uniform());
            grow(stage, transfers, YOUNG);
            var young = window(stage, transfers, YOUNG);
            for (var goal = STEP; goal < OLD; goal += STEP) {
                grow(stage, transfers, goal);
            }
            grow(stage, transfers, OLD);
            var old = window(stage, transfers, OLD);
            targets.atLeast(
                    "rate of the old books by that of the young",
                    old.transfers() / young.transfers(),
                    0.9);
            check(stage, transfers);
            report.add("## Growing books\n\n" + machine);
            report.add(Report.table(lines));
            report.add(sizes(stage.postgres()));
            report.add(indexes(stage.postgres()));
            report.add(targets.table());
            report.write();
        }
        targets.require();
    }

    /** Until so many are in the books. */
    private void grow(Stage stage, Transfers transfers, int goal) throws InterruptedException {
        var missing = goal - transfers.keys().acknowledged().cardinality();
        if (missing > 0) {
            var load =
                    Load.closed(transfers, Settings.connections(), Duration.ZERO, LONG)
                            .endingAfter(missing);
            lines.add(stage.run("up to " + goal, load));
        }
    }

    private Figures window(Stage stage, Transfers transfers, int after)
            throws InterruptedException {
        var figures = stage.closed("after " + after, transfers);
        lines.add(figures);
        return figures;
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
