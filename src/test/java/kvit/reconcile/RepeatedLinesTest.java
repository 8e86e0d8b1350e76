package kvit.reconcile;

import static java.util.Map.entry;
import static kvit.reconcile.Scene.faults;
import static kvit.reconcile.Scene.item;
import static kvit.settlement.LineType.BALANCE_CARRIED;
import static kvit.settlement.LineType.CHARGE;
import static kvit.settlement.LineType.CHARGEBACK;
import static kvit.settlement.LineType.CHARGEBACK_REVERSED;
import static kvit.settlement.LineType.CORRECTION;
import static kvit.settlement.LineType.REFUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is said twice, and what only looks like it. */
class RepeatedLinesTest {

    private static final Set<String> PSP = Set.of("psp1");

    private final Scene scene = new Scene();

    @Test
    void eachRoundOfADisputeIsALineOfItsOwn() {
        scene.expect(1, CHARGEBACK, "charge", PSP, -50_00);
        scene.expect(2, CHARGEBACK_REVERSED, "charge", PSP, 50_00);
        scene.expect(3, CHARGEBACK, "charge", PSP, -50_00);
        scene.expect(4, CHARGEBACK_REVERSED, "charge", PSP, 50_00);
        scene.line(1, CHARGEBACK, "charge", "psp1", -50_00);
        scene.line(2, CHARGEBACK_REVERSED, "charge", "psp1", 50_00);
        scene.line(3, CHARGEBACK, "charge", "psp1", -50_00);
        scene.line(4, CHARGEBACK_REVERSED, "charge", "psp1", 50_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.money()).isEmpty();
        assertThat(List.of(1, 2, 3, 4)).allMatch(it -> findings.isSettled(item(it)));
    }

    @Test
    void theNextRoundMayComeWithAFileOfItsOwn() {
        scene.expect(3, CHARGEBACK, "charge", PSP, -50_00);
        scene.again(3, CHARGEBACK, "charge", "psp1", -50_00);
        scene.again(4, CHARGEBACK, "charge", "psp1", -50_00);

        var findings = scene.compare();
        assertThat(findings.isSettled(item(3))).isTrue();
        assertThat(faults(findings)).containsExactly(entry(4, Fault.DUPLICATE_LINE));
    }

    /** Of what is alike the oldest is settled, and the rest is still expected. */
    @Test
    void oneOfTwoRoundsThatAreExpectedIsTheOlderOne() {
        scene.expect(3, CHARGEBACK, "charge", PSP, -50_00);
        scene.expect(1, CHARGEBACK, "charge", PSP, -50_00);
        scene.line(1, CHARGEBACK, "charge", "psp1", -50_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.isSettled(item(1))).isTrue();
        assertThat(findings.isSettled(item(3))).isFalse();
    }

    @Test
    void roundsOfDifferentAmountsAreToldByThem() {
        scene.expect(1, CHARGEBACK, "charge", PSP, -50_00);
        scene.expect(2, CHARGEBACK, "charge", PSP, -30_00);
        scene.line(1, CHARGEBACK, "charge", "psp1", -30_00);
        scene.line(2, CHARGEBACK, "charge", "psp1", -50_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.money()).isEmpty();
    }

    @Test
    void ofSeveralAmountsOfWhichNoneIsRightNobodyGuesses() {
        scene.expect(1, CHARGEBACK, "charge", PSP, -50_00);
        scene.expect(2, CHARGEBACK, "charge", PSP, -30_00);
        scene.line(1, CHARGEBACK, "charge", "psp1", -40_00);

        assertThat(faults(scene.compare())).containsExactly(entry(1, Fault.AMBIGUOUS));
    }

    /** The processor names both by the charge; we name each by itself. */
    @Test
    void aSecondRefundOfOneChargeIsNoDuplicate() {
        scene.expect(1, REFUND, "refund-1", Set.of(), -10_00);
        scene.expect(2, REFUND, "refund-2", Set.of(), -20_00);
        scene.line(1, REFUND, "refund-1", "psp1", -10_00);
        scene.line(2, REFUND, "refund-2", "psp1", -20_00);
        scene.line(3, REFUND, "refund-2", "psp1", -20_00);

        assertThat(faults(scene.compare())).containsExactly(entry(3, Fault.DUPLICATE_LINE));
    }

    /** It was known before we knew of it, so there is nothing left for a second one to be. */
    @Test
    void whatWaitsInSuspenseForOurSideIsNotTakenByASecondLine() {
        scene.park(1, Fault.UNKNOWN_EXTERNAL, CHARGE, "psp1", 10_00);
        scene.expect(1, CHARGE, "charge", PSP, 10_00);
        scene.again(2, CHARGE, null, "psp1", 10_00);

        var findings = scene.compare();
        assertThat(faults(findings)).containsExactly(entry(2, Fault.DUPLICATE_LINE));
        assertThat(findings.resolutions())
                .singleElement()
                .satisfies(it -> assertThat(it.how()).isEqualTo(Findings.How.LATE_MATCH));
    }

