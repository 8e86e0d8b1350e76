package kvit.payout;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.card.ConnectedStripe;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.card.Speed;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;

/** A push that is two things at the processor is still one payout here. */
@KvitTest
class PayoutThroughStripeTest {

    private static final int RUNS = Math.max(15, Integer.getInteger("kvit.payout.runs", 0));
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());
    private static final int STEPS = 24;

    private static final String CONTRADICTED =
            "select contradicted_at is not null from payout where customer = ?";

    private static final String TRIPS = "select count(*) from payout_trip where customer = ?";

    private static final String AWAY =
            """
            select coalesce(sum(e.minor), 0)::bigint
              from payout_trip t
              join entry e on e.posting in (t.out_posting, t.back_posting)
              join account a on a.id = e.account and a.kind = 'CARD_CLEARING'
             where t.customer = ?
            """;

    @Inject Payouts payouts;
    @Inject Desk desk;
    @Inject Clock clock;

    @Test
    void whatIsPaidIsOnTheCardOnceAndAllElseIsInTheWallet() {
        System.out.println("kvit.seed=" + SEED);
        var random = new Random(SEED);
        try (var stripe = ConnectedStripe.start(clock)) {
            for (var run = 0; run < RUNS; run++) {
                stripe.begin(random, random.nextInt(10));
                var speed = random.nextBoolean() ? Speed.STANDARD : Speed.INSTANT;
                var anna = somebodyWithACardAtStripe();
                payouts.ripe(anna, "k", card(anna), 10_00, speed);
                Sql.run("update payout set hand_over_at = created_at where customer = ?", anna);

                var ended = carryOutToTheEnd(stripe, anna);

                assertThat(ended.state()).as("seed %d", SEED).isNotEqualTo(PayoutState.IN_TRANSIT);
                var isPaid = ended.state() == PayoutState.PAID;
                var pushes = Stream.of(ended.id(), ended.push()).distinct();
                assertThat(pushes.mapToLong(stripe::paidOut).sum()).isEqualTo(isPaid ? 10_00 : 0);
                assertThat(stripe.there()).isZero();
                assertThat(Payouts.balance(anna))
                        .isEqualTo(100_00 - (isPaid ? 10_00 + ended.feeNow().minor() : 0));
                assertThat(Sql.<Boolean>value(CONTRADICTED, anna)).isFalse();
                // Whatever has left Stripe's balance is in the books, out and back, and no more.
                assertThat(Sql.<Long>value(TRIPS, anna)).isEqualTo(stripe.transfers());
                assertThat(Sql.<Long>value(AWAY, anna)).isEqualTo(isPaid ? 10_00 : 0);
            }
        }
    }

    private UUID somebodyWithACardAtStripe() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        Sql.run(
                "update card set payout_reference = ? where id = ?",
                ConnectedStripe.WAY_OUT,
                desk.card(anna, SimulatedCard.WORKS));
        return anna;
    }

    private static UUID card(UUID customer) {
        return Sql.value("select id from card where customer = ?", customer);
    }

    /** As the worker does, each time long enough after the time before. */
    private Payout carryOutToTheEnd(ConnectedStripe stripe, UUID anna) {
        for (var step = 0; step < STEPS && payouts.payout(anna, "k").isInTransit(); step++) {
            if (step == STEPS / 2) {
                stripe.recover();
            }
            Payouts.letTimePass(anna);
            if (step >= STEPS * 3 / 4) {
                // A failure that Stripe has stored stays its answer for as long as it knows the
                // key.
                Payouts.ripen(anna);
            }
            payouts.carrying(stripe.processor()).carryOut(payouts.payout(anna, "k"));
            stripe.settle();
        }
        return payouts.payout(anna, "k");
    }
}
