package kvit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@KvitTest
class DatabaseTest {

    /** In 2026 the clocks of New York go back at 06:00 UTC, and 01:30 comes twice. */
    static final Instant FIRST_HALF_PAST_ONE = Instant.parse("2026-11-01T05:30:00.123456Z");

    @Inject Database database;

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kolkata"})
    void keepsTimesWhereverTheMachineStands(String zone) {
        var times = List.of(FIRST_HALF_PAST_ONE, FIRST_HALF_PAST_ONE.plus(Duration.ofHours(1)));
        var before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            assertThat(
                            database.query(
                                    "select t from unnest(?) t",
                                    in -> in.times(times, it -> it),
                                    row -> row.getTimestamp(1).toInstant()))
                    .isEqualTo(times);
            assertThat(
                            database.find(
                                    "select cast(? as timestamptz)",
                                    in -> in.time(times.get(0)),
                                    row -> row.getTimestamp(1).toInstant()))
                    .contains(times.get(0));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void bindsNothingAsNull() {
        var nothing = Arrays.asList((String) null, "something");
        assertThat(
                        database.query(
                                """
                                select ?::uuid is null and ?::text is null and ?::int8 is null
                                       and ?::timestamptz is null and t is null
                                  from unnest(?) t
                                """,
                                in ->
                                        in.uuid(null)
                                                .text(null)
                                                .number(null)
                                                .time(null)
                                                .texts(nothing),
                                row -> row.getBoolean(1)))
                .containsExactly(true, false);
    }

    @Test
    void saysWhichStatementFailedAndNoneOfItsValues() {
        var secret = UUID.randomUUID().toString();
        assertThatThrownBy(
                        () ->
                                database.update(
                                        "insert into nowhere values (?)", in -> in.text(secret)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("failed with 42P01: insert into nowhere values (?)")
                .hasCauseInstanceOf(SQLException.class)
                .extracting(it -> it + " " + it.getCause())
                .asString()
                .doesNotContain(secret);
    }
}
