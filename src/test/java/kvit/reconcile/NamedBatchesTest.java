package kvit.reconcile;

import static java.util.Map.entry;
import static kvit.reconcile.Scene.faults;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bank prints of a batch, and whose batch that is. */
class NamedBatchesTest {

    private final Scene scene = new Scene();

    @Test
    void twoProcessorsMayHaveABatchOfOneName() {
        scene.payout("a", 1, "42", -100_00);
        scene.payout("b", 2, "42", -60_00);
        scene.entry(1, "BATCH 42", 100_00);
        scene.entry(2, "BATCH 42", 60_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.matches()).hasSize(2);
        assertThat(findings.money()).containsOnly(entry(Leg.BANK, -160_00L));
    }

    /** The one of the other stays on its way, and its entry finds it the next day. */
    @Test
    void ofTwoProcessorsOnlyTheOneWhoseAmountItIsHasArrived() {
        scene.payout("a", 1, "42", -100_00);
        scene.payout("b", 2, "42", -60_00);
        scene.entry(1, "BATCH 42", 100_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.isDone(new Line.Key(Scene.FILE, 1))).isTrue();
        assertThat(findings.isDone(new Line.Key(Scene.FILE, 2))).isFalse();
    }

    @Test
    void whereTheAmountIsNeithersNobodyGuessesWhoseItIs() {
        scene.payout("a", 1, "42", -100_00);
        scene.payout("b", 2, "42", -60_00);
        scene.entry(1, "BATCH 42", 99_00);

        var findings = scene.compare();
        assertThat(findings.matches()).isEmpty();
        assertThat(faults(findings)).containsExactly(entry(1, Fault.AMBIGUOUS));
        assertThat(findings.money()).containsOnly(entry(Leg.BANK_UNAPPLIED, 99_00L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BATCH 42 SHOP 7",
                "batch: 42 (7 days)",
                "PAYOUT BATCH NO. 42 INVOICE 7",
                "7 shops, batch 42"
            })
    void aNumberOfSomethingElseIsNoBatch(String text) {
        scene.payout("a", 1, "42", -100_00);
        scene.payout("a", 2, "7", -60_00);
        scene.entry(1, text, 95_00);

        var findings = scene.compare();
        assertThat(faults(findings)).containsExactly(entry(1, Fault.BATCH_TOTAL));
        assertThat(findings.isDone(new Line.Key(Scene.FILE, 2))).isFalse();
        assertThat(findings.money())
                .containsOnly(entry(Leg.BANK, -95_00L), entry(Leg.SHORTFALL, -5_00L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BATCH 41, 42", "batches 41 42", "Batch 41 and 42", "BATCH 41 BATCH 42"})
    void batchesThatAreListedAreOneEvenIfSomethingLacks(String text) {
        scene.payout("a", 1, "41", -10_00);
        scene.payout("a", 2, "42", -20_00);
        scene.entry(1, text, 29_00);

        var findings = scene.compare();
        assertThat(findings.matches())
                .singleElement()
                .satisfies(it -> assertThat(it.lines()).hasSize(3));
        assertThat(findings.money())
                .containsOnly(entry(Leg.BANK, -29_00L), entry(Leg.SHORTFALL, -1_00L));
    }

    /** A word behind a batch that is one, too, counts where all then comes to the amount. */
    @Test
    void aWordThatMayBeABatchIsOneWhereTheSumAgrees() {
        scene.payout("a", 1, "41", -10_00);
        scene.payout("a", 2, "42", -20_00);
        scene.entry(1, "BATCH 41 with 42", 30_00);

        var findings = scene.compare();
        assertThat(findings.breaks()).isEmpty();
        assertThat(findings.money()).containsOnly(entry(Leg.BANK, -30_00L));
    }

    /** No bank shows it, and it would be missing for ever. */
    @Test
    void aPayoutOfNothingHasArrived() {
        scene.payout("a", 1, "42", 0);
        var findings = scene.compare();
        assertThat(findings.matches()).hasSize(1);
        assertThat(findings.money()).isEmpty();
    }
}
