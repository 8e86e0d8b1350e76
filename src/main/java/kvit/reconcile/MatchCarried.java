package kvit.reconcile;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import kvit.money.Currency;
import kvit.reconcile.Findings.Break;
import kvit.reconcile.Unpaid.Left;
import kvit.settlement.LineType;

/**
 * What a processor says that it has brought on from its file before, against what it had left
 * there: to the minor unit, because it is its own sum. Pure, as the two legs.
 */
class MatchCarried {

    /** All of a file that is in the currency of its payout. */
    private static class Sheet {

        private final World.File file;
        private final List<Line> carried = new ArrayList<>();
        private long net;
        private boolean paysOut;
        private LocalDate last = LocalDate.MIN;

        Sheet(World.File file) {
            this.file = file;
        }

        void add(Line line) {
            last = line.bookedOn().isAfter(last) ? line.bookedOn() : last;
            if (line.type() == LineType.BALANCE_CARRIED) {
                carried.add(line);
                return;
            }
            net = Math.addExact(net, line.net());
            paysOut |= line.type() == LineType.BANK_TRANSFER && line.net() < 0;
        }

        /**
         * What it brings on: what it names as just that, and otherwise what points the way of what
         * was left. Where nothing was, that is what adds to a payout; the rest it carries on.
         */
        long broughtOn(long left) {
            var total = sum(carried);
            var isWhole = Math.addExact(total, net) == 0;
            if (total == left || carried.isEmpty() || !isWhole) {
                // What does not come to nothing has a balance of its own: all lines lead to it.
                return total;
            }
            if (carried.stream().anyMatch(it -> it.net() == left)) {
                return left;
            }
            var way = left == 0 && paysOut ? 1 : Long.signum(left);
            return sum(carried.stream().filter(it -> Long.signum(it.net()) == way).toList());
        }

        private static long sum(List<Line> lines) {
            return lines.stream().mapToLong(Line::net).reduce(0, Math::addExact);
        }
    }

    private final Currency currency;
    private final Findings findings;

    MatchCarried(Currency currency, Findings findings) {
        this.currency = currency;
        this.findings = findings;
    }

    /**
     * Finds what each processor keeps when all of these files are dealt with, in the order of their
     * days.
     *
     * @param before what they kept
     */
    void match(List<World.File> files, Collection<Line> lines, Collection<Left> before) {
        var kept = new TreeMap<String, Left>();
        before.forEach(it -> kept.put(it.source(), it));
        for (var sheet : sheets(files, lines)) {
            var source = sheet.file.source();
            var was = kept.get(source);
            var left = was == null ? 0 : was.minor();
            var brought = sheet.broughtOn(left);
            if (brought != 0 && brought != left) {
                differ(sheet, Math.subtractExact(brought, left));
                left = brought;
            }
            var now = Math.addExact(left, sheet.net);
            if (now != (was == null ? 0 : was.minor()) || brought != 0) {
                kept.put(source, new Left(source, now, sheet.file.id(), sheet.last));
            }
        }
        findings.left(List.copyOf(kept.values()));
    }

    /** It pays by its own word, so what that is more or less than we know of has moved. */
    private void differ(Sheet sheet, long difference) {
        var line = sheet.carried.get(0);
        findings.found(new Break(Fault.BALANCE_GAP, line, false, null, difference, difference));
    }

    private List<Sheet> sheets(List<World.File> files, Collection<Line> lines) {
        var byFile = new HashMap<UUID, Sheet>();
        files.forEach(it -> byFile.put(it.id(), new Sheet(it)));
        lines.stream()
                .filter(it -> it.currency() == currency)
                .sorted(Line.ORDER)
                .forEach(it -> requireNonNull(byFile.get(it.key().file())).add(it));
        return files.stream()
                .map(it -> requireNonNull(byFile.get(it.id())))
                .filter(it -> !it.last.equals(LocalDate.MIN))
                .sorted(Comparator.comparing((Sheet it) -> it.last))
                .toList();
    }
}
