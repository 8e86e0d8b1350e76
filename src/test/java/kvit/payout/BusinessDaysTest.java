package kvit.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When banks work, over the holidays of several countries and on both sides of midnight. */
class BusinessDaysTest {

    private final BusinessDays days = new BusinessDays();

    @ParameterizedTest
    @CsvSource({
        // An ordinary week, and over a weekend.
        "US, 2026-11-16T15:00:00Z, 2026-11-19T22:00:00Z",
        "AT, 2026-11-20T15:00:00Z, 2026-11-25T16:00:00Z",
        // Thanksgiving is a Thursday, and the Friday after it is worked.
        "US, 2026-11-25T17:00:00Z, 2026-12-01T22:00:00Z",
        // Independence Day is a Saturday in 2026, and kept on the Friday before.
        "US, 2026-07-02T17:00:00Z, 2026-07-08T21:00:00Z",
        // Good Friday and Easter Monday, by summer time.
        "GB, 2026-04-02T10:00:00Z, 2026-04-09T16:00:00Z",
        "DE, 2026-04-02T10:00:00Z, 2026-04-09T15:00:00Z",
        // There is no Good Friday in most of France, and an Easter Monday.
        "FR, 2026-04-02T10:00:00Z, 2026-04-08T15:00:00Z",
        "FR, 2026-07-13T10:00:00Z, 2026-07-17T15:00:00Z",
        // Russia Day, a Friday; spring festival in China.
        "RU, 2026-06-11T10:00:00Z, 2026-06-17T14:00:00Z",
        "CN, 2026-02-13T03:00:00Z, 2026-02-24T09:00:00Z",
        // Orthodox Easter is another one: Monday, 13 April.
        "GR, 2026-04-09T08:00:00Z, 2026-04-16T14:00:00Z",
        // A Friday evening in New York is Saturday in Moscow, and Monday counts for both.
        "US, 2026-11-20T23:00:00Z, 2026-11-25T22:00:00Z",
        "RU, 2026-11-20T23:00:00Z, 2026-11-25T14:00:00Z",
        // Late on Monday by UTC it is Tuesday in Moscow, which then does not count.
        "RU, 2026-11-16T22:00:00Z, 2026-11-20T14:00:00Z",
        "GB, 2026-11-16T22:00:00Z, 2026-11-19T17:00:00Z",
    })
    void threeBusinessDaysEndAtTheCloseOfTheThird(String country, Instant after, Instant close) {
        assertThat(days.close(country, after, 3)).isEqualTo(close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AT", "BE", "BG", "BY", "CN", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB",
                "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL",
                "PT", "RO", "RU", "SE", "SI", "SK", "UA", "US"
            })
    void everyCountryThatIsServedHasHolidays(String country) {
        var free =
                LocalDate.of(2026, 1, 1)
                        .datesUntil(LocalDate.of(2027, 1, 1))
                        .filter(it -> it.getDayOfWeek().getValue() < 6)
                        .filter(it -> !days.isOne(country, it))
                        .count();

        assertThat(free).isBetween(country.equals("UA") ? 0L : 4L, 18L);
    }

    @Test
    void whereNobodyIsServedOnlyWeekendsAreKnown() {
        assertThat(days.isOne("JP", LocalDate.of(2026, 1, 1))).isTrue();
        assertThat(days.isOne("JP", LocalDate.of(2026, 1, 3))).isFalse();
    }
}
