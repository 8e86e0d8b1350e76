package kvit.books;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import kvit.books.DayTotals.Sums;
import kvit.database.Statements;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Adds up all that the books say and compares it with what they said before: nothing is taken from
 * a total that was kept.
 */
final class Verification {

    /**
     * What it has come to.
     *
     * @param unsealed postings that the chain does not reach yet; younger than some seconds
     * @param head how far the chain goes
     * @param found how many faults; of them the first hundred are in the list
     */
    @Schema(name = "VerificationResult")
    record Result(
            boolean clean,
            Instant asOf,
            long accounts,
            long postings,
            long entries,
            long seals,
            long unsealed,
            @Nullable Head head,
            long found,
            List<Finding> findings) {}

    /** The chain is seconds behind; a transaction that holds it up for so long hangs. */
    private static final Duration SEALED_WITHIN = Duration.ofMinutes(15);

    private final Statements statements;
    private final SealStore seals;
    private final Predicate<byte[]> isOurKey;
    private final Findings findings = new Findings();

    /**
     * On a snapshot: all of it is of one moment.
     *
     * @param isOurKey whether a public key is one that signs heads here, or has
     */
    Verification(Statements statements, Predicate<byte[]> isOurKey) {
        this.statements = statements;
        this.isOurKey = isOurKey;
        this.seals = new SealStore(statements);
    }

    /**
     * Everything.
     *
     * @param heads how far the chain went, as somebody has kept it elsewhere
     */
    Result run(Instant now, List<Head> heads) {
        var reader = new BookReader(statements);
        var chain = new ChainCheck(seals, findings, reader.firstToCome(), now.minus(SEALED_WITHIN));
        reader.all(Place.BEGINNING, chain::add);
        chain.end();
        var accounts = new AccountCheck(statements, findings);
        accounts.run();
        checkDays(chain.totalsOfSeals());
        checkClosings(chain.totals());
        heads.forEach(this::checkHead);
        checkSignatures();
        var head = chain.head();
        return new Result(
                findings.count() == 0,
                now,
                accounts.accounts(),
                chain.postings(),
                chain.entries(),
                chain.seals(),
                chain.unsealed(),
                head == null ? null : head.head(),
                findings.count(),
                findings.named());
    }

    /** The totals that trial balances are made of. */
    private void checkDays(DayTotals counted) {
        var kept = DayTotals.read(statements).byKey();
        counted.byKey()
                .forEach(
                        (key, sums) ->
                                findings.expect(
                                        sums.equals(kept.get(key)),
                                        "day-totals",
                                        subject(key),
                                        "are %s, and were kept as %s"
                                                .formatted(text(sums), text(kept.get(key)))));
        kept.forEach(
                (key, sums) ->
                        findings.expect(
                                counted.byKey().containsKey(key),
                                "day-totals",
                                subject(key),
                                "are nothing, and were kept as " + text(sums)));
    }

    private static String subject(DayTotals.Key key) {
        return "%s %s %s, written on %s"
                .formatted(key.bookedOn(), key.kind(), key.currency(), key.recordedOn());
    }

    private static String text(@Nullable Sums sums) {
        return sums == null
                ? "nothing"
                : "%d debit, %d credit in %d entries"
                        .formatted(sums.debit(), sums.credit(), sums.entries());
    }

    private void checkClosings(DayTotals counted) {
        var periods = new PeriodStore(statements);
        var inForce = inForce(periods.log());
        for (var closing : inForce) {
            findings.expect(
                    Totals.upTo(closing.day(), counted).equals(closing.totals()),
                    "closing",
                    closing.day(),
                    "the books up to this day are not what they were when it was closed");
        }
        var last = inForce.isEmpty() ? null : inForce.get(inForce.size() - 1).day();
        findings.expect(
                Objects.equals(last, periods.closedDay()),
                "closing",
                String.valueOf(periods.closedDay()),
                "is said to be closed, and the last closing is of " + last);
    }

    /** By day. Whoever opens a day opens all after it. */
    static List<Closing> inForce(List<Closing> log) {
        var inForce = new TreeMap<LocalDate, Closing>();
        for (var closing : log) {
            if (closing.action() == Closing.Action.CLOSED) {
                inForce.put(closing.day(), closing);
            } else {
                inForce.tailMap(closing.day(), true).clear();
            }
        }
        return new ArrayList<>(inForce.values());
    }

    private void checkHead(Head head) {
        var now = seals.find(head.number()).map(Seal::head).orElse(null);
        findings.expect(
                head.equals(now),
                "head-lost",
                head.number(),
                now == null
                        ? "the chain went so far and does not any more"
                        : "the chain said " + head.digest() + " here and says " + now.digest());
    }

    private void checkSignatures() {
        LocalDate before = null;
        for (var signed : new SignatureStore(statements).all()) {
            findings.expect(
                    Objects.equals(signed.previous(), before),
                    "signature-missing",
                    signed.day(),
                    "follows that of %s, and the one before it is of %s"
                            .formatted(signed.previous(), before));
            findings.expect(
                    isOurKey.test(signed.key()),
                    "signature-key",
                    signed.day(),
                    "is by a key that is none of ours");
            findings.expect(
                    signed.isRight(), "signature", signed.day(), "is not of what it stands beside");
            checkHead(signed.head());
            before = signed.day();
        }
    }
}
