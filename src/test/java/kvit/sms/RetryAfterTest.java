package kvit.sms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    @ParameterizedTest(name = "{0} in an answer of {1} means {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0                             |                               | PT0S
                    7                             |                               | PT7S
                    300                           |                               | PT5M
                    301                           |                               | PT5M
                    9223372036854775807           |                               | PT5M
                    -1                            |                               | PT0S
                    Tue, 03 Mar 2026 10:00:30 GMT | Tue, 03 Mar 2026 10:00:00 GMT | PT30S
                    Wed, 03 Mar 2027 10:00:00 GMT | Tue, 03 Mar 2026 10:00:00 GMT | PT5M
                    Tue, 03 Mar 2026 09:59:00 GMT | Tue, 03 Mar 2026 10:00:00 GMT | PT0S
                    Tue, 03 Mar 2026 10:00:30 GMT |                               |
                    Tue, 03 Mar 2026 10:00:30 GMT | yesterday                     |
                    soon                          | Tue, 03 Mar 2026 10:00:00 GMT |
                    1.5                           | Tue, 03 Mar 2026 10:00:00 GMT |
                                                  | Tue, 03 Mar 2026 10:00:00 GMT |
                    """)
    void aWaitIsReadInBothFormsAndBounded(String retryAfter, String date, Duration expected) {
        Map<String, List<String>> headers = new HashMap<>();
        if (retryAfter != null) {
            headers.put("Retry-After", List.of(retryAfter));
        }
        if (date != null) {
            headers.put("Date", List.of(date));
        }

        assertThat(RetryAfter.in(HttpHeaders.of(headers, (name, value) -> true)).orElse(null))
                .isEqualTo(expected);
    }
}
