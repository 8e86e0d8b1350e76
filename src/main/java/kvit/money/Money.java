package kvit.money;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.math.BigDecimal;

/**
 * An amount of one currency, counted in its minor unit: 12.50 EUR is {@code new Money(1250, EUR)}.
 *
 * <p>Integers, because 0.10 has no exact binary fraction; and the unit is in the name, because an
 * amount read as major units is wrong by a factor of a hundred, of one or of a thousand.
 */
@JsonDeserialize(using = MoneyReader.class)
public record Money(long minor, Currency currency) {

    /** 2^53 − 1, the largest integer that survives a JavaScript client. */
    public static final long MINOR_MAX = (1L << 53) - 1;

    /**
     * Checks the range.
     *
     * @throws ArithmeticException when the amount is beyond {@link #MINOR_MAX} either way
     */
    public Money {
        requireNonNull(currency, "currency");
        if (minor > MINOR_MAX || minor < -MINOR_MAX) {
            throw new ArithmeticException("out of range: " + minor + " " + currency);
        }
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    /**
     * The sum of two amounts of one currency.
     *
     * @throws ArithmeticException when it is out of range
     */
    public Money plus(Money other) {
        requireSameCurrency(other);
        // Two numbers of 53 bits cannot wrap a long; the constructor checks the sum.
        return new Money(minor + other.minor, currency);
    }

    /**
     * What is left of this amount.
     *
     * @throws ArithmeticException when it is out of range
     */
    public Money minus(Money other) {
        return plus(other.negate());
    }

    public Money negate() {
        return new Money(-minor, currency);
    }

    @JsonIgnore
    public boolean isPositive() {
        return minor > 0;
    }

    /** For people: {@code 12.50 EUR}. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(minor, currency.digits()).toPlainString() + " " + currency;
    }

    /** Two currencies in one sum are a bug of ours, never a caller's mistake. */
    private void requireSameCurrency(Money other) {
        if (currency != other.currency) {
            throw new IllegalArgumentException(currency + " is not " + other.currency);
        }
    }
}
