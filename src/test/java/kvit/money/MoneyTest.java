package kvit.money;

import static kvit.money.Currency.EUR;
import static kvit.money.Currency.JPY;
import static kvit.money.Currency.KWD;
import static kvit.money.Currency.USD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    static final long MAX = 9_007_199_254_740_991L;

    @Test
    void countsUpToWhatAJavaScriptClientCanRead() {
        assertThat(Money.MINOR_MAX).isEqualTo(MAX);
        assertThat(new Money(MAX, EUR).minor()).isEqualTo(MAX);
        assertThat(new Money(-MAX, EUR).minor()).isEqualTo(-MAX);
    }

    @ParameterizedTest
    @ValueSource(longs = {MAX + 1, -MAX - 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesToCountFurther(long minor) {
        assertThatThrownBy(() -> new Money(minor, EUR)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void addsAndSubtractsToTheCent() {
        assertThat(new Money(10, EUR).plus(new Money(20, EUR))).isEqualTo(new Money(30, EUR));
        assertThat(new Money(10, EUR).minus(new Money(20, EUR))).isEqualTo(new Money(-10, EUR));
        assertThat(new Money(10, EUR).negate()).isEqualTo(new Money(-10, EUR));
        assertThat(Money.zero(JPY).negate()).isEqualTo(new Money(0, JPY));
    }

    @Test
    void neverLetsASumOverflow() {
        assertThat(new Money(MAX - 1, EUR).plus(new Money(1, EUR))).isEqualTo(new Money(MAX, EUR));
        assertThatThrownBy(() -> new Money(MAX, EUR).plus(new Money(1, EUR)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Money(MAX, EUR).plus(new Money(MAX, EUR)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Money(-MAX, EUR).minus(new Money(1, EUR)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void neverMixesCurrencies() {
        assertThatThrownBy(() -> new Money(1, EUR).plus(new Money(1, USD)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(1, EUR).minus(new Money(1, USD)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isPositiveFromOneMinorUnitOn() {
        assertThat(new Money(1, EUR).isPositive()).isTrue();
        assertThat(new Money(0, EUR).isPositive()).isFalse();
        assertThat(new Money(-1, EUR).isPositive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1250, EUR, 12.50 EUR",
        "5, EUR, 0.05 EUR",
        "-5, EUR, -0.05 EUR",
        "0, EUR, 0.00 EUR",
        "1250, JPY, 1250 JPY",
        "1250, KWD, 1.250 KWD",
        "9007199254740991, USD, 90071992547409.91 USD"
    })
    void readsAsPeopleWriteIt(long minor, Currency currency, String text) {
        assertThat(new Money(minor, currency)).hasToString(text);
    }

    @Test
    void isTwoFieldsInJson() throws JsonProcessingException {
        assertThat(new ObjectMapper().writeValueAsString(new Money(1250, KWD)))
                .isEqualTo("{\"minor\":1250,\"currency\":\"KWD\"}");
    }
}
