package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.time.Instant;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import org.junit.jupiter.api.Test;

/** What nobody needs any more goes, in portions, and nothing else does. */
@KvitTest
class PurgeTest {

    private static final int MORE_THAN_TWO_PORTIONS = 2_500;

    @Inject PurgeSignIns purgeSignIns;
    @Inject RateLimits rateLimits;

    @Test
    void expiredRefreshTokensGoAndTheOthersWork() {
        var person = TestPerson.fresh();
        Sql.run(
                """
                insert into refresh_token (hash, session, salt, issued_at, expires_at)
                select sha256(cast('purge' || n as bytea)), s.id, '', '2001-01-01', '2001-02-01'
                  from generate_series(1, ?) n, session s
                 where s.customer = ?
                """,
                MORE_THAN_TWO_PORTIONS,
                person.id());

        purgeSignIns.purge();

        assertThat(
                        Sql.<Long>value(
                                "select count(*) from refresh_token where expires_at < ?",
                                java.sql.Timestamp.from(Instant.parse("2001-03-01T00:00:00Z"))))
                .isZero();
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from refresh_token t join session s on s.id ="
                                        + " t.session where s.customer = ?",
                                person.id()))
                .isEqualTo(1);
    }

    @Test
    void bucketsThatAreFullAgainGo() {
        Sql.run(
                "insert into rate_bucket (id, state, expires_at) "
                        + "select 'purge:' || n, '', 1 from generate_series(1, ?) n",
                MORE_THAN_TWO_PORTIONS);

        rateLimits.purge();

        assertThat(Sql.<Long>value("select count(*) from rate_bucket where id like 'purge:%'"))
                .isZero();
    }
}
