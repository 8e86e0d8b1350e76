package kvit.card;

import static kvit.money.Currency.USD;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever Stripe fails at, and whenever whoever sends dies: what is said to have arrived has
 * arrived once, and of what is said to be declined nothing is away.
 */
@Timeout(120)
class StripePayoutFaultsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int RUNS = Integer.getInteger("kvit.payout.runs", 100);
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());

    /** As long as an operation stays open there is another round; by then Stripe has recovered. */
    private static final int ROUNDS = 12;

    private static FakeConnect stripe;
    private static StripeProcessor processor;
    private static volatile Instant now = NOW;

    @BeforeAll
    static void start() throws IOException {
        stripe = FakeConnect.start(NOW);
        processor = new StripeProcessor(StripeSettings.at(stripe.base()), new Clock(() -> now));
    }

    @AfterAll
    static void stop() {
        stripe.close();
    }

    @Test
    void whatIsSaidOfAPushIsSoWhateverFails() {
        System.out.println("kvit.seed=" + SEED);
        var random = new Random(SEED);
        for (var run = 0; run < RUNS; run++) {
            now = NOW;
            stripe.begin(random, random.nextInt(12));
            // Two of one person at a time, whose money lies in one account.
            var results = carriedOut(pushes(random), random);
            assertAllIsAsItWasSaid(results, "run " + run);

            stripe.comeBack();
            stripe.fail(random.nextInt(4));
            results.replaceAll((push, before) -> asked(push, before));
            assertAllIsAsItWasSaid(results, "run " + run + ", come back");
        }
    }

    private static List<Operation> pushes(Random random) {
        var ids = Ids.at(InstantSource.fixed(NOW));
        return Stream.generate(
                        () ->
                                (Operation)
                                        new Operation.Push(
                                                ids.next(),
                                                NOW,
                                                "acct_1/card_1/USD",
                                                new Money(1 + random.nextInt(9_999), USD),
                                                random.nextBoolean()
                                                        ? Speed.STANDARD
                                                        : Speed.INSTANT))
                .limit(2)
                .toList();
    }

    private Map<Operation, Result> carriedOut(List<Operation> pushes, Random random) {
        var results = new LinkedHashMap<Operation, Result>();
        pushes.forEach(it -> results.put(it, processor.carryOut(it)));
        for (var round = 0; round < ROUNDS; round++) {
            now = now.plus(Duration.ofMinutes(20));
            if (round == ROUNDS / 2) {
                stripe.fail(0);
            }
            if (round == ROUNDS - 2 && random.nextInt(3) == 0) {
                now = now.plus(Duration.ofHours(24));
            }
            results.replaceAll(this::step);
            stripe.settle();
        }
        now = now.plus(Duration.ofHours(24));
        results.replaceAll(this::step);
        results.replaceAll(this::step);
        return results;
    }

    /** As whoever carries payouts out does: asks, and sends what was never heard of. */
    private Result step(Operation push, Result before) {
        if (isEnd(before)) {
            return before;
        }
        var found = processor.find(push);
        return found instanceof Result.NotFound ? processor.carryOut(push) : found;
    }

    private Result asked(Operation push, Result before) {
        var result = before;
        for (var times = 0; times < 6 && before instanceof Result.Done; times++) {
            result = processor.find(push);
            if (isEnd(result)) {
                return result;
            }
        }
        return result;
    }

    private static boolean isEnd(Result result) {
        return result instanceof Result.Done
                || result instanceof Result.Declined
                || result.equals(new Result.NotSent(Reason.TOO_OLD));
    }

    private static void assertAllIsAsItWasSaid(Map<Operation, Result> results, String run) {
        results.forEach(
                (push, result) -> {
                    var id = push.id().toString();
                    var arrived = result instanceof Result.Done ? push.amount().minor() : 0;
                    var what = "%s, seed %d: %s".formatted(run, SEED, result);
                    assertThat(isEnd(result)).as(what).isTrue();
                    assertThat(stripe.paidOut(id)).as(what).isEqualTo(arrived);
                    assertThat(stripe.transferred(id)).as(what).isEqualTo(arrived);
                });
        assertThat(stripe.there()).as(run).isZero();
    }
}
