package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.ledger.Ledger;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.WaitingRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many at what waits at the same time, and many things one after another: the money stays whole.
 */
@KvitTest
class WaitingRaceTest {

    private static final int ROUNDS = Integer.getInteger("kvit.waiting.rounds", 25);
    private static final int STEPS = 400;

    @Inject Waiting waiting;
    @Inject Ledger ledger;
    @Inject Clock clock;

    @BeforeEach
    void rules() {
        waiting.awaitRules();
    }

    /** A code, a second thought and the end of the time: one of them is first. */
    @Test
    void ofConfirmationCancellationAndExpiryExactlyOneWins() throws Exception {
        var ends = new HashMap<TransferState, Integer>();
        for (var round = 0; round < ROUNDS; round++) {
            var payer = waiting.somebody(WaitingRules.CONFIRMING, 20_00);
            var payee = waiting.somebody(WaitingRules.CONFIRMING, 0);
            var id = waiting.sent(payer, payee, 20_00);
            var code = Waiting.codeOf(payer.phone());
            // At some moment of the race, and in some rounds before it.
            var end = clock.instant().plus(Duration.ofMillis(round % 5 * 30L));
            Sql.run(
                    "update transfer set expires_at = ? where id = ?",
                    java.sql.Timestamp.from(end),
                    id);
            var won = Race.run(100, contenders(payer, id, code));

            var state = waiting.state(id);
            ends.merge(state, 1, Integer::sum);
            assertThat(won)
                    .filteredOn(it -> it != null)
                    .as("%s in round %d", state, round)
                    .allMatch(it -> it == state);
            assertThat(state.isWaiting()).isFalse();
            var moved = state == TransferState.COMPLETED ? 20_00 : 0;
            assertThat(waiting.balance(payer.id())).isEqualTo(20_00 - moved);
            assertThat(waiting.available(payer.id())).isEqualTo(20_00 - moved);
            assertThat(waiting.balance(payee.id())).isEqualTo(moved);
        }
        System.out.println("WaitingRaceTest: " + ends);
        assertThat(ledger.books().findings()).isEmpty();
    }

    /** What each of them was told that has become of the transfer; null where it was refused. */
    private List<Callable<TransferState>> contenders(Waiting.Somebody payer, UUID id, String code) {
        var contenders = new ArrayList<Callable<TransferState>>();
        for (var i = 0; i < 33; i++) {
            var key = "c" + i;
            contenders.add(() -> confirmed(payer, id, code));
            contenders.add(
                    () ->
                            waiting.cancel(payer, id, key).isProblem()
                                    ? null
                                    : TransferState.CANCELLED);
            contenders.add(() -> swept(id));
        }
        contenders.add(() -> swept(id));
        return contenders;
    }

    private TransferState confirmed(Waiting.Somebody payer, UUID id, String code) {
        try {
            return waiting.confirm(payer, id, code).state();
        } catch (Problem e) {
            return null;
        }
    }

    private TransferState swept(UUID id) {
        waiting.sweep();
        return waiting.state(id) == TransferState.EXPIRED ? TransferState.EXPIRED : null;
    }

    /** Against a map of balances; Σ = 0 and what is held is what waits, after every step. */
    @Test
    void agreesWithTheModelAfterEveryStep() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        var people = new ArrayList<Waiting.Somebody>();
        Map<UUID, Long> balances = new HashMap<>();
        Map<UUID, Long> available = new HashMap<>();
        for (var i = 0; i < 8; i++) {
            var person = waiting.somebody(WaitingRules.REVIEWING, 60_00);
            people.add(person);
            balances.put(person.id(), 60_00L);
            available.put(person.id(), 60_00L);
        }
        record Held(UUID id, Waiting.Somebody payer, Waiting.Somebody payee, long minor) {}
        var held = new ArrayList<Held>();
        for (var step = 0; step < STEPS; step++) {
            var what = "seed " + seed + " step " + step;
            var payer = people.get(random.nextInt(people.size()));
            var payee = people.get((people.indexOf(payer) + 1 + random.nextInt(7)) % 8);
            var minor = 1 + random.nextLong(20_00);
            if (held.isEmpty() || random.nextBoolean()) {
                if (available.get(payer.id()) < minor) {
                    continue;
                }
                var id = waiting.sent(payer, payee, minor);
                available.merge(payer.id(), -minor, Long::sum);
                if (waiting.state(id).isWaiting()) {
                    held.add(new Held(id, payer, payee, minor));
                } else {
                    balances.merge(payer.id(), -minor, Long::sum);
                    balances.merge(payee.id(), minor, Long::sum);
                    available.merge(payee.id(), minor, Long::sum);
                }
            } else {
                var one = held.remove(random.nextInt(held.size()));
                var completed = false;
                switch (random.nextInt(4)) {
                    case 0 -> waiting.cancel(one.payer(), one.id(), what);
                    case 1 -> waiting.reject(one.id());
                    case 2 -> {
                        Sql.run(
                                "update transfer set expires_at = created_at where id = ?",
                                one.id());
                        waiting.sweep();
                    }
                    default -> completed = waiting.approve(one.id()).completed();
                }
                assertThat(waiting.state(one.id()).isWaiting()).as(what).isFalse();
                var moved = completed ? one.minor() : 0;
                balances.merge(one.payer().id(), -moved, Long::sum);
                balances.merge(one.payee().id(), moved, Long::sum);
                available.merge(one.payer().id(), one.minor() - moved, Long::sum);
                available.merge(one.payee().id(), moved, Long::sum);
            }
            for (var person : people) {
                assertThat(waiting.balance(person.id()))
                        .as(what)
                        .isEqualTo(balances.get(person.id()));
                assertThat(waiting.available(person.id()))
                        .as(what)
                        .isEqualTo(available.get(person.id()));
            }
        }
        assertThat(ledger.books().findings()).as("seed %d", seed).isEmpty();
    }
}
