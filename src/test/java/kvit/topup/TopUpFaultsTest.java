package kvit.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.Operation;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.SimulatedFault;
import kvit.card.Simulator;
import kvit.problem.Problem;
import kvit.support.DatabaseProxy;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at the processor, and at whatever point a replica dies: in the end every
 * charge has exactly one completed top-up of the same amount, and every completed top-up exactly
 * one charge. Each run is one of all pairs of a death and a fault; {@code -Dkvit.topup.runs} many.
 *
 * <p>A death is an error that nobody catches, at a point that no kill from outside would hit twice;
 * {@code MoneyByCardCrashIT} kills for real.
 */
@KvitTest
class TopUpFaultsTest {

    private static final int RUNS = Math.max(200, Integer.getInteger("kvit.topup.runs", 0));
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());

    private static final Duration SOON = Duration.ofSeconds(30);

    /** The rules let people top up ten times a day. */
    private static final int RUNS_PER_PERSON = 8;

    /** Where the replica dies. */
    private enum Death {
        NEVER,
        BEFORE_THE_INTENTION_IS_COMMITTED,
        BEFORE_THE_CALL,
        DURING_THE_CALL,
        AFTER_THE_CALL,
        BEFORE_THE_OUTCOME_IS_COMMITTED,
        /** It sleeps, sends it when it was given up long ago, and then dies. */
        AFTER_A_LONG_SLEEP
    }

    /** Nobody in the service catches it, as nobody catches a power cut. */
    private static class Dead extends Error {
        @Serial private static final long serialVersionUID = 1;
    }

    /** The simulator, called by somebody who dies. */
    private record Dying(
            Simulator behind, Death death, ExecutorService wire, List<Operation> asleep)
            implements MoneyOnly {
        @Override
        public Result carryOut(Operation operation) {
            switch (death) {
                case BEFORE_THE_CALL -> throw new Dead();
                case DURING_THE_CALL -> {
                    // It is on the wire, and arrives whoever lives to hear of it.
                    wire.submit(() -> behind.carryOut(operation));
                    throw new Dead();
                }
                case AFTER_A_LONG_SLEEP -> {
                    asleep.add(operation);
                    throw new Dead();
                }
                case AFTER_THE_CALL -> {
                    behind.carryOut(operation);
                    throw new Dead();
                }
                default -> {
                    return behind.carryOut(operation);
                }
            }
        }

        @Override
        public Result find(Operation operation) {
            return behind.find(operation);
        }
    }

    @Inject Till till;
    @Inject Desk desk;
    @Inject Simulator simulated;

    private final List<Operation> asleep = Collections.synchronizedList(new ArrayList<>());

    /** Lets transactions about doomed keys fail where a dying replica would leave them. */
    @BeforeAll
    static void makeDoom() {
        Sql.run("create table doom (key text primary key, at text not null)");
        Sql.run(
                """
                create function meet_doom() returns trigger language plpgsql security definer
                    set search_path from current as $$
                begin
                    if exists (select from doom where key = new.key and at = tg_op) then
                        raise exception 'the replica has died' using errcode = 'XX000';
                    end if;
                    return new;
                end
                $$
                """);
        Sql.run(
                "create trigger meet_doom after insert or update on top_up"
                        + " for each row execute function meet_doom()");
    }

    @AfterAll
    static void endDoom() {
        Sql.run("drop function meet_doom cascade");
        Sql.run("drop table doom");
    }

    @Test
    void everyChargeHasOneTopUpAndEveryTopUpOneChargeWhoeverDies() throws Exception {
        var random = new Random(SEED);
        var people = new HashSet<UUID>();
        var wire = Executors.newCachedThreadPool();
        UUID person = null;
        UUID card = null;
        for (var run = 0; run < RUNS; run++) {
            if (person == null || run % RUNS_PER_PERSON == 0) {
                person = desk.somebody();
                people.add(person);
            }
            if (card == null || run % (RUNS_PER_PERSON / 2) == 0) {
                card = till.card(person, cardOf(run / (RUNS_PER_PERSON / 2)));
            }
            live(person, card, "run-" + run + ".", run, random, wire);
        }
        wire.shutdown();
        assertThat(wire.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        var before = states(people);
        resolve(people);
        asleep.forEach(simulated::carryOut);
        people.forEach(Till::letADayPass);
        await().atMost(SOON).until(() -> toBeReturned(people) == 0);
        var after = states(people);
        var returned = people.stream().mapToLong(Till::returned).sum();

        System.out.printf(
                "Topped up %d times (-Dkvit.seed=%d): %s at first, %s in the end, %d given back%n",
                RUNS, SEED, before, after, returned);
        assertThat(Till.contradictions(people)).isEmpty();
        assertThat(after.keySet()).doesNotContain(TopUpState.PENDING);
        // Otherwise nothing was found out and nothing was shown.
        assertThat(before.get(TopUpState.PENDING)).isGreaterThan(RUNS / 5L);
        assertThat(after.get(TopUpState.COMPLETED)).isGreaterThan(RUNS / 5L);
        assertThat(after.get(TopUpState.DECLINED)).isGreaterThan(RUNS / 10L);
        assertThat(returned).isGreaterThan(RUNS / 40L);
    }

    private static long toBeReturned(Set<UUID> people) {
        return people.stream()
                .mapToLong(
                        it ->
                                Sql.<Long>value(
                                        """
                                        select (select count(*) from charge_return
                                                 where customer = ? and state = 'PENDING')
                                             + (select count(*) from top_up
                                                 where customer = ?
                                                   and due_at < created_at + interval '1 hour')
                                        """,
                                        it,
                                        it))
                .sum();
    }

    /** In turn and not by chance, so that each is there as often as the test needs it. */
    private static SimulatedCard cardOf(int number) {
        return switch (number % 8) {
            case 0 -> SimulatedCard.DECLINED;
            case 1 -> SimulatedCard.TIMES_OUT;
            default -> SimulatedCard.WORKS;
        };
    }

    private void live(
            UUID person, UUID card, String key, int run, Random random, ExecutorService wire)
            throws Exception {
        // All pairs in turn, and the rest by chance.
        var death = Death.values()[run % Death.values().length];
        var fault = fault(run / Death.values().length % (SimulatedFault.values().length + 1));
        if (fault != null) {
            simulated.addFault(fault, till.reference(card));
        }
        doom(key, death);
        if (random.nextInt(4) == 0) {
            // A COMMIT whose answer is lost: of the intention, or of the outcome and its event.
            var cut = DatabaseProxy.Cut.values()[random.nextInt(2)];
            DatabaseProxy.cutCommitOf(random.nextBoolean() ? key : person.toString(), cut);
        }
        var callers = new ArrayList<Callable<Boolean>>();
        callers.add(() -> attempt(person, card, key, death, wire));
        // Every second sleeper is alone, because only who is the first one gets to sleep.
        var isAlone = death == Death.AFTER_A_LONG_SLEEP && run / Death.values().length % 2 == 0;
        for (var more = isAlone ? 0 : random.nextInt(3); more > 0; more--) {
            callers.add(() -> attempt(person, card, key, Death.NEVER, wire));
        }
        Race.run(callers.size(), callers);
        DatabaseProxy.cutNothing();
        Sql.run("delete from doom where key = ?", key);
        for (var again = random.nextInt(3); again > 0; again--) {
            attempt(person, card, key, Death.NEVER, wire);
        }
        Sql.run("delete from simulated_fault where card = ?", till.reference(card));
    }

    private static @Nullable SimulatedFault fault(int number) {
        return number == 0 ? null : SimulatedFault.values()[number - 1];
    }

    private static void doom(String key, Death death) {
        if (death == Death.BEFORE_THE_INTENTION_IS_COMMITTED) {
            Sql.run("insert into doom values (?, 'INSERT')", key);
        }
        if (death == Death.BEFORE_THE_OUTCOME_IS_COMMITTED) {
            Sql.run("insert into doom values (?, 'UPDATE')", key);
        }
    }

    private boolean attempt(UUID person, UUID card, String key, Death death, ExecutorService wire) {
        var processor = new Dying(simulated, death, wire, asleep);
        try {
            till.with(processor)
                    .topUp(till.attempt(person, key, card, 1 + Math.floorMod(key.hashCode(), 97)));
        } catch (Dead dead) {
            assertThat(death).isNotEqualTo(Death.NEVER);
        } catch (Problem refusal) {
            assertThat(refusal.type().code()).isIn("card-processor-unavailable", "unavailable");
        } catch (IllegalStateException failed) {
            assertThat(failed).hasStackTraceContaining("the replica has died");
        }
        return true;
    }

    /**
     * First at once, then when all that was sent has arrived; several replicas at the same time.
     */
    private void resolve(Set<UUID> people) throws InterruptedException {
        for (var round = 0; round < 2; round++) {
            if (round == 1) {
                people.forEach(Till::letTimePass);
            }
            var replicas = Executors.newFixedThreadPool(3);
            for (var replica = 0; replica < 3; replica++) {
                replicas.submit(() -> people.forEach(this::resolve));
            }
            replicas.shutdown();
            assertThat(replicas.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void resolve(UUID person) {
        for (String key :
                Sql.<String>column(
                        "select key from top_up where customer = ? and state = 'PENDING'",
                        person)) {
            var topUp = till.topUp(person, key);
            if (topUp.isPending()) {
                till.resolving(simulated).resolve(topUp);
            }
        }
    }

    private static Map<TopUpState, Long> states(Set<UUID> people) {
        var states = new EnumMap<TopUpState, Long>(TopUpState.class);
        for (var person : people) {
            Sql.<String>column("select state from top_up where customer = ?", person)
                    .forEach(it -> states.merge(TopUpState.valueOf(it), 1L, Long::sum));
        }
        return states;
    }
}
