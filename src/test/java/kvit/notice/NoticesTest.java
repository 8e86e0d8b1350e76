package kvit.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import kvit.database.Database;
import kvit.outbox.Event;
import kvit.outbox.Outbox;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/** Each committed event is told to everybody whom it concerns, once. */
@KvitTest
class NoticesTest {

    @Inject Outbox outbox;
    @Inject Notices notices;
    @Inject WriteNotices writer;
    @Inject Database database;

    private final UUID anna = UUID.randomUUID();
    private final UUID ben = UUID.randomUUID();

    @Test
    void bothPeopleOfATransferAreToldTheirSideOfIt() {
        var payer = TestPerson.with(100_00, "USD");
        var payee = TestPerson.fresh();

        var id = payer.send(payee, 12_50, "USD", "k").statusCode(201).extract().<String>path("id");

        var sent = awaitLast(payer.id());
        assertThat(sent.type()).isEqualTo("transfer.completed");
        assertThat(sent.data())
                .startsWith(
                        ("{\"transferId\":\"%s\",\"direction\":\"sent\",\"counterpartyId\":\"%s\","
                                        + "\"amount\":{\"minor\":1250,\"currency\":\"USD\"},")
                                .formatted(id, payee.id()))
                .contains("\"completedAt\":\"20")
                .doesNotContain("balance", "null");
        var received = awaitLast(payee.id());
        assertThat(received.type()).isEqualTo("transfer.completed");
        assertThat(received.data())
                .contains("\"direction\":\"received\",\"counterpartyId\":\"" + payer.id());
        assertThat(received.number()).isEqualTo(sent.number() + 1);
    }

    @Test
    void aRefusalIsToldToThePayerAlone() {
        var payer = TestPerson.fresh();
        var payee = TestPerson.fresh();

        payer.send(payee, 1, "USD", "k").statusCode(422);

        var declined = awaitLast(payer.id());
        assertThat(declined.type()).isEqualTo("transfer.declined");
        assertThat(declined.data()).contains("\"declineCode\":\"insufficient-funds\"");
        assertThat(notices.of(payee.id(), 0, 10)).isEmpty();
    }

    @Test
    void nobodyIsToldOfWhatWasRolledBack() {
        QuarkusTransaction.begin();
        outbox.add(List.of(happened(1)));
        QuarkusTransaction.rollback();
        add(happened(2));

        await().until(() -> !notices.of(anna, 0, 10).isEmpty());
        assertThat(notices.of(anna, 0, 10)).extracting(Notice::data).containsExactly(data(2));
    }

    /** Whoever has read up to the later one would never look for the earlier one again. */
    @Test
    void whatCommitsLateIsNotLostBehindWhatWasCommittedBefore() throws Exception {
        var isStored = new CountDownLatch(1);
        var mayCommit = new CountDownLatch(1);
        var late =
                new Thread(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .run(
                                                () -> {
                                                    outbox.add(List.of(happened(1)));
                                                    flushed(isStored, mayCommit);
                                                }));
        late.start();
        isStored.await();
        add(happened(2));
        var before = notices.last();
        writer.write();
        assertThat(notices.of(anna, 0, 10)).as("while the first one is under way").isEmpty();
        assertThat(notices.last()).isEqualTo(before);

        mayCommit.countDown();
        late.join();

        await().until(() -> notices.of(anna, 0, 10).size() == 2);
        assertThat(notices.of(anna, 0, 10))
                .extracting(Notice::data)
                .containsExactly(data(1), data(2));
    }

    /** As where it has its number and waits for a wallet that the other one holds. */
    @Test
    void whoeverStoredLaterIsToldLaterWhoeverBeganFirst() {
        QuarkusTransaction.begin();
        var began = database.query("select pg_current_xact_id()::text", in -> {}, row -> 1);
        assertThat(began).hasSize(1);
        var other = new Thread(() -> add(happened(1)));
        other.start();
        await().until(() -> !other.isAlive());
        outbox.add(List.of(happened(2)));
        QuarkusTransaction.commit();

        await().until(() -> notices.of(anna, 0, 10).size() == 2);
        assertThat(notices.of(anna, 0, 10))
                .extracting(Notice::data)
                .containsExactly(data(1), data(2));
    }

