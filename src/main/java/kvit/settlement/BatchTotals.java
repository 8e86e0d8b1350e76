package kvit.settlement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kvit.money.Currency;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a processor's file come to. A batch is paid in one currency, and what its lines
 * in it come to is what is paid: a line in another one is part of no payout, and for whoever
 * compares it with the books to name.
 */
final class BatchTotals {

    /**
     * What the lines of one currency come to; with its payouts, so that good ones come to nought.
     */
    private final Map<Currency, BigInteger> sums = new EnumMap<>(Currency.class);

    private int count;
    private int last = 1;
    private @Nullable Currency paidIn;
    private @Nullable String batch;
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private @Nullable Said said;

    /** Its number, from 1. */
    int countAnother() {
        return ++count;
    }

    void add(CsvForm form, SettlementLine line, int at, Faults faults) {
        last = at;
        var net = line.net();
        sums.merge(net.currency(), BigInteger.valueOf(net.minor()), BigInteger::add);
        if (line.type() == LineType.BANK_TRANSFER) {
            if (paidIn != null && paidIn != net.currency()) {
                faults.add(FileFault.BATCH_TOTAL, at, "is a payout in a second currency");
            }
            paidIn = net.currency();
        }
        if (line.batch() != null) {
            if (batch != null && !batch.equals(line.batch())) {
                faults.add(
                        FileFault.UNPARSEABLE,
                        at,
                        "is of batch %s, where those before are of %s"
                                .formatted(line.batch(), batch));
            }
            batch = line.batch();
        }
        from = from == null || line.bookedOn().isBefore(from) ? line.bookedOn() : from;
        to = to == null || line.bookedOn().isAfter(to) ? line.bookedOn() : to;
        if (form.profile().splitsDays()) {
            said = (said == null ? Said.NOTHING : said).and(line);
        }
    }

    /** What the footer says it should be. */
    void compare(CsvForm form, CSVRecord cells, int at, Faults faults) {
        last = at;
        var footer = form.profile().footer();
        if (footer == null || faults.areAny()) {
            // Of lines that were not read there is no sum to compare.
            return;
        }
        if (footer.count() != null && !cell(cells, footer.count()).equals(String.valueOf(count))) {
            faults.add(
                    FileFault.BATCH_TOTAL, at, "counts other than the %d lines".formatted(count));
        }
        if (footer.net() != null) {
            compareNet(form, cell(cells, footer.net()), at, faults);
        }
    }

    private void compareNet(CsvForm form, String text, int at, Faults faults) {
        var currency = currency(form);
        if (currency == null) {
            return;
        }
        try {
            var said = AmountText.parse(text, currency, form.profile().amounts());
            if (!BigInteger.valueOf(said.minor()).equals(sums.get(currency))) {
                faults.add(FileFault.BATCH_TOTAL, at, "has another sum than its lines");
            }
        } catch (IllegalArgumentException e) {
            faults.add(FileFault.UNPARSEABLE, at, "the sum in the footer " + e.getMessage());
        }
    }

    /** Of the payout, or, where none is needed, of all the lines; null where that is not one. */
    private @Nullable Currency currency(CsvForm form) {
        if (paidIn != null) {
            return paidIn;
        }
        var footer = form.profile().footer();
        return footer != null && footer.lacksPayout() && sums.size() == 1
                ? sums.keySet().iterator().next()
                : null;
    }

    private static String cell(CSVRecord cells, int column) {
        return column <= cells.size() ? cells.get(column - 1) : "";
    }

    /**
     * @throws FileRefused for these faults, or because they do not come to what is paid
     */
    Contents contents(SettlementSource source, CsvForm form, Faults faults) {
        if (count == 0 && !faults.areAny()) {
            throw FileRefused.unparseable(1, "has a header and no lines");
        }
        var currency = currency(form);
        if (!faults.areAny() && currency == null) {
            faults.add(FileFault.BATCH_TOTAL, last, "has no payout line: the file may be cut off");
        }
        faults.refuseIfAny();
        Objects.requireNonNull(currency);
        var left = sums.getOrDefault(currency, BigInteger.ZERO);
        if (left.signum() != 0 && paidIn != null) {
            throw new FileRefused(
                    FileFault.BATCH_TOTAL,
                    last,
                    "what the lines come to is %s more than the payout"
                            .formatted(money(left, currency)));
        }
        if (source.currency() != null && source.currency() != currency) {
            throw new FileRefused(
                    FileFault.WRONG_SOURCE,
                    last,
                    "is paid in %s, where %s pays in %s"
                            .formatted(currency, source.code(), source.currency()));
        }
        var part = said == null || batch != null ? null : said.digest();
        return new Contents(batch, currency, null, from, to, count, List.of(), part);
    }

    /** Not as {@link kvit.money.Money}: a sum of many may be larger than any one may be. */
    private static String money(BigInteger minor, Currency currency) {
        return new BigDecimal(minor, currency.digits()).toPlainString() + " " + currency;
    }
}
