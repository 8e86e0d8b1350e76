package kvit.settlement;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import kvit.money.Currency;
import kvit.money.Money;

/**
 * Amounts as a CSV writes them, and nothing looser: no exponents, no plus, no separators between
 * thousands, and no more decimals than the currency has, because {@code 10.000} is ten to one
 * reader and ten thousand to another one.
 */
final class AmountText {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

    private AmountText() {}

    /**
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Money parse(String text, Currency currency, CsvProfile.Amounts form) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        var decimal = form == CsvProfile.Amounts.MINOR ? minor(text, currency) : major(text, form);
        if (decimal.scale() > currency.digits()) {
            throw new IllegalArgumentException(
                    "has more than the %d decimals of %s".formatted(currency.digits(), currency));
        }
        try {
            return new Money(decimal.movePointRight(currency.digits()).longValueExact(), currency);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is beyond 2^53 - 1 minor units", e);
        }
    }

    /** Whole minor units, as a number of major ones. */
    private static BigDecimal minor(String text, Currency currency) {
        if (!INTEGER.matcher(text).matches()) {
            throw new IllegalArgumentException("is not a whole number of minor units like 1250");
        }
        return new BigDecimal(text).movePointLeft(currency.digits());
    }

    private static BigDecimal major(String text, CsvProfile.Amounts form) {
        var mark = form == CsvProfile.Amounts.COMMA ? ',' : '.';
        var point = text.indexOf(mark);
        var whole = point < 0 ? text : text.substring(0, point);
        var fraction = point < 0 ? "0" : text.substring(point + 1);
        if (!INTEGER.matcher(whole).matches() || !areDigits(fraction)) {
            throw new IllegalArgumentException("is not an amount like 1250" + mark + "00");
        }
        return new BigDecimal(point < 0 ? whole : whole + "." + fraction);
    }

    private static boolean areDigits(String text) {
        return !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(it -> it >= '0' && it <= '9');
    }

    /** For a profile with a decimal point: {@code -12.50}. */
    static String write(Money amount) {
        return BigDecimal.valueOf(amount.minor(), amount.currency().digits()).toPlainString();
    }
}
