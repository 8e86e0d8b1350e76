package kvit.books;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all postings in the order of commits, and along the chain beside them: what each of
 * them is, and what it was when it was sealed.
 */
final class ChainCheck {

    /** Links in memory at once, of some 50 KB each. */
    private static final int SEALS_AT_ONCE = 20;

    private final SealStore store;
    private final Findings findings;
    private final long firstToCome;
    private final Instant late;
    private final MessageDigest sha256 = Seal.sha256();
    private final Deque<Seal> read = new ArrayDeque<>();
    private final DayTotals all = new DayTotals();
    private final DayTotals ofSeals = new DayTotals();
    private @Nullable Seal seal;
    private @Nullable Seal before;
    private Map<UUID, ByteBuffer> marks = Map.of();
    private int entriesOfSeal;
    private long seals;
    private long postings;
    private long entries;
    private long unsealed;

    /**
     * @param firstToCome the first transaction that has not begun
     * @param late what was written before this is sealed, or somebody keeps it from being
     */
    ChainCheck(SealStore store, Findings findings, long firstToCome, Instant late) {
        this.store = store;
        this.findings = findings;
        this.firstToCome = firstToCome;
        this.late = late;
        nextSeal();
    }

    void add(BookPosting posting) {
        postings++;
        entries += posting.lines().size();
        all.add(posting);
        checkLines(posting);
        findings.expect(
                Long.compareUnsigned(posting.place().transaction(), firstToCome) < 0,
                "posting-to-come",
                posting.id(),
                "says to be of a transaction that has not begun, and would never be sealed");
        while (seal != null && posting.place().compareTo(seal.last()) > 0) {
            finishSeal();
        }
        if (seal == null) {
            unsealed++;
            findings.expect(
                    !posting.createdAt().isBefore(late),
                    "unsealed-late",
                    posting.id(),
                    "was written at " + posting.createdAt() + " and the chain does not reach it");
            return;
        }
        ofSeals.add(posting);
        entriesOfSeal += posting.lines().size();
        var sealed = marks.remove(posting.id());
        if (sealed == null) {
            findings.add(
                    "posting-planted",
                    posting.id(),
                    "stands where seal " + seal.number() + " has no such posting");
        } else if (!sealed.equals(ByteBuffer.wrap(posting.digest(sha256)))) {
            findings.add(
                    "posting-changed",
                    posting.id(),
                    "it or its entries are not what seal " + seal.number() + " has of them");
        }
    }

    /** After the last posting: what is left of the chain has lost its postings. */
    void end() {
        while (seal != null) {
            finishSeal();
        }
    }

    private void checkLines(BookPosting posting) {
        var sums = new HashMap<String, Long>();
        var accounts = new HashSet<UUID>();
        for (var line : posting.lines()) {
            if (!accounts.add(line.account())) {
                findings.add("posting-legs", posting.id(), "names an account twice");
            }
            if (line.currency() == null) {
                findings.add(
                        "account-missing", posting.id(), "there is no account " + line.account());
            } else {
                sums.merge(line.currency(), line.minor(), Long::sum);
            }
        }
        if (posting.lines().size() < 2) {
            findings.add("posting-legs", posting.id(), "has entries: " + posting.lines().size());
        }
        sums.forEach(
                (currency, sum) ->
                        findings.expect(
                                sum == 0,
                                "posting-sum",
                                posting.id(),
                                "%d minor units of %s too many".formatted(sum, currency)));
    }

    private void finishSeal() {
        var finished = Objects.requireNonNull(seal);
        marks.keySet()
                .forEach(
                        it ->
                                findings.add(
                                        "posting-missing",
                                        it,
                                        "was sealed in %d and is gone"
                                                .formatted(finished.number())));
        findings.expect(
                entriesOfSeal == finished.entries(),
                "seal-entries",
                finished.number(),
                "had %d entries, and has %d".formatted(finished.entries(), entriesOfSeal));
        before = finished;
        nextSeal();
    }

    private void nextSeal() {
        if (read.isEmpty()) {
            read.addAll(store.after(before == null ? 0 : before.number(), SEALS_AT_ONCE));
        }
        seal = read.poll();
        entriesOfSeal = 0;
        marks = seal == null ? Map.of() : seal.marks();
        if (seal != null) {
            seals++;
            checkLink(seal);
        }
    }

    private void checkLink(Seal link) {
        var number = before == null ? 0 : before.number();
        var digest = before == null ? Seal.nothing() : before.digest();
        var place = before == null ? Place.BEGINNING : before.last();
        findings.expect(
                link.number() == number + 1,
                "seal-missing",
                number + 1,
                "the chain goes on with " + link.number());
        findings.expect(
                MessageDigest.isEqual(link.previous(), digest) && link.after().equals(place),
                "seal-order",
                link.number(),
                "does not follow the one before");
        findings.expect(
                link.isWhole() && marks.size() == link.postings(),
                "seal-broken",
                link.number(),
                "its digest is not that of its content");
    }

    /** What all postings add up to. */
    DayTotals totals() {
        return all;
    }

    /** What those add up to that the chain goes over. */
    DayTotals totalsOfSeals() {
        return ofSeals;
    }

    long seals() {
        return seals;
    }

    long postings() {
        return postings;
    }

    long entries() {
        return entries;
    }

    long unsealed() {
        return unsealed;
    }

    /** The last link; null while there is none. */
    @Nullable Seal head() {
        return before;
    }
}
