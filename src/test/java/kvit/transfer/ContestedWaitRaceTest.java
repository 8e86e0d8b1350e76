package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kvit.card.Notice;
import kvit.card.SimulatedCard;
import kvit.card.Told;
import kvit.dispute.Verdicts;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;

/**
 * The payee, the payer, time and the bank of the card want the same money, as often as is asked for
 * ({@code -Dkvit.contested=2000}): one of them has it, and the card never both by a refund that
 * could have been stopped and by the dispute.
 */
@KvitTest
class ContestedWaitRaceTest {

    private static final int ROUNDS = Integer.getInteger("kvit.contested", 24);
    private static final int CONTENDERS = 4;
    private static final long AMOUNT = 5_00;

    /** As long as the slowest of them takes to get to the lock. */
    private static final int HEAD_START_MICROS = 6_000;

    @Inject Claims claims;
    @Inject Waiting waiting;
    @Inject Till till;
    @Inject Told told;
    @Inject Ledger ledger;
    @Inject Clock clock;

    @Test
    void ofDisputeClaimCancellationAndExpiryExactlyOneWins() throws Exception {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        var payee = claims.somebody("US", Currency.USD, 0);
        var ends = new EnumMap<TransferState, Integer>(TransferState.class);
        var line = new CyclicBarrier(CONTENDERS);
        var pool = Executors.newFixedThreadPool(CONTENDERS);
        try {
            for (var round = 0; round < ROUNDS; round++) {
                var payer = claims.cardholder("US", Currency.USD, 0);
                var phone = Phones.next();
                var card = till.card(payer.id(), SimulatedCard.WORKS);
                var id = claims.pay(payer.id(), card, phone, usd()).id();
                Sql.run(
                        "update transfer set expires_at = ? where id = ?",
                        Timestamp.from(
                                clock.instant().plus(Duration.ofMillis(5 + random.nextInt(20)))),
                        id);
                Sql.run("update customer set phone = ? where id = ?", phone, payee.id());
                String charge = Sql.value("select name from top_up where customer = ?", payer.id());
                var notice =
                        told.tell(
                                new Notice.Chargeback(charge, "d-" + charge, usd(), "fraudulent"));
                var running =
                        pool.invokeAll(
                                List.of(
                                        at(line, random, () -> told(notice)),
                                        at(line, random, () -> claims.refusal(payee.id(), id)),
                                        at(line, random, () -> waiting.cancel(payer, id, "c")),
                                        at(line, random, this::swept)));
                for (var each : running) {
                    each.get();
                }
                told.actUntilDone(notice);
                var state = claims.find(id).state();
                ends.merge(state, 1, Integer::sum);
                assertThat(payer.id() + " " + standing(payer.id()))
                        .as("%s in round %d of seed %d", state, round, seed)
                        .isIn(allowed(payer.id(), state));
                assertThat(claims.balance(payee.id(), Currency.USD))
                        .isEqualTo(ends.getOrDefault(TransferState.COMPLETED, 0) * AMOUNT);
            }
        } finally {
            pool.shutdownNow();
        }
        System.out.println("ContestedWaitRaceTest: " + ends);
        assertThat(ledger.books().findings()).isEmpty();
        assertThat(Verdicts.findings()).isEmpty();
    }

    /** What the dispute holds, what the wallet has, how much of it is free, and any refund. */
    private String standing(UUID payer) {
        var refund =
                Sql.<String>column(
                        """
                        select case when state = 'FAILED' then failure else 'refund' end
                          from charge_return where customer = ?
                        """,
                        payer);
        return Sql.<Long>value("select held from dispute where customer = ?", payer)
                + " "
                + claims.balance(payer, Currency.USD)
                + " "
                + claims.available(payer, Currency.USD)
                + " "
                + refund;
    }

    private static List<String> allowed(UUID payer, TransferState state) {
        var held = payer + " " + AMOUNT + " " + AMOUNT + " 0 ";
        var away = payer + " 0 0 0 ";
        return switch (state) {
            case DECLINED -> List.of(held + "[]");
            case COMPLETED -> List.of(away + "[]");
            // Nobody was asked for the refund yet, or somebody was before the dispute was known.
            case CANCELLED, EXPIRED -> List.of(held + "[contested]", away + "[refund]");
            default -> List.of();
        };
    }

    /** All begin together, and each comes to it a little later than that. */
    private static <T> Callable<T> at(CyclicBarrier line, Random random, Callable<T> work) {
        var wait = random.nextInt(HEAD_START_MICROS);
        return () -> {
            line.await();
            TimeUnit.MICROSECONDS.sleep(wait);
            return work.call();
        };
    }

    private boolean told(Notice.Delivery notice) {
        told.act(notice);
        return true;
    }

    private boolean swept() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(8);
        waiting.sweep();
        return true;
    }

    private static Money usd() {
        return new Money(AMOUNT, Currency.USD);
    }
}
