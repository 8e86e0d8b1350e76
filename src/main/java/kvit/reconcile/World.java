package kvit.reconcile;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * All that a run decides on: what the files say, and how things stand.
 *
 * @param files of the run, oldest first
 * @param lines of the processor's, without its payouts to the bank
 * @param payouts of the processor that the bank has not shown, those of these files included
 * @param entries of the bank's files
 * @param unpaid what processors had settled and not paid out before
 */
record World(
        Currency currency,
        RuleSet rules,
        List<File> files,
        List<Line> lines,
        List<Line> payouts,
        List<Line> entries,
        List<Parked> parked,
        List<Expectation> expected,
        List<Expectation> elsewhere,
        List<Unpaid.Left> unpaid) {

    /**
     * A file that was found good.
     *
     * @param bookedTo the last day that it is about; null where it is empty
     */
    record File(UUID id, String source, boolean isOfBank, @Nullable LocalDate bookedTo) {}

    /** Compares it, and does nothing. */
    Findings compare() {
        var findings = new Findings();
        var ours = rules.rules().stream().map(it -> it.of(currency)).toList();
        new MatchLedger(currency, ours, findings).match(lines, parked, expected, elsewhere);
        new MatchCarried(currency, findings).match(files, lines, unpaid);
        new MatchBank(ours, findings).match(payouts, entries, parked);
        return findings;
    }
}
