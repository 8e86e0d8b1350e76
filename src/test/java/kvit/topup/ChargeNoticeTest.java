package kvit.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.Notice;
import kvit.card.Operation;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.Simulator;
import kvit.card.Told;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;

/** What the processor tells of charges and refunds is looked at, once and at once. */
@KvitTest
class ChargeNoticeTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** A processor that says one thing when it is told, and another when it is asked. */
    private record Saying(Result said, Result found) implements MoneyOnly {
        @Override
        public Result carryOut(Operation operation) {
            return said;
        }

        @Override
        public Result find(Operation operation) {
            return found;
        }
    }

    @Inject Till till;
    @Inject Desk desk;
    @Inject Simulator simulated;
    @Inject Told told;

    @Test
    void aChargeThatWasGivenUpAndComesToLightByANoticeGoesBack() {
        var anna = desk.somebody();

        var notice = told.tell(settled(chargedInVain(anna)));

        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        await().atMost(SOON).until(() -> !Told.isWaiting(notice));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.DECLINED);
        assertThat(Till.balance(anna)).isZero();
    }

    @Test
    void aRefundThatFailsThoughItWasDoneIsKeptForSomebodyWhoLooks() {
        var anna = desk.somebody();
        var topUp = chargedInVain(anna);
        till.resolving(simulated).resolve(topUp);
        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        var refund = ChargeReturn.refundOf(topUp.id());
        var name =
                Sql.<String>value("select refund_name from charge_return where id = ?", topUp.id());

        var done = told.tell(new Notice.RefundSettled(refund, name));
        told.actUntilDone(done);
        assertThat(Till.returned(anna)).isEqualTo(1);

        var failed = told.tell(new Notice.RefundFailed(refund, name, "expired_or_canceled_card"));
        told.actUntilDone(failed);

        assertThat(Told.isStray(done)).isFalse();
        assertThat(
                        Sql.<String>value(
                                "select concat(state, ' ', failure) from charge_return where id = ?",
                                topUp.id()))
                .isEqualTo("FAILED expired_or_canceled_card");
    }

    /** Sent by one who has slept, and looked for in vain before: nobody is to ask again. */
    private TopUp chargedInVain(UUID customer) {
        var card = till.card(customer, SimulatedCard.WORKS);
        var lost = new Saying(new Result.Unknown(Reason.TIME_OUT), new Result.NotFound());
        till.with(lost).topUp(till.attempt(customer, "k", card, 5_00));
        leaveToTheTest(customer);
        Sql.run(
                "update top_up set sent_at = sent_at - interval '16 minutes' where customer = ?",
                customer);
        till.resolving(lost).resolve(till.topUp(customer, "k"));
        Sql.run("update top_up set due_at = null where customer = ?", customer);
        var topUp = till.topUp(customer, "k");
        assertThat(topUp.state()).isEqualTo(TopUpState.DECLINED);
        assertThat(simulated.carryOut(topUp.charge())).isInstanceOf(Result.Done.class);
        return topUp;
    }

    @Test
    void aNoticeOfAChargeHasItAskedAtOnce() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.TIMES_OUT);
        till.with(simulated).topUp(till.attempt(anna, "k", card, 5_00));
        leaveToTheTest(anna);

        var notice = told.tell(settled(till.topUp(anna, "k")));

        await().atMost(SOON).until(() -> !Told.isWaiting(notice));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.COMPLETED);
    }

    /** Nobody else comes to it. */
    private static void leaveToTheTest(UUID customer) {
        Sql.run(
                "update top_up set due_at = due_at + interval '1 day'"
                        + " where customer = ? and state = 'PENDING'",
                customer);
    }

    private static Notice settled(TopUp topUp) {
        return new Notice.ChargeSettled(
                topUp.id(), "sim_" + topUp.id().toString().replace("-", ""), topUp.amount());
    }
}
