package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.SecurityIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kvit.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replica does between what it has heard and what it has to decide. */
class AdmissionsTest {

    private static final Duration MEMORY = Duration.ofMillis(900);

    /** So much longer than the memory that what is known has become too old. */
    private static final Duration TOO_LONG = MEMORY.plusMillis(100);

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A database that can be told to hang, to fail, and what to say. */
    private static final class Told implements Admissions.Source {

        final List<Instant> questions = new CopyOnWriteArrayList<>();
        volatile boolean hangs;
        volatile RuntimeException failure;
        volatile Instant at = START;
        volatile List<UUID> ended = List.of();
        volatile List<UUID> blocked = List.of();
        volatile List<UUID> unblocked = List.of();
        volatile Map<String, ClientRecord> clients = Map.of("web", client("web"));

        @Override
        public Admissions.News since(Instant after) {
            questions.add(after);
            while (hangs) {
                LockSupport.parkNanos(this, 1_000_000);
            }
            if (failure != null) {
                throw failure;
            }
            return new Admissions.News(at, ended, blocked, unblocked, clients);
        }
    }

    final Told database = new Told();
    final Admissions admissions =
            new Admissions(
                    database, TestConfig.identity(Map.of("admission-memory", MEMORY.toString())));
    final LivingSessions living = new LivingSessions(admissions);
    final UUID session = UUID.randomUUID();
    final UUID customer = UUID.randomUUID();

    @BeforeEach
    void start() {
        admissions.start(new StartupEvent());
        await().until(admissions::isUpToDate);
    }

    @AfterEach
    void stop() throws InterruptedException {
        database.hangs = false;
        admissions.stop(new ShutdownEvent());
    }

    @Test
    void whoIsNotHeardOfIsLetInAtOnce() {
        assertThat(came("web")).isCompleted();
    }

    @Test
    void whatEndsHereIsRefusedAtOnce() {
        database.hangs = true;

        admissions.end(session);

        assertRevoked(came("web"));
    }

    @Test
    void whatEndsElsewhereIsRefusedAfterTheNextQuestion() {
        database.ended = List.of(session);

        heardAgain();

        assertRevoked(came("web"));
        database.ended = List.of();
        heardAgain();
        assertRevoked(came("web"));
    }

    @Test
    void whoIsBlockedIsRefusedUntilThatIsOver() {
        database.blocked = List.of(customer);
        heardAgain();
        assertRevoked(came("web"));

        database.blocked = List.of();
        heardAgain();
        assertRevoked(came("web"));

        database.unblocked = List.of(customer);
        heardAgain();
        assertThat(came("web")).isCompleted();
    }

    @Test
    void aFrontEndThatIsRegisteredThisMomentIsWaitedFor() throws Exception {
        database.hangs = true;
        var came = came("new");
        assertThat(came).isNotDone();

        database.clients = Map.of("web", client("web"), "new", client("new"));
        database.hangs = false;

        assertThat(came.get(1, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aFrontEndThatNobodyKnowsIsRefusedAfterTheNextQuestion() {
        assertRevoked(came("nobody"));
    }

    @Test
    void whoeverComesWhileNothingIsHeardWaitsTogetherForOneAnswer() throws Exception {
        database.hangs = true;
        await().pollDelay(TOO_LONG).until(() -> !admissions.isUpToDate());
        var asked = database.questions.size();

        var came = new ArrayList<CompletableFuture<SecurityIdentity>>();
        for (var i = 0; i < 100; i++) {
            came.add(came("web"));
        }
        assertThat(came).noneMatch(CompletableFuture::isDone);
        database.hangs = false;

        for (var each : came) {
            assertThat(each.get(1, TimeUnit.SECONDS)).isNotNull();
        }
        // The one that hung was put too early for them; the one after it is for all.
        assertThat(database.questions.size() - asked).isLessThan(10);
    }

    @Test
    void whatTheDatabaseSaysIsWhatThoseWhoWaitGet() {
        database.failure = new IllegalStateException("away");
        await().until(() -> !admissions.isUpToDate());

        assertThatThrownBy(() -> came("web").get(1, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCause(database.failure);

        database.failure = null;
        await().until(admissions::isUpToDate);
        assertThat(came("web")).isCompleted();
    }

    @Test
    void aDatabaseThatHangsIsAnAnswerAfterTwoSeconds() {
        database.hangs = true;
        await().pollDelay(TOO_LONG).until(() -> !admissions.isUpToDate());

        var begunAt = System.nanoTime();

        assertThatThrownBy(() -> came("web").get(3, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        Problem.class,
                        it -> {
                            assertThat(it.type().code()).isEqualTo("unavailable");
                            assertThat(it.member("retryAfter")).isEqualTo(1L);
                        });
        assertThat(Duration.ofNanos(System.nanoTime() - begunAt))
                .isBetween(Duration.ofMillis(1900), Duration.ofMillis(2900));
    }

    /** It was committed after it was stamped, and was not to be seen in between. */
    @Test
    void aWhileBeforeTheLastQuestionIsAskedForAgain() {
        heardAgain();

        assertThat(last(database.questions)).isEqualTo(START.minusSeconds(15));
    }

    @Test
    void allOfItIsAskedForAtTheBeginningAndWhenTheDatabasesClockWentBack() {
        assertThat(database.questions.get(0)).isEqualTo(Instant.EPOCH);
        heardAgain();
        var asked = database.questions.size();
        assertThat(database.questions.subList(1, asked)).doesNotContain(Instant.EPOCH);

        database.at = START.minusSeconds(1);
        heardAgain();

        assertThat(database.questions.subList(asked, database.questions.size()))
                .containsOnlyOnce(Instant.EPOCH);
    }

    /** A COMMIT that took minutes ends what is stamped minutes before it is to be seen. */
    @Test
    void allOfItIsAskedForEveryTenSecondsAndAgainWhereThatFails() {
        var asking = new Told();
        var replica = new Admissions(asking, TestConfig.identity(Map.of()));

        for (var i = 0; i < 50; i++) {
            replica.poll();
        }
        asking.failure = new IllegalStateException("away");
        replica.poll();
        asking.failure = null;
        for (var i = 0; i < 50; i++) {
            replica.poll();
        }

        assertThat(asking.questions).hasSize(101);
        for (var i = 0; i < 101; i++) {
            assertThat(asking.questions.get(i).equals(Instant.EPOCH))
                    .as("question %d is for all", i)
                    .isEqualTo(i == 0 || i == 50 || i == 51);
        }
    }

    /** Whatever it was told before now has been learnt when this returns. */
    private void heardAgain() {
        var asked = database.questions.size();
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> database.questions.size() > asked + 2);
    }

    /** Somebody with a good token. */
    private CompletableFuture<SecurityIdentity> came(String client) {
        return living.augment(
                        Shown.token(customer, session, client),
                        blocking -> {
                            throw new AssertionError("a thread would wait");
                        })
                .subscribeAsCompletionStage();
    }

    private static void assertRevoked(CompletableFuture<SecurityIdentity> came) {
        assertThatThrownBy(() -> came.get(2, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        Problem.class,
                        it -> assertThat(it.type().code()).isEqualTo("session-revoked"));
    }

    private static Instant last(List<Instant> questions) {
        return questions.get(questions.size() - 1);
    }

    private static ClientRecord client(String id) {
        return new ClientRecord(
                new ClientApp(id, id, "web", "US", Set.of()),
                false,
                Scope.ALL,
                ClientState.ACTIVE,
                null,
                null,
                null);
    }
}
