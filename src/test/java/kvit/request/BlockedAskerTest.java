package kvit.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kvit.friend.Circle;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was asked before a block can be ended by either, and is called to mind no more. */
@KvitTest
class BlockedAskerTest {

    @Inject RemindOfShare remindOfShare;

    TestPerson anna;
    TestPerson boris;
    TestPerson carl;
    Bill bill;

    /** Anna asks Boris and Carl; then Boris wants nothing to do with Anna. */
    @BeforeEach
    void peopleWithABill() {
        anna = Bill.person(0);
        boris = Bill.person(10_00);
        carl = Bill.person(10_00);
        bill = Bill.of(20_00, anna, boris, carl);
        Circle.block(boris, anna.id()).statusCode(204);
    }

    @Test
    void itIsPaidOrDeclinedAsEver() {
        boris.send(anna, 1, "EUR", "k").statusCode(422).body("code", equalTo("payee-not-found"));
        bill.pay(0).statusCode(201);
        assertThat(anna.balance("EUR")).isEqualTo(10_00);

        var other = Bill.of(2_00, anna, carl);
        Circle.block(anna, carl.id()).statusCode(204);
        other.decline(0).statusCode(200);
    }

    /** To whoever is blocked it looks as if it had been sent. */
    @Test
    void aReminderIsSentToNobodyAndAnsweredAsEver() {
        bill.remind(0).statusCode(200);
        bill.remind(0).statusCode(429).body("code", equalTo("reminder-too-soon"));
        bill.remind(1).statusCode(200);

        assertThat(reminders(boris)).isZero();
        assertThat(reminders(carl)).isEqualTo(1);
    }

    @Test
    void noneComesByItself() {
        var members = new HashMap<String, Object>(Map.of("amount", TestPerson.money(4_00, "EUR")));
        members.put("autoRemind", true);
        var dora = Bill.person(0);
        var emil = Bill.person(0);
        var due = Bill.of(members, dora, List.of(carl, emil));
        Circle.block(carl, dora.id()).statusCode(204);
        Sql.run(
                "update request_share set remind_at = remind_at - cast(? as interval)"
                        + " where request = cast(? as uuid) and remind_at is not null",
                Duration.ofDays(2).toString(),
                due.id());
        remindOfShare.sweep();

        assertThat(reminders(emil)).isEqualTo(1);
        assertThat(reminders(carl)).isZero();
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from request_share where request = cast(? as uuid)"
                                        + " and reminded_at is not null",
                                due.id()))
                .as("both look reminded to Dora")
                .isEqualTo(2);
    }

    private static long reminders(TestPerson person) {
        return Sql.<Long>value(
                "select count(*) from outbox where key = ? and topic = 'ShareReminded'",
                person.id());
    }
}
