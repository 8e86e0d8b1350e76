package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.database.Database;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S-07: what ends on one replica is refused by the others within a second. */
@KvitTest
class ReplicasTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    @Inject Database database;
    @Inject Admissions here;
    @Inject ChangeClient change;
    @Inject RegisterClient register;
    Admissions there;

    @BeforeEach
    void anotherReplica() {
        there = start();
    }

    @AfterEach
    void end() throws InterruptedException {
        there.stop(new ShutdownEvent());
    }

    @Test
    void aSessionThatEndsHereHasEndedThere() {
        var person = TestPerson.fresh();
        assertThat(isLetIn(there, person)).isTrue();

        person.request().delete("/v1/sessions/current").then().statusCode(204);

        assertThat(isLetIn(here, person)).isFalse();
        soon(() -> !isLetIn(there, person));
    }

    @Test
    void whoIsBlockedIsBlockedEverywhereUntilThatIsOver() {
        var person = TestPerson.fresh();

        Sql.run("update customer set state = 'BLOCKED' where id = ?", person.id());
        soon(() -> !isLetIn(there, person) && !isLetIn(here, person));

        Sql.run("update customer set state = 'FROZEN' where id = ?", person.id());
        soon(() -> isLetIn(there, person) && isLetIn(here, person));
    }

    @Test
    void aFrontEndIsHeardOfAndOfItsEnd() {
        var id = "replicas-" + Phones.next().substring(1);
        register.register(
                new RegisterClient.Registration(
                        id, "A front end", "web", "FR", false, Scope.ALL, Set.of()));
        soon(() -> there.client(id).isPresent());
        var person = TestPerson.signIn(Phones.next(), id);
        assertThat(there.admits(session(person), person.id(), id)).isTrue();

        change.change(new ChangeClient.Change(id, null, null, null, ClientState.DISABLED));

        soon(() -> !there.admits(session(person), person.id(), id));
    }

    /** Otherwise what somebody is slow to commit would be too old to be asked for. */
    @Test
    void theEndOfASessionIsStampedWhenItIsCommitted() throws Exception {
        var person = TestPerson.fresh();
        OffsetDateTime before;
        try (var slow = Sql.asApp();
                var statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute(
                    "update session set revoked_at = created_at - interval '1 year' where customer = '"
                            + person.id()
                            + "'");
            statement.execute(
                    "update customer set state = 'BLOCKED' where id = '" + person.id() + "'");
            before = now(slow);
            slow.commit();
        }

        assertThat(
                        Sql.<Boolean>value(
                                "select s.ended_at > ? and c.blocked_at > ? from session s"
                                        + " join customer c on c.id = s.customer where c.id = ?",
                                before,
                                before,
                                person.id()))
                .isTrue();
        soon(() -> !isLetIn(there, person));
    }

    @Test
    void aReplicaThatStartsKnowsWhatEndedBefore() throws Exception {
        var ended = TestPerson.fresh();
        ended.request().delete("/v1/sessions/current").then().statusCode(204);
        var blocked = TestPerson.fresh();
        Sql.run("update customer set state = 'BLOCKED' where id = ?", blocked.id());
        var person = TestPerson.fresh();
        // Long ago, as far as the questions of those are concerned that are at work.
        Sql.run(
                "update session set ended_at = ended_at - interval '9 min' where customer = ?",
                ended.id());
        Sql.run(
                "update customer set blocked_at = blocked_at - interval '9 min' where id = ?",
                blocked.id());

        var late = start();

        assertThat(isLetIn(late, ended)).isFalse();
        assertThat(isLetIn(late, blocked)).isFalse();
        assertThat(isLetIn(late, person)).isTrue();
        late.stop(new ShutdownEvent());
    }

    /** As it looks when its COMMIT took a minute: stamped then, and seen now. */
    @Test
    void whatCouldNotBeSeenForLongAfterItsStampIsHeardOfAllTheSame() {
        var person = TestPerson.fresh();
        var config = TestConfig.identity(Map.of());
        var slow = new Admissions(new AdmissionStore(database, config), config);
        slow.poll();
        Sql.run(
                "update session set ended_at = now() - interval '1 min' where customer = ?",
                person.id());

        slow.poll();
        assertThat(isLetIn(slow, person)).isTrue();
        for (var i = 0; i < 49; i++) {
            slow.poll();
        }

        assertThat(isLetIn(slow, person)).isFalse();
    }

    /** Whatever is rewritten of a session or a person, they have not ended anew. */
    @Test
    void onlyTheEndIsStamped() {
        var person = TestPerson.fresh();
        Sql.run("update session set last_used_at = now() where customer = ?", person.id());
        Sql.run("update customer set state = 'FROZEN' where id = ?", person.id());

        assertThat(
                        Sql.<Boolean>value(
                                "select s.ended_at is null and c.blocked_at is null from session s"
                                        + " join customer c on c.id = s.customer where c.id = ?",
                                person.id()))
                .isTrue();
    }

    private Admissions start() {
        var config = TestConfig.identity(Map.of());
        var started = new Admissions(new AdmissionStore(database, config), config);
        started.start(new StartupEvent());
        await().until(started::isUpToDate);
        return started;
    }

    private static boolean isLetIn(Admissions by, TestPerson person) {
        return by.admits(session(person), person.id(), ClientApps.WEB);
    }

    private static UUID session(TestPerson person) {
        return Sql.value("select id from session where customer = ?", person.id());
    }

    private static OffsetDateTime now(java.sql.Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }

    private static void soon(Callable<Boolean> isSo) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(isSo);
    }
}
