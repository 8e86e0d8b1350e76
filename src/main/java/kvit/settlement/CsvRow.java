package kvit.settlement;

import static kvit.settlement.CsvProfile.Column.BATCH;
import static kvit.settlement.CsvProfile.Column.BOOKED_ON;
import static kvit.settlement.CsvProfile.Column.CURRENCY;
import static kvit.settlement.CsvProfile.Column.DESCRIPTION;
import static kvit.settlement.CsvProfile.Column.EXTERNAL;
import static kvit.settlement.CsvProfile.Column.FEE;
import static kvit.settlement.CsvProfile.Column.GROSS;
import static kvit.settlement.CsvProfile.Column.GROSS_CREDIT;
import static kvit.settlement.CsvProfile.Column.GROSS_DEBIT;
import static kvit.settlement.CsvProfile.Column.LINE;
import static kvit.settlement.CsvProfile.Column.MODIFICATION;
import static kvit.settlement.CsvProfile.Column.NET;
import static kvit.settlement.CsvProfile.Column.NET_CREDIT;
import static kvit.settlement.CsvProfile.Column.NET_DEBIT;
import static kvit.settlement.CsvProfile.Column.REFERENCE;
import static kvit.settlement.CsvProfile.Column.TYPE;
import static kvit.settlement.CsvProfile.Column.VALUE_ON;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.settlement.CsvProfile.Column;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** One record of a CSV, made a line; what is wrong with it is told to the faults, all of it. */
final class CsvRow {

    private static final int TEXT_MAX = 255;

    private final CsvForm form;
    private final Map<Column, Integer> places;
    private final DateSense dates;
    private final Faults faults;
    private final CSVRecord cells;
    private final int at;
    private boolean isSound = true;

    CsvRow(
            CsvForm form,
            Map<Column, Integer> places,
            DateSense dates,
            Faults faults,
            CSVRecord cells,
            int at) {
        this.form = form;
        this.places = places;
        this.dates = dates;
        this.faults = faults;
        this.cells = cells;
        this.at = at;
    }

    /**
     * Null where it is none.
     *
     * @param number what it should be in the file, from 1
     */
    @Nullable SettlementLine read(int number) {
        requireNumber(number);
        var type = type();
        var currency = currency();
        var bookedOn = date(BOOKED_ON);
        var valueOn = isEmpty(VALUE_ON) ? null : date(VALUE_ON);
        var reference = text(REFERENCE);
        var external = text(EXTERNAL);
        var modification = text(MODIFICATION);
        var batch = text(BATCH);
        var description = text(DESCRIPTION);
        if (type == null || currency == null || bookedOn == null) {
            return null;
        }
        var amounts = amounts(type, currency);
        if (amounts == null || !isSound) {
            return null;
        }
        return new SettlementLine(
                number,
                type,
                reference,
                external,
                modification,
                amounts.gross,
                amounts.fee,
                amounts.net,
                bookedOn,
                valueOn,
                batch,
                description);
    }

    private record Three(Money gross, Money fee, Money net) {}

    private @Nullable Three amounts(LineType type, Currency currency) {
        var zero = Money.zero(currency);
        // Of a payout there is nothing but what is paid, and of a balance what is carried on.
        var isBare = !type.isOfTheBooks() && isEmptyGross() && isEmpty(FEE);
        var fee = isBare || !has(FEE) ? zero : amount(FEE, currency);
        var gross = isBare || !hasGross() ? null : signed(type, currency, GROSS);
        var net = hasNet() ? signed(type, currency, NET) : null;
        if (fee == null || !isSound) {
            return null;
        }
        try {
            if (gross == null) {
                gross = net == null ? zero : net.plus(fee);
            }
            var left = gross.minus(fee);
            if (net != null && !left.equals(net)) {
                fault(
                        FileFault.BATCH_TOTAL,
                        NET,
                        "gross %s less fee %s is %s, not %s".formatted(gross, fee, left, net));
                return null;
            }
            return new Three(gross, fee, left);
        } catch (ArithmeticException e) {
            fault(FileFault.UNPARSEABLE, NET, "is beyond 2^53 - 1 minor units");
            return null;
        }
    }

