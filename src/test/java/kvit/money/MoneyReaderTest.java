package kvit.money;

import static kvit.money.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** L-05: an amount is an integer of minor units in a known currency, or it is refused. */
class MoneyReaderTest {

    private final ObjectMapper json =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"minor\":1250,\"currency\":\"EUR\"}                     | 1250",
                "{\"currency\":\"EUR\",\"minor\":1250}                     | 1250",
                "{ \"minor\" : 0 , \"currency\" : \"EUR\" }                | 0",
                "{\"minor\":-0,\"currency\":\"EUR\"}                       | 0",
                "{\"minor\":-7,\"currency\":\"EUR\"}                       | -7",
                "{\"minor\":9007199254740991,\"currency\":\"EUR\"}         | 9007199254740991",
                "{\"minor\":-9007199254740991,\"currency\":\"EUR\"}        | -9007199254740991",
                "{\"\\u006dinor\":1,\"currency\":\"\\u0045UR\"}            | 1"
            })
    void readsAnIntegerAndACode(String text, long minor) throws JsonProcessingException {
        assertThat(json.readValue(text, Money.class)).isEqualTo(new Money(minor, EUR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12.5",
                "12.0",
                "1e3",
                "1E3",
                "1.25e3",
                "\"1250\"",
                "\"\"",
                "null",
                "true",
                "[1250]",
                "[]",
                "{}",
                "{\"minor\":1250}",
                "9007199254740992",
                "-9007199254740992",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "18446744073709552866",
                "1000000000000000000000000000000000000001250"
            })
    void refusesAnyOtherMinor(String minor) {
        assertThatThrownBy(() -> read("{\"minor\":" + minor + ",\"currency\":\"EUR\"}"))
                .isInstanceOf(MismatchedInputException.class);
        assertThatThrownBy(() -> read("{\"currency\":\"EUR\",\"minor\":" + minor + "}"))
                .isInstanceOf(MismatchedInputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"eur\"",
                "\"EURO\"",
                "\"XTS\"",
                "\"\"",
                "\" EUR\"",
                "978",
                "null",
                "true",
                "[\"EUR\"]",
                "{}",
                "0"
            })
    void refusesAnyOtherCurrency(String currency) {
        assertThatThrownBy(() -> read("{\"minor\":1250,\"currency\":" + currency + "}"))
                .isInstanceOf(MismatchedInputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"minor\":1250}",
                "{\"currency\":\"EUR\"}",
                "{\"minor\":1250,\"currency\":\"EUR\",\"exponent\":2}",
                "{\"minor\":1250,\"currency\":\"EUR\",\"\":1}",
                "{\"Minor\":1250,\"currency\":\"EUR\"}",
                "[1250,\"EUR\"]",
                "[]",
                "1250",
                "12.50",
                "\"12.50 EUR\"",
                "\"\"",
                "true"
            })
    void refusesAnyOtherForm(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(MismatchedInputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"minor\":1,\"minor\":2,\"currency\":\"EUR\"}",
                "{\"minor\":1,\"currency\":\"EUR\",\"currency\":\"EUR\"}",
                "{\"minor\":01250,\"currency\":\"EUR\"}",
                "{\"minor\":+1250,\"currency\":\"EUR\"}",
                "{\"minor\":0x10,\"currency\":\"EUR\"}",
                "{\"minor\":NaN,\"currency\":\"EUR\"}",
                "{\"minor\":1_250,\"currency\":\"EUR\"}",
                "{\"minor\":1250,\"currency\":\"EUR\"",
                "{\"minor\":1250,\"currency\":EUR}"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void readsBackWhatWasWrittenAndRefusesWhatIsOutOfRange() throws JsonProcessingException {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        System.out.println("MoneyReaderTest: -Dkvit.seed=" + seed);
        var random = new Random(seed);
        var currencies = Currency.values();
        for (var round = 0; round < 10_000; round++) {
            var currency = currencies[random.nextInt(currencies.length)];
            var minor = new BigInteger(random.nextInt(80), random);
            var number = random.nextBoolean() ? minor : minor.negate();
            var text = "{\"minor\":" + number + ",\"currency\":\"" + currency + "\"}";
            if (minor.compareTo(BigInteger.valueOf(Money.MINOR_MAX)) <= 0) {
                var money = json.readValue(text, Money.class);
                assertThat(money).isEqualTo(new Money(number.longValueExact(), currency));
                assertThat(json.readValue(json.writeValueAsString(money), Money.class))
                        .isEqualTo(money);
            } else {
                assertThatThrownBy(() -> read(text)).isInstanceOf(MismatchedInputException.class);
            }
        }
    }

    private Money read(String text) throws JsonProcessingException {
        return json.readValue(text, Money.class);
    }
}
