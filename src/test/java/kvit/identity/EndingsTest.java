package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Who may end sessions and block people by raw SQL, and what of it is not up to them. */
@KvitTest
class EndingsTest {

    /** The role's own, which it may always make. */
    @Test
    void theTablesAreStampedAndNoTemporaryOnesByTheirNames() throws SQLException {
        var person = TestPerson.fresh();
        try (var app = Sql.asApp()) {
            run(app, "create temp table session (id uuid, ended_at timestamptz)");
            run(app, "create temp table customer (id uuid, blocked_at timestamptz)");
            run(app, "update public.session set revoked_at = now() where customer = " + id(person));
            run(app, "update public.customer set state = 'BLOCKED' where id = " + id(person));
        }

        assertThat(isStamped(person)).isTrue();
    }

    @Test
    void whoMayEndSessionsAndBlockPeopleAndNothingElseIsNotRefusedTheStamp() throws SQLException {
        var person = TestPerson.fresh();
        try (var superuser = superuser()) {
            superuser.setAutoCommit(false);
            run(superuser, "create role guard");
            run(superuser, "grant select (customer), update (revoked_at) on session to guard");
            run(superuser, "grant select (id), update (state) on customer to guard");
            run(superuser, "set role guard");
            run(superuser, "update session set revoked_at = now() where customer = " + id(person));
            run(superuser, "update customer set state = 'BLOCKED' where id = " + id(person));
            run(superuser, "set constraints all immediate");
            run(superuser, "reset role");
            run(superuser, "drop owned by guard");
            run(superuser, "drop role guard");
            superuser.commit();
        }

        assertThat(isStamped(person)).isTrue();
    }

    /** By a table of their own, they would end the session of anybody. */
    @Test
    void nobodyElseMakesATriggerOfWhatStamps() throws SQLException {
        try (var app = Sql.asApp()) {
            run(app, "create temp table mine (id uuid)");

            for (var function : new String[] {"session_has_ended", "customer_was_blocked"}) {
                assertThatThrownBy(
                                () ->
                                        run(
                                                app,
                                                "create trigger mine after insert on mine for each row"
                                                        + " execute function "
                                                        + function
                                                        + "()"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                it -> assertThat(it.getSQLState()).isEqualTo("42501"));
            }
        }
    }

    private static boolean isStamped(TestPerson person) {
        return Sql.<Boolean>value(
                "select s.ended_at is not null and c.blocked_at is not null from session s"
                        + " join customer c on c.id = s.customer where c.id = ?",
                person.id());
    }

    private static String id(TestPerson person) {
        return "'" + person.id() + "'";
    }

    /** Who makes roles: neither the service nor the owner of the tables may. */
    private static Connection superuser() throws SQLException {
        var passwords = new Properties();
        try (var kept =
                Files.newBufferedReader(Path.of("target", "kvit-test", "postgres", "passwords"))) {
            passwords.load(kept);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return DriverManager.getConnection(
                ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class),
                "postgres",
                passwords.getProperty("superuser"));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
