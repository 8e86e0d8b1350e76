package kvit.money;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CurrencyTest {

    @ParameterizedTest
    @CsvSource({"EUR, 2", "USD, 2", "RUB, 2", "JPY, 0", "KRW, 0", "KWD, 3", "BHD, 3", "TND, 3"})
    void knowsTheDigitsOfItsMinorUnit(Currency currency, int digits) {
        assertThat(currency.digits()).isEqualTo(digits);
    }

    @Test
    void hasTwoDigitsUnlessItIsOneOfTheFewOthers() {
        assertThat(Arrays.stream(Currency.values()).filter(it -> it.digits() == 0))
                .map(Currency::name)
                .containsExactlyInAnyOrder(
                        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX",
                        "VND", "VUV", "XAF", "XOF", "XPF");
        assertThat(Arrays.stream(Currency.values()).filter(it -> it.digits() == 3))
                .map(Currency::name)
                .containsExactlyInAnyOrder("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND");
    }

    @Test
    void isFoundByItsCode() {
        for (var currency : Currency.values()) {
            assertThat(Currency.of(currency.name())).contains(currency);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"eur", "Eur", " EUR", "EUR ", "EURO", "E", "", "XTS", "978", "€", "ЕUR"})
    void isNotFoundByAnythingElse(String code) {
        assertThat(Currency.of(code)).isEmpty();
    }
}
