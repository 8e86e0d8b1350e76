package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;

/**
 * The payee, the payer and time want the same money, as often as is asked for ({@code
 * -Dkvit.claims=10000}): one of them has it.
 */
@KvitTest
class AwaitedPayeeRaceTest {

    private static final int ROUNDS = Integer.getInteger("kvit.claims", 60);
    private static final int CONTENDERS = 3;

    /** The same two may not do it more often in a day than their country's limits allow. */
    private static final int ROUNDS_OF_TWO = 1_000;

    private static final Money ONE = new Money(1, Currency.USD);

    /** As long as the slowest of them takes to get to the lock. */
    private static final int HEAD_START_MICROS = 3_000;

    @Inject Claims claims;
    @Inject Waiting waiting;
    @Inject Ledger ledger;
    @Inject Clock clock;

    @Test
    void ofClaimCancellationAndExpiryExactlyOneWins() throws Exception {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        var ends = new EnumMap<TransferState, Integer>(TransferState.class);
        var pool = Executors.newFixedThreadPool(CONTENDERS);
        try {
            for (var left = ROUNDS; left > 0; left -= ROUNDS_OF_TWO) {
                race(Math.min(left, ROUNDS_OF_TWO), seed, random, pool)
                        .forEach((state, times) -> ends.merge(state, times, Integer::sum));
            }
        } finally {
            pool.shutdownNow();
        }
        System.out.println("AwaitedPayeeRaceTest: " + ends);
        assertThat(ends.values().stream().mapToInt(it -> it).sum()).isEqualTo(ROUNDS);
        assertThat(ledger.books().findings()).isEmpty();
    }

    /** Says how often it ended how. */
    private Map<TransferState, Integer> race(
            int rounds, long seed, Random random, ExecutorService pool) throws Exception {
        var ends = new EnumMap<TransferState, Integer>(TransferState.class);
        var line = new CyclicBarrier(CONTENDERS);
        var payer = claims.somebody("US", Currency.USD, rounds);
        var payee = claims.somebody("US", Currency.USD, 0);
        for (var round = 0; round < rounds; round++) {
            // Nobody's, until the one who waits for it has it.
            var phone = Phones.next();
            var id = claims.send(payer.id(), phone, ONE).id();
            Sql.run(
                    "update transfer set expires_at = ? where id = ?",
                    Timestamp.from(clock.instant().plus(Duration.ofMillis(2 + random.nextInt(10)))),
                    id);
            // Last, because whoever is a customer when the message goes out claims by that.
            Sql.run("update customer set phone = ? where id = ?", phone, payee.id());
            var key = "c" + round;
            var running =
                    pool.invokeAll(
                            List.of(
                                    at(line, random, () -> claimed(payee.id(), id)),
                                    at(line, random, () -> cancelled(payer, id, key)),
                                    at(line, random, () -> swept(id))));
            var won = EnumSet.noneOf(TransferState.class);
            for (var each : running) {
                var state = each.get();
                if (state != null) {
                    won.add(state);
                }
            }
            if (claims.find(id).state() == TransferState.UNCLAIMED) {
                // All three came too late or too early, which only the end of the time can be.
                Claims.end(id);
                waiting.sweep();
            }
            var state = claims.find(id).state();
            ends.merge(state, 1, Integer::sum);
            assertThat(won).as("%s in round %d of seed %d", state, round, seed).isSubsetOf(state);
            assertThat(state)
                    .isIn(TransferState.COMPLETED, TransferState.CANCELLED, TransferState.EXPIRED);
            long moved = ends.getOrDefault(TransferState.COMPLETED, 0);
            assertThat(claims.balance(payee.id(), Currency.USD)).isEqualTo(moved);
            assertThat(claims.available(payer.id(), Currency.USD)).isEqualTo(rounds - moved);
            assertThat(claims.balance(payer.id(), Currency.USD)).isEqualTo(rounds - moved);
        }
        return ends;
    }

    /** All begin together, and each comes to it a little later than that. */
    private static Callable<TransferState> at(
            CyclicBarrier line, Random random, Callable<TransferState> work) {
        var wait = random.nextInt(HEAD_START_MICROS);
        return () -> {
            line.await();
            TimeUnit.MICROSECONDS.sleep(wait);
            return work.call();
        };
    }

    private TransferState claimed(UUID payee, UUID id) {
        return claims.refusal(payee, id) == null ? TransferState.COMPLETED : null;
    }

    private TransferState cancelled(Waiting.Somebody payer, UUID id, String key) {
        return waiting.cancel(payer, id, key).isProblem() ? null : TransferState.CANCELLED;
    }

    private TransferState swept(UUID id) {
        waiting.sweep();
        return claims.find(id).state() == TransferState.EXPIRED ? TransferState.EXPIRED : null;
    }
}
