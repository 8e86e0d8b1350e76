package kvit.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionalException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import org.junit.jupiter.api.Test;

/** Events reach their subscriber after the commit, once where nothing goes wrong. */
@KvitTest
class OutboxTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    @Inject Outbox outbox;
    @Inject OutboxStore store;
    @Inject Bell bell;
    @Inject Clock clock;
    @Inject TransactionManager transactions;
    @Inject AgroalDataSource database;

    private final UUID key = UUID.randomUUID();

    @Test
    void anEventIsDeliveredAsItWasStored() {
        ring("loudly, 🔔");

        awaitState("delivered");
        assertThat(bell.heard(key)).containsExactly(new Rang(key, "loudly, 🔔"));
    }

    @Test
    void nothingIsDeliveredBeforeTheCommit() throws Exception {
        QuarkusTransaction.begin();
        outbox.add(List.of(new Rang(key, "early")));
        // Another event passes it by, and so the relay has looked in the meantime.
        var other = UUID.randomUUID();
        var later =
                new Thread(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .run(() -> outbox.add(List.of(new Rang(other, "later")))));
        later.start();
        later.join();
        await().until(() -> bell.heard(other).size() == 1);
        assertThat(bell.heard(key)).isEmpty();

        QuarkusTransaction.commit();

        awaitState("delivered");
    }

    @Test
    void nothingIsDeliveredOfWhatWasRolledBack() {
        QuarkusTransaction.begin();
        outbox.add(List.of(new Rang(key, "in vain")));
        QuarkusTransaction.rollback();

        // Once a later one has come, an earlier one would have come too.
        var later = UUID.randomUUID();
        QuarkusTransaction.requiringNew().run(() -> outbox.add(List.of(new Rang(later, ""))));
        await().until(() -> bell.heard(later).size() == 1);
        assertThat(bell.heard(key)).isEmpty();
        assertThat(Sql.<Long>value("select count(*) from outbox where key = ?", key)).isZero();
    }

    @Test
    void withoutATransactionNothingIsTaken() {
        assertThatExceptionOfType(TransactionalException.class)
                .isThrownBy(() -> outbox.add(List.of(new Rang(key, "nowhere"))));
    }

    @Test
    void aFailureIsRetriedAfterAWhileAndNotBefore() {
        bell.on(
                key,
                attempt -> {
                    if (attempt < 3) {
                        throw DeliveryFailed.forNow("failure " + attempt, Optional.empty());
                    }
                });
        ring("thrice");
        awaitError("failure 1");
        assertThat(secondsToNextAttempt()).isBetween(1L, 2L);

        TestClock.advance(Duration.ofSeconds(2));
        awaitError("failure 2");
        assertThat(secondsToNextAttempt()).isBetween(3L, 4L);

        TestClock.advance(Duration.ofSeconds(4));
        awaitState("delivered");
        assertThat(bell.heard(key)).hasSize(3);
        assertThat(Sql.<String>value("select last_error from outbox where key = ?", key)).isNull();
    }

    @Test
    void aSubscriberIsLeftAloneForAsLongAsItAsks() {
        bell.on(
                key,
                attempt -> {
                    throw DeliveryFailed.forNow("later", Optional.of(Duration.ofMinutes(7)));
                });
        ring("later");

        awaitError("later");
        assertThat(secondsToNextAttempt()).isBetween(410L, 420L);
        bell.on(key, attempt -> {});
    }

    @Test
    void whatCanNeverSucceedIsDeadAtOnceAndKept() {
        bell.on(
                key,
                attempt -> {
                    throw DeliveryFailed.forGood("no such number");
                });
        ring("in vain");

        awaitState("dead");
        assertThat(Sql.<String>value("select last_error from outbox where key = ?", key))
                .isEqualTo("no such number");
        TestClock.advance(LEASE.plusSeconds(1));
        passBy();
        assertThat(bell.heard(key)).hasSize(1);
    }

    @Test
    void afterTheLastAttemptAnEventIsDead() {
        bell.on(
                key,
                attempt -> {
                    throw DeliveryFailed.forNow("failure " + attempt, Optional.empty());
                });
        ring("in vain");
        for (var attempt = 1; attempt < 8; attempt++) {
            awaitError("failure " + attempt);
            TestClock.advance(Duration.ofMinutes(5));
        }

        awaitState("dead");
        assertThat(bell.heard(key)).hasSize(8);
    }

    @Test
    void aFaultOfTheSubscriberIsAFailureLikeAnyOther() {
        bell.on(
                key,
                attempt -> {
                    if (attempt == 1) {
                        throw new IllegalStateException("a bug, with a secret");
                    }
                });
        ring("twice");
        awaitError("IllegalStateException");

        TestClock.advance(Duration.ofSeconds(3));

        awaitState("delivered");
    }

    /** More often than there are workers: none of them may die of it. */
    @Test
    void anErrorOfTheSubscriberStopsNobodyElsesEvents() {
        for (var i = 0; i < 6; i++) {
            var deadly = UUID.randomUUID();
            bell.on(
                    deadly,
                    attempt -> {
                        throw new StackOverflowError();
                    });
            QuarkusTransaction.requiringNew().run(() -> outbox.add(List.of(new Rang(deadly, ""))));
            await().until(() -> !bell.heard(deadly).isEmpty());
            bell.on(deadly, attempt -> {});
        }

        ring("still");
        awaitState("delivered");
    }

    @Test
    void anEventWhoseDelivererFellSilentIsDeliveredAgainAfterTheLease() throws Exception {
        var silence = new CountDownLatch(1);
        bell.on(
                key,
                attempt -> {
                    if (attempt == 1) {
                        waitFor(silence);
                    }
                });
        ring("twice");
        await().until(() -> bell.heard(key).size() == 1);
        TestClock.advance(LEASE.minusSeconds(5));
        passBy();
        assertThat(bell.heard(key)).hasSize(1);

        TestClock.advance(Duration.ofSeconds(6));

        await().until(() -> bell.heard(key).size() == 2);
        silence.countDown();
        awaitState("delivered");
    }

    @Test
    void eachOfManyEventsIsDeliveredOnce() {
        var keys = new ArrayList<UUID>();
        var events = new ArrayList<Rang>();
        for (var i = 0; i < 300; i++) {
            keys.add(UUID.randomUUID());
            events.add(new Rang(keys.get(i), "event " + i));
        }

        QuarkusTransaction.requiringNew().run(() -> outbox.add(events));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> keys.stream().noneMatch(it -> bell.heard(it).isEmpty()));
        passBy();
        assertThat(keys).allSatisfy(it -> assertThat(bell.heard(it)).hasSize(1));
    }

    @Test
    void noTransactionAndNoConnectionIsHeldWhileDelivering() throws Exception {
        var status = new AtomicInteger(-1);
        var release = new CountDownLatch(1);
        bell.on(
                key,
                attempt -> {
                    try {
                        status.set(transactions.getStatus());
                    } catch (SystemException e) {
                        throw new IllegalStateException(e);
                    }
                    waitFor(release);
                });
        ring("slowly");
        await().until(() -> bell.heard(key).size() == 1);

        // Others come and go; one that is held would never be given back.
        await().until(() -> database.getMetrics().activeCount() == 0);
        release.countDown();

        awaitState("delivered");
        assertThat(status).hasValue(Status.STATUS_NO_TRANSACTION);
    }

    @Test
    void whatNobodyAwaitsIsKeptAsDelivered() {
        QuarkusTransaction.requiringNew().run(() -> outbox.add(List.of(new Missed(key))));

        assertThat(state()).isEqualTo("delivered");
        assertThat(Sql.<String>value("select payload from outbox where key = ?", key))
                .contains(key.toString());
    }

    /** By their texts the tenth would come before the ninth. */
    @Test
    void eventsAreReadByTheNumbersOfTheirTransactions() {
        for (var transaction : List.of("10", "9")) {
            Sql.run(
                    "insert into outbox (key, id, topic, payload, created_at, due_at, delivered_at,"
                            + " transaction) values (?, ?, 'Missed', '{}', current_timestamp,"
                            + " current_timestamp, current_timestamp, cast(? as xid8))",
                    key,
                    UUID.randomUUID(),
                    transaction);
        }

        var rows = store.after(new OutboxStore.Place("8", new UUID(-1, -1)), 2);

        assertThat(rows).extracting(it -> it.place().transaction()).containsExactly("9", "10");
    }

    private void ring(String how) {
        QuarkusTransaction.requiringNew().run(() -> outbox.add(List.of(new Rang(key, how))));
    }

    /** An event from beginning to end: whatever was due before it has been claimed. */
    private void passBy() {
        var later = UUID.randomUUID();
        QuarkusTransaction.requiringNew().run(() -> outbox.add(List.of(new Rang(later, "later"))));
        await().until(() -> !bell.heard(later).isEmpty());
    }

    private void awaitState(String state) {
        await().atMost(Duration.ofSeconds(10)).until(() -> state.equals(state()));
    }

    private String state() {
        return Sql.value(
                "select case when dead_at is not null then 'dead'"
                        + " when delivered_at is not null then 'delivered' else 'due' end"
                        + " from outbox where key = ?",
                key);
    }

    private void awaitError(String error) {
        await().atMost(Duration.ofSeconds(10))
                .until(
                        () ->
                                error.equals(
                                        Sql.<String>value(
                                                "select last_error from outbox where key = ?",
                                                key)));
    }

    private long secondsToNextAttempt() {
        var due = Sql.<Timestamp>value("select due_at from outbox where key = ?", key);
        return Duration.between(clock.instant(), due.toInstant()).toSeconds();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
