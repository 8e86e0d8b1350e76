package kvit.reconcile;

import static kvit.settlement.LineType.BALANCE_CARRIED;
import static kvit.settlement.LineType.BANK_TRANSFER;
import static kvit.settlement.LineType.CHARGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.reconcile.Explanations.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a processor brings on is what it had left, to the minor unit. */
class CarriedBalanceTest {

    private final Scene scene = new Scene();

    @ParameterizedTest(name = "left {0}, charged {1}, carried {2}, paid {3}: gap {4}, left {5}")
    @CsvSource({
        // Brought on as it was left.
        "500, 1000, 500, -1500, 0, 0",
        "-500, 1000, -500, -500, 0, 0",
        // More, and less.
        "500, 1000, 700, -1700, 200, 0",
        "500, 1000, 300, -1300, -200, 0",
        "-500, 1000, -300, -700, 200, 0",
        "500, 1000, 501, -1501, 1, 0",
        // What had not been left at all.
        "0, 1000, 500, -1500, 500, 0",
        // Not brought on but left: it is said by the file itself.
        "0, 1000, -300, -700, 0, 300",
        "0, -300, 300, 0, 0, -300",
        "500, 1000, -300, -700, 0, 800",
        // Nothing is said of it.
        "500, 1000, 0, -1000, 0, 500",
        // Without a payout: a file that is good by its footer.
        "500, 1000, 500, 0, 0, 1500",
        "500, 1000, 400, 0, -100, 1400"
    })
    void whatIsBroughtOnIsComparedWithWhatWasLeft(
            long left, long charged, long carried, long paid, long gap, long after) {
        if (left != 0) {
            scene.kept(left);
        }
        scene.line(1, CHARGE, null, "p1", charged);
        if (carried != 0) {
            scene.line(2, BALANCE_CARRIED, null, "c1", carried);
        }
        if (paid != 0) {
            scene.line(3, BANK_TRANSFER, null, "po1", paid);
        }

        var findings = scene.compare();

        var gaps =
                findings.breaks().stream().filter(it -> it.fault() == Fault.BALANCE_GAP).toList();
        assertThat(gaps).extracting(Findings.Break::parked).containsExactlyElementsOf(only(gap));
        assertThat(findings.left().stream().mapToLong(Unpaid.Left::minor).sum()).isEqualTo(after);
    }

    private static List<Long> only(long gap) {
        return gap == 0 ? List.of() : List.of(gap);
    }

    @Test
    void whatIsBroughtOnAndWhatIsLeftMayStandInOneFile() {
        scene.kept(5_00);
        scene.line(1, CHARGE, null, "p1", 10_00);
        scene.line(2, BALANCE_CARRIED, null, "in", 5_00);
        scene.line(3, BALANCE_CARRIED, null, "out", -3_00);
        scene.line(4, BANK_TRANSFER, null, "po1", -12_00);

        var findings = scene.compare();

        assertThat(Scene.faults(findings)).isEqualTo(Map.of(1, Fault.UNKNOWN_EXTERNAL));
        assertThat(findings.left()).extracting(Unpaid.Left::minor).containsExactly(3_00L);
    }

    @Test
    void aCustomerPaysForWhatNoRuleWouldMatchAnyMoreOrTheProcessorSpeaksOf() {
        var charge = expectation("ours", Set.of("theirs"));
        var sides = new Sides(List.of(), new Found(List.of(charge), List.of()), List.of());
        var day = Scene.DAY;

        assertThat(sides.mayComeUntil(Set.of(), 120, day.plusDays(120)))
                .hasValue(day.plusDays(120));
        assertThat(sides.mayComeUntil(Set.of(), 120, day.plusDays(121))).isEmpty();
        assertThat(sides.mayComeUntil(Set.of("ours"), 120, day)).isEmpty();
        assertThat(sides.mayComeUntil(Set.of("theirs"), 120, day)).isEmpty();
        assertThat(sides.mayComeUntil(Set.of("another"), 120, day)).isPresent();
    }

    private static Expectation expectation(String reference, Set<String> names) {
        var day = LocalDate.from(Scene.DAY);
        return new Expectation(
                new UUID(0, 1), Currency.EUR, CHARGE, reference, names, 10_00, day, null);
    }
}