    private void flushed(CountDownLatch isStored, CountDownLatch mayCommit) {
        database.flush();
        isStored.countDown();
        try {
            mayCommit.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As by as many replicas: whoever finds the place taken leaves it. */
    @Test
    void howeverManyWriteEachEventIsToldOnce() throws Exception {
        var last = notices.last();
        var tasks = new ArrayList<Callable<Boolean>>();
        for (var i = 0; i < 60; i++) {
            var number = i;
            tasks.add(
                    () -> {
                        add(happened(2 * number), happened(2 * number + 1));
                        return true;
                    });
            tasks.add(() -> writer.write());
            tasks.add(() -> writer.write());
        }

        Race.run(8, tasks);

        await().until(() -> notices.of(ben, 0, 200).size() >= 120);
        assertThat(notices.of(ben, 0, 200))
                .extracting(Notice::data)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 120).mapToObj(NoticesTest::data).toList());
        assertThat(notices.after(last, 10_000))
                .extracting(Notice::number)
                .isEqualTo(
                        IntStream.rangeClosed(1, (int) (notices.last() - last))
                                .mapToObj(it -> last + it)
                                .toList());
    }

    @Test
    void whatCannotBeReadKeepsNobodyElseFromBeingTold() {
        add(happened(HappenedNotices.NOBODY));
        Sql.run("update outbox set payload = '[]' where key = ?", anna);
        add(happened(HappenedNotices.NOBODY), happened(5));

        await().until(() -> !notices.of(anna, 0, 10).isEmpty());
        assertThat(notices.of(anna, 0, 10)).extracting(Notice::data).containsExactly(data(5));
    }

    @Test
    void theOldestAreClearedAwayAndTheNewestNever() {
        add(happened(1), happened(2));
        await().until(() -> notices.of(anna, 0, 10).size() == 2);
        var last = notices.last();
        var oldest = notices.oldest();

        var none = QuarkusTransaction.requiringNew().call(() -> notices.purge(Instant.EPOCH, 10));
        assertThat(none).isZero();
        assertThat(notices.oldest()).isEqualTo(oldest);

        QuarkusTransaction.begin();
        var all = notices.purge(Instant.parse("9999-01-01T00:00:00Z"), 1_000_000);
        assertThat(all).isPositive();
        assertThat(notices.oldest()).isEqualTo(notices.last());
        assertThat(notices.last()).isGreaterThanOrEqualTo(last);
        QuarkusTransaction.rollback();
    }

    @Test
    void theTableTakesNumbersOnlyInTheirOrder() {
        add(happened(1));
        await().until(() -> notices.of(ben, 0, 10).size() == 1);

        assertRefused(
                "insert into notice select gen_random_uuid(), max(number) + 2, gen_random_uuid(),"
                        + " 'test.happened', current_timestamp, '{}' from notice");
        assertRefused("update notice set data = '{}'");
        assertRefused("truncate notice");
        assertRefused("delete from outbox_reader");
        assertRefused("update outbox_reader set transaction = '0'");
        assertRefused("update outbox_reader set transaction = pg_current_xact_id()");
    }

    @Test
    void theServiceCannotSayWhichTransactionStoredAnEvent() throws SQLException {
        try (var connection = Sql.asApp();
                var statement = connection.createStatement()) {
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            "insert into outbox (key, id, topic, payload,"
                                                    + " created_at, due_at, transaction) values"
                                                    + " (gen_random_uuid(), gen_random_uuid(), 'X',"
                                                    + " '{}', current_timestamp, current_timestamp,"
                                                    + " '1')"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("update notice set data = '{}'"))
                    .hasMessageContaining("permission denied");
        }
    }

    private static void assertRefused(String sql) {
        assertThatThrownBy(() -> Sql.run(sql)).as(sql).isInstanceOf(IllegalStateException.class);
    }

    private Happened happened(int number) {
        return new Happened(anna, ben, number);
    }

    private static String data(int number) {
        return "{\"number\":" + number + "}";
    }

    private void add(Event... events) {
        QuarkusTransaction.requiringNew().run(() -> outbox.add(List.of(events)));
    }

    private Notice awaitLast(UUID customer) {
        await().until(() -> !notices.of(customer, 0, 10).isEmpty());
        var all = notices.of(customer, 0, 10);
        return all.get(all.size() - 1);
    }
}
