package kvit.speed;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kvit.speed.SqlLoad.Script;

/**
 * HTTP and SQL by turns, so that whatever else the machine does meets both: a ratio is the median
 * of the rounds' ratios.
 */
final class Rounds {

    static final String UNIFORM = "uniform";
    static final String HOT = "hot";
    static final String SQL_UNIFORM = "SQL alone, one call a transfer, uniform";
    static final String SQL_HOT = "SQL alone, one call a transfer, hot";
    static final String TPC_B = "SQL alone, TPC-B";

    /**
     * The fewest are the fastest where all wait for one row, and the most where all wait for the
     * disk.
     */
    private static final int[] CONNECTIONS = {4, 16, 64};

    private static final Duration PROBE = Duration.ofSeconds(3);

    private final Stage stage;
    private final SqlLoad sql;
    private final Map<String, List<Double>> rates = new TreeMap<>();
    private final Map<String, List<Figures>> figures = new TreeMap<>();

    Rounds(Stage stage) {
        this.stage = stage;
        this.sql = new SqlLoad(stage.postgres());
    }

    /** After the warm-up, which has made the rows that those of SQL are like. */
    void run() throws SQLException, InterruptedException {
        if (!Settings.runs(UNIFORM) && !Settings.runs(HOT)) {
            return;
        }
        var oneCall = OneCall.install(stage.postgres(), stage.crowd().rich());
        TpcB.install(stage.postgres());
        var uniform = oneCall.script(stage.uniform());
        var hot = oneCall.script(Pairs.hot(0, stage.people()));
        var probed = new HashMap<String, Integer>();
        for (var round = 0; round < Settings.rounds(); round++) {
            if (Settings.runs(UNIFORM)) {
                http(UNIFORM, stage.uniform(), round);
                sql(SQL_UNIFORM, uniform, probed);
            }
            if (Settings.runs(HOT)) {
                // Somebody else each time, or a limit of moves a week would end it.
                http(HOT, Pairs.hot(1 + round, stage.people()), round);
                sql(SQL_HOT, hot, probed);
            }
            sql(TPC_B, TpcB::on, probed);
        }
    }

    private int bestOf(String name, Script script) throws SQLException, InterruptedException {
        var best = 0;
        var bestRate = 0.0;
        for (var connections : CONNECTIONS) {
            var rate = sql.run(script, connections, PROBE);
            System.out.println(
                    Report.format("%s: %.0f/s by %d connections", name, rate, connections));
            if (rate > bestRate) {
                best = connections;
                bestRate = rate;
            }
        }
        return best;
    }

    private void http(String name, Pairs pairs, int round) throws InterruptedException {
        var measured = stage.closed(name, stage.transfers(name + "-" + round, pairs));
        figures.computeIfAbsent(name, it -> new ArrayList<>()).add(measured);
        add(name, measured.transfers());
    }

    private void sql(String name, Script script, Map<String, Integer> probed)
            throws SQLException, InterruptedException {
        if (!probed.containsKey(name)) {
            probed.put(name, bestOf(name, script));
        }
        var connections = probed.get(name);
        var rate = sql.run(script, connections, Settings.measuredInSql());
        System.out.println(Report.format("%s: %.0f/s by %d connections", name, rate, connections));
        add(name, rate);
    }

    private void add(String name, double rate) {
        rates.computeIfAbsent(name, it -> new ArrayList<>()).add(rate);
    }

    boolean have(String name) {
        return rates.containsKey(name);
    }

    /** All rounds of a scenario through HTTP as one. */
    Figures figures(String name) {
        return Figures.together(name, figures.get(name));
    }

    /** Per second. */
    double median(String name) {
        return median(rates.get(name));
    }

    /** How many of the one there are for each of the other. */
    double ratio(String name, String of) {
        var ratios = new ArrayList<Double>();
        for (var round = 0; round < rates.get(name).size(); round++) {
            ratios.add(rates.get(name).get(round) / rates.get(of).get(round));
        }
        return median(ratios);
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The rates of SQL, which have no latency. */
    String sqlTable() {
        var table = new StringBuilder("| beside it | transactions/s |\n|---|---|\n");
        rates.forEach(
                (name, all) -> {
                    if (!figures.containsKey(name)) {
                        table.append(Report.format("| %s | %.0f |%n", name, median(all)));
                    }
                });
        return table.toString();
    }
}