    private @Nullable Money signed(LineType type, Currency currency, Column column) {
        return switch (form.profile().signs()) {
            case SIGNED -> amount(column, currency);
            case BY_TYPE -> {
                var amount = unsigned(column, currency);
                yield amount != null && form.isNegative(type) ? amount.negate() : amount;
            }
            case DEBIT_CREDIT ->
                    column == GROSS
                            ? side(currency, GROSS_DEBIT, GROSS_CREDIT)
                            : side(currency, NET_DEBIT, NET_CREDIT);
        };
    }

    /** One of the two columns is filled; the other one is empty or nought. */
    private @Nullable Money side(Currency currency, Column debit, Column credit) {
        var zero = Money.zero(currency);
        var out = isEmpty(debit) ? zero : unsigned(debit, currency);
        var in = isEmpty(credit) ? zero : unsigned(credit, currency);
        if (out == null || in == null) {
            return null;
        }
        if (isEmpty(debit) && isEmpty(credit)) {
            fault(FileFault.UNPARSEABLE, credit, "is empty, and so is the debit");
            return null;
        }
        if (out.isPositive() && in.isPositive()) {
            fault(FileFault.UNPARSEABLE, credit, "is filled, and so is the debit");
            return null;
        }
        return in.minus(out);
    }

    private @Nullable Money unsigned(Column column, Currency currency) {
        var amount = amount(column, currency);
        if (amount != null && cell(column).startsWith("-")) {
            fault(FileFault.UNPARSEABLE, column, "has a sign, where the profile knows of none");
            return null;
        }
        return amount;
    }

    private @Nullable Money amount(Column column, Currency currency) {
        try {
            return AmountText.parse(cell(column), currency, form.profile().amounts());
        } catch (IllegalArgumentException e) {
            fault(FileFault.UNPARSEABLE, column, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void requireNumber(int number) {
        if (has(LINE) && !cell(LINE).equals(Integer.toString(number))) {
            fault(
                    FileFault.UNPARSEABLE,
                    LINE,
                    "should be %d: lines are missing, moved or there twice".formatted(number));
        }
    }

    private @Nullable LineType type() {
        var type = form.profile().types().get(cell(TYPE));
        if (type == null) {
            fault(FileFault.UNPARSEABLE, TYPE, "is none that the profile knows");
        }
        return type;
    }

    private @Nullable Currency currency() {
        var currency = Currency.of(cell(CURRENCY)).orElse(null);
        if (currency == null) {
            fault(FileFault.UNPARSEABLE, CURRENCY, "is no currency of ISO 4217");
        }
        return currency;
    }

    private @Nullable LocalDate date(Column column) {
        try {
            var parsed =
                    form.dates()
                            .parseBest(
                                    cell(column),
                                    ZonedDateTime::from,
                                    LocalDateTime::from,
                                    LocalDate::from);
            var day =
                    parsed instanceof ZonedDateTime moment
                            ? moment.withZoneSameInstant(form.zone()).toLocalDate()
                            : LocalDate.from(parsed);
            if (dates.fits(day)) {
                return day;
            }
            fault(FileFault.UNPARSEABLE, column, day + " is not a day of our time");
        } catch (DateTimeException e) {
            fault(
                    FileFault.UNPARSEABLE,
                    column,
                    "is not a day written as " + form.profile().dateFormat());
        }
        return null;
    }

    private @Nullable String text(Column column) {
        if (isEmpty(column)) {
            return null;
        }
        var text = cell(column);
        if (text.length() > TEXT_MAX) {
            fault(FileFault.UNPARSEABLE, column, "has more than " + TEXT_MAX + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            fault(FileFault.UNPARSEABLE, column, "has a line break or a tab in it");
        }
        return text;
    }

    private boolean hasGross() {
        return has(GROSS) || has(GROSS_DEBIT);
    }

    private boolean isEmptyGross() {
        return isEmpty(GROSS) && isEmpty(GROSS_DEBIT) && isEmpty(GROSS_CREDIT);
    }

    private boolean hasNet() {
        return has(NET) || has(NET_DEBIT);
    }

    private boolean has(Column column) {
        return places.containsKey(column);
    }

    private boolean isEmpty(Column column) {
        return cell(column).isEmpty();
    }

    private String cell(Column column) {
        var place = places.get(column);
        return place == null ? "" : cells.get(place);
    }

    private void fault(FileFault fault, Column column, String message) {
        isSound = false;
        faults.add(fault, at, form.profile().name(column), message);
    }
}
