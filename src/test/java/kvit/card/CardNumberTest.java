package kvit.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardNumberTest {

    private static final String VISA = "4242424242424242";

    @ParameterizedTest
    @CsvSource({
        "4242424242424242, VISA",
        "4222222222222, VISA",
        "5555555555554444, MASTERCARD",
        "2223003122003222, MASTERCARD",
        "2720999999999996, MASTERCARD",
        "378282246310005, AMEX",
        "30569309025904, DINERS",
        "3530111333300000, JCB",
        "6011111111111117, DISCOVER",
        "6500000000000002, DISCOVER",
        "6200000000000005, UNIONPAY",
        "6205500000000000004, UNIONPAY",
        "2200000000000004, MIR",
        "6759649826438453, MAESTRO"
    })
    void everySchemeIsKnownByItsNumbers(String digits, Brand brand) {
        var number = CardNumber.parse(digits).orElseThrow();

        assertThat(number.brand()).isEqualTo(brand);
        assertThat(number.digits()).isEqualTo(digits);
        assertThat(number.last4()).isEqualTo(digits.substring(digits.length() - 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "4242424242424241",
                "424242424242424",
                "42424242424242424",
                "4242 4242 4242 4242",
                "424242424242424x",
                "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
                "0000000000000000",
                "9999999999999995",
                "1234567890123452",
                "42424242424242424242"
            })
    void whatIsNoCardsNumberIsNone(String digits) {
        assertThat(CardNumber.parse(digits)).isEmpty();
    }

    /** Luhn's promise: one digit wrong is always found, and so are neighbours swapped. */
    @Test
    void aMistypedNumberIsNone() {
        for (var place = 0; place < VISA.length(); place++) {
            for (var digit = '0'; digit <= '9'; digit++) {
                var typed = new StringBuilder(VISA);
                typed.setCharAt(place, digit);
                assertThat(CardNumber.parse(typed.toString()).isPresent())
                        .as(typed.toString())
                        .isEqualTo(typed.toString().equals(VISA));
            }
        }
        assertThat(CardNumber.parse("2442424242424242")).isEmpty();
    }

    @Test
    void nothingThatHoldsANumberPrintsIt() {
        var number = CardNumber.parse(VISA).orElseThrow();
        var expiry = YearMonth.of(2031, 5);
        var request = new CardResource.CardRequest(VISA, 5, 2031, "737", "Anna", null);

        assertThat(
                        java.util.List.of(
                                number,
                                new CardDetails(number, expiry, "737", "Anna"),
                                new Vault.Opened(number, "Anna"),
                                request,
                                request.order()))
                .allSatisfy(
                        it ->
                                assertThat(it.toString())
                                        .doesNotContain("424242")
                                        .doesNotContain("737"));
    }
}
