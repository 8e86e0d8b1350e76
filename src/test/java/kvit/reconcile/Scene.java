package kvit.reconcile;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import kvit.money.Currency;
import kvit.settlement.LineType;

/** What both legs are compared on, put together line by line. */
class Scene {

    static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    /** Where lines of processors stand. */
    static final UUID FILE = new UUID(1, 1);

    /** Where entries of the bank stand. */
    static final UUID BANK = new UUID(2, 2);

    private final List<Line> lines = new ArrayList<>();
    private final List<Line> payouts = new ArrayList<>();
    private final List<Line> entries = new ArrayList<>();
    private final List<Parked> parked = new ArrayList<>();
    private final List<Expectation> expected = new ArrayList<>();
    private final List<Unpaid.Left> unpaid = new ArrayList<>();

    static UUID item(int number) {
        return new UUID(0, number);
    }

    /** Known by its own id, or by another one's: a dispute by that of its charge. */
    void expect(int number, LineType type, String reference, Set<String> names, long minor) {
        expected.add(
                new Expectation(
                        item(number),
                        Currency.EUR,
                        type,
                        reference,
                        names,
                        minor,
                        DAY.plusDays(number),
                        null));
    }

    void line(int number, LineType type, String reference, String external, long gross) {
        lines.add(line("psp", number, type, reference, external, gross, null, false));
    }

    /** Of which an earlier file had the same. */
    void again(int number, LineType type, String reference, String external, long gross) {
        lines.add(line("psp", number, type, reference, external, gross, null, true));
    }

    void lineOf(String source, int number, LineType type, String external, long gross) {
        lines.add(line(source, number, type, null, external, gross, null, false));
    }

    void park(int number, Fault fault, LineType type, String external, long minor) {
        var line = line("psp", 1_000 + number, type, null, external, minor, null, false);
        parked.add(new Parked(item(900 + number), fault, line, false, minor, null));
    }

    /** The processor had settled it and not paid it out. */
    void kept(long minor) {
        unpaid.add(new Unpaid.Left("psp", minor, new UUID(3, 3), DAY.minusDays(1)));
    }

    void payout(String source, int number, String batch, long net) {
        payouts.add(line(source, number, LineType.BANK_TRANSFER, null, null, net, batch, false));
    }

    /** That has a name, and was in an earlier file, or was not. */
    void payoutNamed(int number, String external, long net, boolean isRepeated) {
        payouts.add(
                line(
                        "psp",
                        number,
                        LineType.BANK_TRANSFER,
                        null,
                        external,
                        net,
                        "b" + number,
                        isRepeated));
    }

    void entry(int number, String text, long gross) {
        entries.add(
                new Line(
                        new Line.Key(BANK, number),
                        "bank",
                        LineType.BANK_TRANSFER,
                        null,
                        null,
                        null,
                        Currency.EUR,
                        gross,
                        0,
                        DAY,
                        null,
                        text,
                        false));
    }

    private static Line line(
            String source,
            int number,
            LineType type,
            String reference,
            String external,
            long gross,
            String batch,
            boolean isRepeated) {
        return new Line(
                new Line.Key(FILE, number),
                source,
                type,
                reference,
                external,
                null,
                Currency.EUR,
                gross,
                0,
                DAY,
                batch,
                null,
                isRepeated);
    }

    World world(World.File... files) {
        var all = new ArrayList<>(lines);
        all.addAll(payouts);
        return new World(
                Currency.EUR,
                new RuleSet(1, MatchingTest.RULES),
                files.length > 0
                        ? List.of(files)
                        : List.of(new World.File(FILE, "psp", false, DAY)),
                all,
                payouts,
                entries,
                parked,
                expected,
                List.of(),
                unpaid);
    }

    Findings compare() {
        return world().compare();
    }

    /** By the numbers of the lines. */
    static Map<Integer, Fault> faults(Findings findings) {
        var faults = new TreeMap<Integer, Fault>();
        findings.breaks().forEach(it -> faults.put(it.line().key().number(), it.fault()));
        return faults;
    }
}
