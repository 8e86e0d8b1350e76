package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.money.Currency;
import kvit.reconcile.Findings.Method;
import kvit.settlement.LineType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both legs, without a database: what is found, and that nothing is found twice or not at all. */
class MatchingTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final UUID FILE = new UUID(1, 1);
    private static final UUID BANK = new UUID(2, 2);

    static final List<Rule> RULES =
            List.of(
                    new Rule("our-id", Rule.By.REFERENCE, 0, 0, 120),
                    new Rule("their-name", Rule.By.EXTERNAL, 0, 0, 120),
                    new Rule("fee", Rule.By.FEE, 0, 0, 0),
                    new Rule("correction", Rule.By.CORRECTION, 0, 0, 0),
                    new Rule("bank-batch", Rule.By.BANK_BATCH, 0, 0, 10),
                    new Rule("bank-amount", Rule.By.BANK_AMOUNT, 0, 0, 5));

    private final List<Line> lines = new ArrayList<>();
    private final List<Line> payouts = new ArrayList<>();
    private final List<Line> entries = new ArrayList<>();
    private final List<Parked> parked = new ArrayList<>();
    private final List<Expectation> expected = new ArrayList<>();
    private final List<Expectation> elsewhere = new ArrayList<>();
    private List<Rule> rules = RULES;

    /** The example that everybody reckons with, to the cent. */
    @Test
    void theExampleComesToWhatItShould() {
        example();

        var findings = compare();
        assertThat(faults(findings))
                .containsOnly(
                        Map.entry(2, Fault.AMOUNT_MISMATCH),
                        Map.entry(4, Fault.DUPLICATE_LINE),
                        Map.entry(5, Fault.UNKNOWN_EXTERNAL));
        assertThat(findings.breaks())
                .extracting(Findings.Break::minor)
                .containsExactlyInAnyOrder(-1_00L, 75_00L, 12_34L);
        assertThat(findings.money())
                .containsOnly(
                        Map.entry(Leg.BANK, -272_59L),
                        Map.entry(Leg.FEES, -8_75L),
                        Map.entry(Leg.SHORTFALL, -1_00L),
                        Map.entry(Leg.UNAPPLIED, 87_34L));
        assertThat(plan(findings).matched()).isEqualTo(5);
        assertThat(plan(findings).missing(Set.of()))
                .extracting(Expectation::minor)
                .containsExactly(20_00L);
    }

    private void example() {
        expect(1, LineType.CHARGE, 100_00);
        expect(2, LineType.CHARGE, 50_00);
        expect(3, LineType.CHARGE, 75_00);
        expect(4, LineType.CHARGE, 20_00);
        expect(5, LineType.REFUND, -30_00);
        line(1, LineType.CHARGE, ref(1), "psp1", 100_00, 1_20);
        line(2, LineType.CHARGE, ref(2), "psp2", 49_00, 60);
        line(3, LineType.CHARGE, ref(3), "psp3", 75_00, 90);
        line(4, LineType.CHARGE, ref(3), "psp3", 75_00, 90);
        line(5, LineType.CHARGE, "topup_999", "psp9", 12_34, 15);
        line(6, LineType.REFUND, ref(5), "psp5", -30_00, 0);
        line(7, LineType.FEE, null, null, 0, 5_00);
        payout(8, "42", -272_59);
        entry(1, "BATCH 42", 272_59);
    }

    @Test
    void aCorrectionTakesBackTheDuplicateOfTheSameFileToo() {
        expect(3, LineType.CHARGE, 75_00);
        line(3, LineType.CHARGE, ref(3), "psp3", 75_00, 90);
        line(4, LineType.CHARGE, ref(3), "psp3", 75_00, 90);
        line(5, LineType.CORRECTION, null, "psp3", -75_00, -90);

        var findings = compare();
        assertThat(findings.resolutions())
                .singleElement()
                .satisfies(it -> assertThat(it.how()).isEqualTo(Findings.How.PSP_CORRECTED));
        assertThat(findings.money()).containsOnly(Map.entry(Leg.FEES, -90L));
    }

    @Test
    void aCorrectionMendsAWrongAmountOfAnEarlierRun() {
        var wrong = lineOf(2, LineType.CHARGE, ref(2), "psp2", 49_00, 60);
        parked.add(new Parked(new UUID(9, 9), Fault.AMOUNT_MISMATCH, wrong, false, -1_00, null));
        line(1, LineType.CORRECTION, null, "psp2", 1_00, 0);

        assertThat(compare().money()).containsOnly(Map.entry(Leg.SHORTFALL, 1_00L));
    }

    @Test
    void twoLinesForOneChargeAreBothUnclear() {
        expect(3, LineType.CHARGE, 75_00);
        line(3, LineType.CHARGE, ref(3), "psp3", 75_00, 0);
        line(4, LineType.CHARGE, ref(3), "psp4", 74_00, 0);

        var findings = compare();
        assertThat(faults(findings))
                .containsOnly(Map.entry(3, Fault.AMBIGUOUS), Map.entry(4, Fault.AMBIGUOUS));
        assertThat(findings.matches()).isEmpty();
        assertThat(plan(findings).missing(Set.of())).isEmpty();
    }

    @Test
    void theOtherDirectionIsNoMatchAndTheOtherCurrencyIsNone() {
        expect(1, LineType.CHARGE, 10_00);
        elsewhere.add(
                new Expectation(
                        item(2),
                        Currency.USD,
                        LineType.CHARGE,
                        ref(2),
                        Set.of(),
                        20_00,
                        DAY,
                        null));
        expect(3, LineType.CHARGE, 30_00);
        line(1, LineType.CHARGE, ref(1), "psp1", -10_00, 0);
        line(2, LineType.CHARGE, ref(2), "psp2", 20_00, 0);
        lines.add(
                new Line(
                        new Line.Key(FILE, 3),
                        "psp",
                        LineType.CHARGE,
                        ref(3),
                        "psp3",
                        null,
                        Currency.USD,
                        30_00,
                        50,
                        DAY,
                        "42",
                        null,
                        false));

        var findings = compare();
        assertThat(faults(findings))
                .containsOnly(
                        Map.entry(1, Fault.DIRECTION_MISMATCH),
                        Map.entry(2, Fault.CURRENCY_MISMATCH),
                        Map.entry(3, Fault.CURRENCY_MISMATCH));
        assertThat(findings.money())
                .containsOnly(Map.entry(Leg.SHORTFALL, -10_00L), Map.entry(Leg.UNAPPLIED, 20_00L));
    }

    @Test
    void whatWasUnknownIsKnownWhenOurSideComesLate() {
        var early = lineOf(1, LineType.CHARGE, ref(1), "psp1", 10_00, 20);
        parked.add(new Parked(new UUID(9, 9), Fault.UNKNOWN_EXTERNAL, early, false, 10_00, null));
        expect(1, LineType.CHARGE, 10_00);

        var findings = compare();
        assertThat(findings.resolutions())
                .singleElement()
                .satisfies(it -> assertThat(it.how()).isEqualTo(Findings.How.LATE_MATCH));
        assertThat(findings.isSettled(item(1))).isTrue();
        assertThat(findings.money()).containsOnly(Map.entry(Leg.UNAPPLIED, -10_00L));
    }

    /** A charge that went back is in the file and not in the books; half of it may be late. */
    @Test
    void aChargeThatWentBackIsNotMissingUntilOneHalfHasCome() {
        expected.add(half(1, LineType.CHARGE, 10_00, item(2)));
        expected.add(half(2, LineType.REFUND, -10_00, item(1)));
        line(9, LineType.FEE, null, null, 0, 1);
        assertThat(plan(compare()).missing(Set.of())).isEmpty();

        line(1, LineType.CHARGE, ref(1), "psp1", 10_00, 0);
        var findings = compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(plan(findings).missing(Set.of()))
                .extracting(Expectation::minor)
                .containsExactly(-10_00L);
    }

    private Expectation half(int number, LineType type, long minor, UUID twin) {
        return new Expectation(
                item(number), Currency.EUR, type, ref(number), Set.of(), minor, DAY, twin);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 100, 100, true",
        "0, 0, 100, 99, false",
        "5, 10000, 100, 95, true",
        "5, 10000, 100, 94, false",
        "5, 499, 100, 95, false",
        "5, 500, 100, 95, true",
        "9000000000000000, 1, 9007199254740991, 9007199254740990, true",
        "9000000000000000, 10000, 9007199254740991, -9007199254740991, false",
    })
    void bothTolerancesHoldExactly(
            long minor, int bp, long expectedMinor, long actual, boolean is) {
        var rule = new Rule("x", Rule.By.REFERENCE, minor, bp, 0);
        assertThat(rule.tolerates(expectedMinor, actual)).isEqualTo(is);
        assertThat(rule.tolerates(-expectedMinor, -actual)).isEqualTo(is);
    }

    @Test
    void whatIsWithinToleranceIsAMatchAndTheRestAFee() {
        rules =
                RULES.stream()
                        .map(it -> new Rule(it.name(), it.by(), 2, 1_000, it.windowDays()))
                        .toList();
        expect(1, LineType.CHARGE, 10_00);
        line(1, LineType.CHARGE, ref(1), "psp1", 9_98, 0);

        var findings = compare();
        assertThat(findings.matches())
                .singleElement()
                .satisfies(it -> assertThat(it.method()).isEqualTo(Method.TOLERANCE));
        assertThat(findings.money()).containsOnly(Map.entry(Leg.FEES, -2L));
    }

    @Test
    void whatHasArrivedWithinToleranceIsTheBatchAndTheRestAFee() {
        rules =
                RULES.stream()
                        .map(it -> new Rule(it.name(), it.by(), 2, 1_000, it.windowDays()))
                        .toList();
        payout(1, "42", -10_00);
        entry(1, "BATCH 42", 9_98);

        var findings = compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.matches())
                .singleElement()
                .satisfies(it -> assertThat(it.method()).isEqualTo(Method.TOLERANCE));
        assertThat(findings.money())
                .containsOnly(Map.entry(Leg.BANK, -9_98L), Map.entry(Leg.FEES, -2L));
    }

    /** A name may come again some day, and an amount comes again all the time. */
    @ParameterizedTest
    @CsvSource({
        "our-id, 120, true",
        "our-id, 121, false",
        "our-id, -120, true",
        "our-id, -121, false",
        "bank-batch, 10, true",
        "bank-batch, 11, false",
        "bank-batch, -11, false",
        "bank-amount, 5, true",
        "bank-amount, -5, true",
        "bank-amount, 6, false"
    })
    void aRuleLooksSoManyDaysFarAndNoFurther(String rule, int days, boolean is) {
        if (rule.equals("our-id")) {
            expect(1, LineType.CHARGE, 10_00);
            line(1, LineType.CHARGE, ref(1), null, 10_00, 0);
            move(lines, expected.get(0).bookedOn().plusDays(days));
        } else {
            payout(1, "42", -10_00);
            entry(1, rule.equals("bank-batch") ? "BATCH 42" : "from the processor", 10_00);
            move(entries, payouts.get(0).bookedOn().plusDays(days));
        }

        var findings = compare();
        assertThat(findings.matches())
                .extracting(Findings.Match::rule)
                .isEqualTo(is ? List.of(rule) : List.of());
        assertThat(faults(findings)).isEqualTo(is ? Map.of() : Map.of(1, Fault.UNKNOWN_EXTERNAL));
    }

    private static void move(List<Line> only, LocalDate day) {
        only.replaceAll(
                it ->
                        new Line(
                                it.key(),
                                it.source(),
                                it.type(),
                                it.reference(),
                                it.external(),
                                it.modification(),
                                it.currency(),
                                it.gross(),
                                it.fee(),
                                day,
                                it.batch(),
                                it.description(),
                                it.isRepeated()));
    }

    @Test
    void severalPayoutsAreOneEntryAndOnePayoutSeveral() {
        payout(1, "41", -10_00);
        payout(2, "42", -20_00);
        payout(3, "43", -30_00);
        entry(1, "BATCH 41, 42", 30_00);
        entry(2, "BATCH 43 part 1", 10_00);
        entry(3, "BATCH 43 part 2", 20_00);

        var findings = compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.matches()).hasSize(2);
        assertThat(findings.money()).containsOnly(Map.entry(Leg.BANK, -60_00L));
    }

    @Test
    void severalAgainstSeveralAreNeverOne() {
        payout(1, "42", -10_00);
        payout(2, "42", -20_00);
        entry(1, "BATCH 42", 15_00);
        entry(2, "BATCH 42", 15_00);

        var findings = compare();
        assertThat(findings.matches()).isEmpty();
        assertThat(faults(findings))
                .containsOnly(Map.entry(1, Fault.AMBIGUOUS), Map.entry(2, Fault.AMBIGUOUS));
    }

    @Test
    void whatHasArrivedOfABatchIsNotWhatWasPaid() {
        payout(1, "42", -10_00);
        entry(1, "BATCH 42", 9_00);

        var findings = compare();
        assertThat(faults(findings)).containsOnly(Map.entry(1, Fault.BATCH_TOTAL));
        assertThat(findings.money())
                .containsOnly(Map.entry(Leg.BANK, -9_00L), Map.entry(Leg.SHORTFALL, -1_00L));
    }

    @Test
    void withoutABatchTheAmountTellsWhereOnlyOneHasIt() {
        payout(1, "41", -10_00);
        payout(2, "42", -20_00);
        payout(3, "43", -20_00);
        entry(1, "from the processor", 10_00);
        entry(2, "from the processor", 20_00);
        entry(3, "a stranger", 7_00);

        var findings = compare();
        assertThat(findings.matches()).hasSize(1);
        assertThat(faults(findings))
                .containsOnly(Map.entry(2, Fault.AMBIGUOUS), Map.entry(3, Fault.UNKNOWN_EXTERNAL));
        assertThat(findings.money())
                .containsOnly(Map.entry(Leg.BANK, -10_00L), Map.entry(Leg.BANK_UNAPPLIED, 27_00L));
    }

    /**
     * Whatever comes: each line ends in one place, what is settled was expected, the money is what
     * the lines say, and neither the order of the input nor a second look changes anything.
     */
    @Test
    void eachLineEndsInOnePlaceInWhateverOrderItComes() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        System.out.println("kvit.seed=" + seed);
        var random = new Random(seed);
        for (var round = 0; round < 300; round++) {
            anything(random);
            var findings = compare();
            assertEachLineOnce(findings);
            assertMoneyIsWhatTheLinesSay(findings);
            var hash = plan(findings).hash();
            assertThat(plan(compare()).hash()).as("twice").isEqualTo(hash);
            for (var list : List.of(lines, payouts, entries, expected, elsewhere)) {
                Collections.shuffle(list, random);
            }
            assertThat(plan(compare()).hash()).as("shuffled").isEqualTo(hash);
        }
    }

    private void anything(Random random) {
        for (var list : List.of(lines, payouts, entries, expected, elsewhere)) {
            list.clear();
        }
        var types = LineType.values();
        for (var i = 1; i <= 12; i++) {
            var type = types[random.nextInt(4)];
            if (random.nextInt(4) > 0) {
                expect(i, type, (random.nextInt(3) + 1) * (random.nextBoolean() ? 1L : -1L));
            }
        }
        for (var i = 1; i <= 16; i++) {
            var type = types[random.nextInt(types.length)];
            var about = 1 + random.nextInt(14);
            if (type == LineType.BANK_TRANSFER) {
                payout(i, "b" + random.nextInt(3), random.nextInt(5) - 2L);
            } else {
                line(
                        i,
                        type,
                        random.nextInt(5) == 0 ? null : ref(about),
                        random.nextInt(5) == 0 ? null : "psp" + about,
                        random.nextInt(7) - 3L,
                        random.nextInt(2));
            }
        }
        for (var i = 1; i <= 4; i++) {
            entry(i, "BATCH b" + random.nextInt(4), random.nextInt(5) - 2L);
        }
    }

    private void assertEachLineOnce(Findings findings) {
        var places = new HashMap<Line.Key, Integer>();
        for (var match : findings.matches()) {
            if (match.method() != Method.DIFFERENT) {
                match.lines().forEach(it -> places.merge(it, 1, Integer::sum));
            }
        }
        findings.breaks().forEach(it -> places.merge(it.line().key(), 1, Integer::sum));
        for (var line : lines) {
            if (line.type().isOfTheBooks()) {
                assertThat(places.get(line.key())).as("%s", line).isEqualTo(1);
            }
        }
        entries.forEach(it -> assertThat(places.getOrDefault(it.key(), 0)).isLessThan(2));
        var items = new HashSet<UUID>();
        for (var match : findings.matches()) {
            match.items().forEach(it -> assertThat(items.add(it)).as("settled once").isTrue());
        }
        assertThat(expected.stream().map(Expectation::item).toList()).containsAll(items);
    }

    /** What card clearing falls by is what the lines settle, and the bank has what it says. */
    private void assertMoneyIsWhatTheLinesSay(Findings findings) {
        var money = new EnumMap<Leg, Long>(Leg.class);
        money.putAll(findings.money());
        var clearing =
                -money.entrySet().stream()
                        .filter(it -> !it.getKey().name().startsWith("BANK_"))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        var settled =
                expected.stream()
                        .filter(it -> findings.isSettled(it.item()))
                        .mapToLong(Expectation::minor)
                        .sum();
        var net = lines.stream().filter(it -> it.type().isOfTheBooks()).mapToLong(Line::net).sum();
        var arrived =
                payouts.stream()
                        .filter(it -> findings.isDone(it.key()))
                        .mapToLong(it -> -it.net())
                        .sum();
        // What is brought on and was not left has moved, too.
        var gaps =
                findings.breaks().stream()
                        .filter(it -> it.fault() == Fault.BALANCE_GAP)
                        .mapToLong(Findings.Break::parked)
                        .sum();
        assertThat(clearing).isEqualTo(settled - net + arrived - gaps);
        var bank =
                money.entrySet().stream()
                        .mapToLong(
                                it ->
                                        it.getKey() == Leg.BANK
                                                ? -it.getValue()
                                                : it.getKey().name().startsWith("BANK_")
                                                        ? it.getValue()
                                                        : 0)
                        .sum();
        assertThat(bank).isEqualTo(entries.stream().mapToLong(Line::gross).sum());
    }

    private Map<Integer, Fault> faults(Findings findings) {
        return findings.breaks().stream()
                .collect(Collectors.toMap(it -> it.line().key().number(), Findings.Break::fault));
    }

    private Findings compare() {
        return world().compare();
    }

    private Plan plan(Findings findings) {
        return new Plan(world(), findings);
    }

    private World world() {
        var all = new ArrayList<>(lines);
        all.addAll(payouts);
        return new World(
                Currency.EUR,
                new RuleSet(1, rules),
                List.of(new World.File(FILE, "psp", false, DAY)),
                all,
                payouts,
                entries,
                parked,
                expected,
                elsewhere,
                List.of());
    }

    private static UUID item(int number) {
        return new UUID(0, number);
    }

    private static String ref(int number) {
        return item(number).toString();
    }

    private void expect(int number, LineType type, long minor) {
        expected.add(
                new Expectation(
                        item(number), Currency.EUR, type, ref(number), Set.of(), minor, DAY, null));
    }

    private void line(
            int number, LineType type, String reference, String external, long gross, long fee) {
        lines.add(lineOf(number, type, reference, external, gross, fee));
    }

    private static Line lineOf(
            int number, LineType type, String reference, String external, long gross, long fee) {
        return new Line(
                new Line.Key(FILE, number),
                "psp",
                type,
                reference,
                external,
                null,
                Currency.EUR,
                gross,
                fee,
                DAY,
                "42",
                null,
                false);
    }

    private void payout(int number, String batch, long net) {
        payouts.add(
                new Line(
                        new Line.Key(FILE, number),
                        "psp",
                        LineType.BANK_TRANSFER,
                        null,
                        null,
                        null,
                        Currency.EUR,
                        net,
                        0,
                        DAY,
                        batch,
                        null,
                        false));
    }

    private void entry(int number, String text, long gross) {
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
}