    /** The file was there before the books had heard of the second round. */
    @Test
    void aRoundThatWasTakenForADuplicateIsKnownWhenOurSideComes() {
        scene.park(1, Fault.DUPLICATE_LINE, CHARGEBACK, "psp1", -50_00);
        scene.park(2, Fault.DUPLICATE_LINE, CHARGEBACK, "psp1", -50_00);
        scene.expect(2, CHARGEBACK, "charge", PSP, -50_00);

        var findings = scene.compare();
        assertThat(findings.isSettled(item(2))).isTrue();
        assertThat(findings.resolutions())
                .singleElement()
                .satisfies(it -> assertThat(it.how()).isEqualTo(Findings.How.LATE_MATCH));
        assertThat(findings.money()).containsOnly(entry(Leg.SHORTFALL, 50_00L));
    }

    @Test
    void aDuplicateLeavesTheFirstItsPlace() {
        scene.park(2, Fault.UNKNOWN_EXTERNAL, CHARGE, "psp1", 10_00);
        scene.park(1, Fault.DUPLICATE_LINE, CHARGE, "psp1", 10_00);
        scene.expect(1, CHARGE, "charge", PSP, 10_00);

        assertThat(scene.compare().resolutions())
                .singleElement()
                .satisfies(it -> assertThat(it.id()).isEqualTo(item(902)));
    }

    /** One and the same batch, written anew: its payout is not on its way a second time. */
    @Test
    void aPayoutThatWasSaidBeforeIsNotOnItsWayTwice() {
        scene.payoutNamed(1, "po1", -10_00, true);
        scene.payoutNamed(2, "po2", -20_00, false);
        scene.payoutNamed(3, "po2", -20_00, false);
        scene.entry(1, "BATCH b1", 10_00);
        scene.entry(2, "BATCH b2", 20_00);

        var findings = scene.compare();
        assertThat(findings.breaks())
                .extracting(it -> it.line().key(), Findings.Break::fault, Findings.Break::parked)
                .containsExactlyInAnyOrder(
                        tuple(new Line.Key(Scene.FILE, 1), Fault.DUPLICATE_LINE, -10_00L),
                        tuple(new Line.Key(Scene.FILE, 3), Fault.DUPLICATE_LINE, -20_00L),
                        tuple(new Line.Key(Scene.BANK, 1), Fault.UNKNOWN_EXTERNAL, 10_00L));
        assertThat(findings.money())
                .containsOnly(
                        entry(Leg.BANK, -20_00L),
                        entry(Leg.SHORTFALL, -30_00L),
                        entry(Leg.BANK_UNAPPLIED, 10_00L));
    }

    @Test
    void twoCorrectionsTakeBackTwoDuplicatesThatAreAlike() {
        scene.park(1, Fault.DUPLICATE_LINE, CHARGE, "psp1", 75_00);
        scene.park(2, Fault.DUPLICATE_LINE, CHARGE, "psp1", 75_00);
        scene.line(1, CORRECTION, null, "psp1", -75_00);
        scene.line(2, CORRECTION, null, "psp1", -75_00);
        scene.line(3, CORRECTION, null, "psp1", -75_00);

        var findings = scene.compare();
        assertThat(findings.resolutions()).hasSize(2);
        assertThat(faults(findings)).containsExactly(entry(3, Fault.DUPLICATE_LINE));
    }

    @Test
    void ofTwoThatACorrectionMayMeanAndThatAreNotAlikeNoneIsTaken() {
        scene.park(1, Fault.DUPLICATE_LINE, CHARGE, "psp1", 75_00);
        scene.park(2, Fault.UNKNOWN_EXTERNAL, CHARGE, "psp1", 75_00);
        scene.line(1, CORRECTION, null, "psp1", -75_00);

        assertThat(faults(scene.compare())).containsExactly(entry(1, Fault.AMBIGUOUS));
    }

    /** Short names are no wonder: two processors have them. */
    @Test
    void aCorrectionIsOfItsOwnProcessor() {
        scene.park(1, Fault.DUPLICATE_LINE, CHARGE, "psp1", 75_00);
        scene.lineOf("other", 1, CORRECTION, "psp1", -75_00);

        var findings = scene.compare();
        assertThat(findings.resolutions()).isEmpty();
        assertThat(faults(findings)).containsExactly(entry(1, Fault.UNKNOWN_EXTERNAL));
    }

    /** The one that is behind may still bring it. */
    @Test
    void ofSeveralProcessorsNothingIsMissingThatOneOfThemHasNotCovered() {
        scene.expect(1, CHARGE, "charge", PSP, 10_00);
        var later = new World.File(new UUID(3, 3), "psp", false, Scene.DAY.plusDays(3));
        assertThat(missing(later)).hasSize(1);
        assertThat(missing(later, new World.File(Scene.FILE, "other", false, Scene.DAY))).isEmpty();
    }

    private List<Expectation> missing(World.File... files) {
        var world = scene.world(files);
        return new Plan(world, world.compare()).missing(Set.of());
    }

    /** What is left with the processor, and added to another batch, is no break either time. */
    @Test
    void aBalanceThatIsCarriedOnIsNoBreakAndMovesNothing() {
        scene.line(1, BALANCE_CARRIED, null, "carry", -5_00);
        scene.again(2, BALANCE_CARRIED, null, "carry", 5_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.money()).isEmpty();
    }
}
