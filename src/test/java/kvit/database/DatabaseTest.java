package kvit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import kvit.problem.Causes;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@KvitTest
class DatabaseTest {

    /** In 2026 the clocks of New York go back at 06:00 UTC, and 01:30 comes twice. */
    static final Instant FIRST_HALF_PAST_ONE = Instant.parse("2026-11-01T05:30:00.123456Z");

    /** A table that nothing here depends on. */
    static final String STORE = "insert into rate_bucket (id, expires_at) values (?, 0)";

    static final String LOCK_TIMEOUT = "select current_setting('lock_timeout')";
    static final Database.Reading<String> TEXT = row -> row.getString(1);

    @Inject Database database;

    final String id = "test-" + UUID.randomUUID();

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

    @Test
    void carriesOutWhatWaitsInOrderAndWithTheNextStatement() {
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            var changed = new ArrayList<Integer>();
                            var before = database.queryLater(LOCK_TIMEOUT, in -> {}, TEXT);
                            database.updateLater("set local lock_timeout = '123ms'", in -> {});
                            database.updateLater(STORE, in -> in.text(id), changed::add);
                            assertThat(changed).isEmpty();
                            assertThat(database.query(LOCK_TIMEOUT, in -> {}, TEXT))
                                    .containsExactly("123ms");
                            assertThat(before.get()).doesNotContain("123ms").hasSize(1);
                            assertThat(changed).containsExactly(1);
                        });
        assertThat(isStored()).isTrue();
    }

    @Test
    void carriesOutWhatStillWaitsBeforeTheCommit() {
        QuarkusTransaction.requiringNew().run(() -> database.updateLater(STORE, in -> in.text(id)));
        assertThat(isStored()).isTrue();
    }

    @Test
    void rowsCanBeAskedForBeforeTheNextStatement() {
        QuarkusTransaction.requiringNew()
                .run(
                        () ->
                                assertThat(database.queryLater(LOCK_TIMEOUT, in -> {}, TEXT).get())
                                        .hasSize(1));
    }

    @Test
    void nothingIsStoredWhenWhatWaitsFailsInTheEnd() {
        assertThatThrownBy(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .run(
                                                () -> {
                                                    database.update(STORE, in -> in.text(id));
                                                    database.updateLater("select 1 / 0", in -> {});
                                                }))
                .satisfies(
                        failure ->
                                assertThat(Causes.of(failure))
                                        .anyMatch(
                                                it ->
                                                        it instanceof SQLException sql
                                                                && "22012"
                                                                        .equals(
                                                                                sql
                                                                                        .getSQLState())));
        assertThat(isStored()).isFalse();
    }

    @Test
    void nothingIsStoredWhenTheNumberOfRowsIsWrong() {
        assertThatThrownBy(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .run(
                                                () -> {
                                                    database.updateLater(
                                                            STORE,
                                                            in -> in.text(id),
                                                            number -> {
                                                                throw new IllegalStateException(
                                                                        "so many: " + number);
                                                            });
                                                    database.flush();
                                                }))
                .hasMessageContaining("so many: 1");
        assertThat(isStored()).isFalse();
    }

    @Test
    void nothingIsStoredWhenTheNumberOfRowsIsWrongAtTheEnd() {
        assertThatThrownBy(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .run(
                                                () ->
                                                        database.updateLater(
                                                                STORE,
                                                                in -> in.text(id),
                                                                number -> {
                                                                    throw new IllegalStateException(
                                                                            "so many: " + number);
                                                                })))
                .satisfies(
                        failure ->
                                assertThat(Causes.of(failure))
                                        .anyMatch(it -> "so many: 1".equals(it.getMessage())));
        assertThat(isStored()).isFalse();
    }

    @Test
    void whoeverGoesOnAfterAFailureCommitsNothing() {
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(this::goOnAfterAFailure))
                .isInstanceOf(QuarkusTransactionException.class);
        assertThat(isStored()).isFalse();
    }

    private void goOnAfterAFailure() {
        database.updateLater(STORE, in -> in.text(id));
        assertThatThrownBy(() -> database.query(LOCK_TIMEOUT, DatabaseTest::noValue, TEXT))
                .hasMessage("no value");
    }

    private static void noValue(Parameters in) {
        throw new IllegalArgumentException("no value");
    }

    @Test
    void aTransactionWithinAnotherSendsItsOwnOnly() {
        var inner = id + "-inner";
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            database.updateLater(STORE, in -> in.text(id));
                            QuarkusTransaction.requiringNew()
                                    .run(() -> database.updateLater(STORE, in -> in.text(inner)));
                            assertThat(isStored(inner)).isTrue();
                        });
        assertThat(isStored()).isTrue();
    }

    @Test
    void whatIsRolledBackIsNeverSent() {
        QuarkusTransaction.begin();
        database.updateLater(STORE, in -> in.text(id));
        QuarkusTransaction.rollback();
        assertThat(isStored()).isFalse();
    }

    @Test
    void withoutATransactionNothingWaits() {
        database.updateLater(STORE, in -> in.text(id));
        assertThat(isStored()).isTrue();
    }

    private boolean isStored() {
        return isStored(id);
    }

    private boolean isStored(String bucket) {
        return database.find(
                        "select id from rate_bucket where id = ?",
                        in -> in.text(bucket),
                        row -> row.getString(1))
                .isPresent();
    }
}
