package kvit.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Random;
import kvit.card.Speed;
import kvit.money.Currency;
import kvit.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What being quick costs, to the minor unit. */
class PayoutFeesTest {

    private static PayoutFees fees(String setting) {
        return new PayoutFees(
                new SmallRyeConfigBuilder()
                        .withMapping(PayoutConfig.class)
                        .withDefaultValues(Map.of("kvit.card.payout.instant-fees", setting))
                        .build()
                        .getConfigMapping(PayoutConfig.class));
    }

    private static Money usd(long minor) {
        return new Money(minor, Currency.USD);
    }

    @ParameterizedTest
    @CsvSource({
        // At least 0.25 and at most 10.00, from and to exactly there.
        "1, 25",
        "2549, 25",
        "2550, 26",
        "99949, 999",
        "99950, 1000",
        "100000, 1000",
        "9007199254740991, 1000",
        // Half a cent is rounded up, less than half down.
        "5049, 50",
        "5050, 51",
    })
    void aPerCentWithALeastAndAMost(long minor, long fee) {
        assertThat(fees("USD:100:25:1000").of(usd(minor), Speed.INSTANT)).contains(usd(fee));
        assertThat(fees("USD:100:25:1000").of(usd(minor), Speed.STANDARD)).contains(usd(0));
    }

    @Test
    void isExactForEveryAmount() {
        var random = new Random(4711);
        for (var i = 0; i < 10_000; i++) {
            var minor = 1 + random.nextLong(Money.MINOR_MAX >> random.nextInt(50));
            var points = random.nextInt(10_001);
            var exact =
                    new BigDecimal(minor)
                            .multiply(BigDecimal.valueOf(points))
                            .divide(BigDecimal.valueOf(10_000), 0, RoundingMode.HALF_UP)
                            .longValueExact();

            assertThat(
                            fees("USD:" + points + ":0:" + Money.MINOR_MAX)
                                    .of(usd(minor), Speed.INSTANT))
                    .as("%d basis points of %d", points, minor)
                    .contains(usd(exact));
        }
    }

    @Test
    void whereNoFeeIsNamedNothingIsQuick() {
        assertThat(fees("EUR:100:25:1000").of(usd(100), Speed.INSTANT)).isEmpty();
        assertThat(fees("EUR:100:25:1000").of(usd(100), Speed.STANDARD)).contains(usd(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USD",
                "USD:100:25",
                "USD:100:25:1000:1",
                "QQQ:100:25:1000",
                "USD:-1:25:1000",
                "USD:10001:25:1000",
                "USD:1.5:25:1000",
                "USD:100:26:25",
                "USD:100:25:9007199254740992",
                "USD:1:1:1,USD:2:2:2"
            })
    void aSettingThatIsNoneIsRefusedAtTheStart(String setting) {
        assertThatThrownBy(() -> fees(setting))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kvit.card.payout.instant-fees");
    }
}
