package kvit.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.Notice;
import kvit.card.SimulatedCard;
import kvit.card.Simulator;
import kvit.card.Speed;
import kvit.card.Told;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

/** What the processor tells of a payout has it asked. */
@KvitTest
class PayoutNoticeTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Desk desk;
    @Inject Payouts payouts;
    @Inject Simulator simulated;
    @Inject Told told;

    @Test
    void aNoticeOfAPayoutHasItAskedAtOnce() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = desk.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        payouts.carrying(simulated).carryOut(payout);
        assertThat(payouts.payout(anna, "k").isInTransit()).isTrue();

        // The simulator tells by itself that it was paid; nobody else would ask within an hour.
        await().atMost(SOON).until(() -> payouts.payout(anna, "k").state() == PayoutState.PAID);
    }

    /**
     * An answer may be older than the notice, and of what has arrived nobody asks by themselves.
     */
    @Test
    void aNoticeOfAFailureWaitsUntilTheMoneyIsBack() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var arrived = paidOut(anna, SimulatedCard.WORKS, "arrived");
        await().atMost(SOON)
                .until(() -> payouts.payout(anna, "arrived").state() == PayoutState.PAID);
        var early = told.tell(new Notice.PayoutFailed(arrived.push(), "po", "account_closed"));
        told.act(early);
        assertThat(Told.isWaiting(early)).isTrue();

        var back = paidOut(anna, SimulatedCard.RETURNED, "back");
        await().atMost(SOON)
                .until(() -> payouts.payout(anna, "back").state() == PayoutState.RETURNED);
        told.actUntilDone(told.tell(new Notice.PayoutFailed(back.push(), "po", "account_closed")));
    }

    private Payout paidOut(UUID anna, SimulatedCard behaviour, String key) {
        var payout = payouts.ripe(anna, key, desk.card(anna, behaviour), 10_00, Speed.STANDARD);
        payouts.carrying(simulated).carryOut(payout);
        return payouts.payout(anna, key);
    }
}
