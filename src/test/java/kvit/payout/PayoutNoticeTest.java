package kvit.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.time.Duration;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.card.Simulator;
import kvit.card.Speed;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

/** What the processor tells of a payout has it asked. */
@KvitTest
class PayoutNoticeTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Desk desk;
    @Inject Payouts payouts;
    @Inject Simulator simulated;

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
}
