package kvit.payout;

import static kvit.card.SimulatedCard.RETURNED;
import static kvit.card.SimulatedCard.TIMES_OUT;
import static kvit.card.SimulatedCard.WORKS;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.io.Serial;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
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
import kvit.card.Speed;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.topup.Till;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at the processor, and at whatever point a replica dies: in the end every push
 * that was carried out has exactly one payout of the same amount whose money has left the wallet
 * once, and every paid payout exactly one such push; what came back is back once. Each run is one
 * of all pairs of a death and a fault; {@code -Dkvit.payout.runs} many.
 */
@KvitTest
class PayoutFaultsTest {

    private static final int RUNS = Math.max(100, Integer.getInteger("kvit.payout.runs", 0));
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());

    /** The rules let people pay out five times a day. */
    private static final int RUNS_PER_PERSON = 4;

    /** Where the replica dies. */
    private enum Death {
        NEVER(null),
        BEFORE_THE_INTENTION_IS_COMMITTED("INTENDED"),
        BEFORE_THE_SENDING_IS_COMMITTED("SENT"),
        BEFORE_THE_CALL(null),
        DURING_THE_CALL(null),
        AFTER_THE_CALL(null),
        BEFORE_THE_OUTCOME_IS_COMMITTED("OUTCOME");

        final @Nullable String doom;

        Death(@Nullable String doom) {
            this.doom = doom;
        }
    }

    /** Nobody in the service catches it, as nobody catches a power cut. */
    private static class Dead extends Error {
        @Serial private static final long serialVersionUID = 1;
    }

    /** The simulator, called by somebody who dies. */
    private record Dying(Simulator behind, Death death, ExecutorService wire) implements MoneyOnly {
        @Override
        public Result carryOut(Operation operation) {
            switch (death) {
                case BEFORE_THE_CALL -> throw new Dead();
                case DURING_THE_CALL -> {
                    // It is on the wire, and arrives whoever lives to hear of it.
                    wire.submit(() -> behind.carryOut(operation));
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

    @Inject Payouts payouts;
    @Inject Till till;
    @Inject Desk desk;
    @Inject Simulator simulated;

    /** Lets transactions about doomed payouts fail where a dying replica would leave them. */
    @BeforeAll
    static void makeDoom() {
        Sql.run("create table payout_doom (customer uuid, key text, at text)");
        Sql.run(
                """
                create function meet_payout_doom() returns trigger language plpgsql security definer
                    set search_path from current as $$
                begin
                    if exists (select from payout_doom d
                                where d.customer = new.customer and d.key = new.key
                                  and d.at = case
                                    when tg_op = 'INSERT' then 'INTENDED'
                                    when old.sent_at is null and new.sent_at is not null then 'SENT'
                                    when old.sent_at is not null then 'OUTCOME' end) then
                        raise exception 'the replica has died' using errcode = 'XX000';
                    end if;
                    return new;
                end
                $$
                """);
        Sql.run(
                "create trigger meet_payout_doom after insert or update on payout"
                        + " for each row execute function meet_payout_doom()");
    }

    @AfterAll
    static void endDoom() {
        Sql.run("drop function meet_payout_doom cascade");
        Sql.run("drop table payout_doom");
    }

    @Test
    void everyPushHasOnePayoutAndEveryPayoutOnePushWhoeverDies() throws Exception {
        var random = new Random(SEED);
        var people = new HashSet<UUID>();
        var wire = Executors.newCachedThreadPool();
        UUID person = null;
        var cards = Map.<SimulatedCard, UUID>of();
        for (var run = 0; run < RUNS; run++) {
            if (person == null || run % RUNS_PER_PERSON == 0) {
                person = desk.somebody();
                people.add(person);
                payouts.fund(person, 100_00);
                cards = cards(person);
            }
            live(person, cards, "run-" + run, run, random, wire);
        }
        wire.shutdown();
        assertThat(wire.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        var before = states(people);
        resolve(people);
        var after = states(people);

        System.out.printf(
                "Paid out %d times (-Dkvit.seed=%d): %s at first, %s in the end%n",
                RUNS, SEED, before, after);
        assertThat(Payouts.contradictions(people)).isEmpty();
        assertThat(after.keySet()).doesNotContain(PayoutState.IN_TRANSIT);
        // Otherwise nothing was found out and nothing was shown.
        assertThat(before.get(PayoutState.IN_TRANSIT)).isGreaterThan(RUNS / 5L);
        assertThat(after.get(PayoutState.PAID)).isGreaterThan(RUNS / 5L);
        assertThat(after.get(PayoutState.RETURNED)).isGreaterThan(RUNS / 20L);
        assertThat(slowed(people)).isPositive();
    }

    private Map<SimulatedCard, UUID> cards(UUID person) {
        var cards = new EnumMap<SimulatedCard, UUID>(SimulatedCard.class);
        for (var card : List.of(WORKS, RETURNED, TIMES_OUT)) {
            cards.put(card, till.card(person, card));
        }
        return cards;
    }

    /** In turn and not by chance, so that each is there as often as the test needs it. */
    private static SimulatedCard cardOf(int run) {
        return switch (run % 6) {
            case 0, 1 -> RETURNED;
            case 2 -> TIMES_OUT;
            default -> WORKS;
        };
    }

    private void live(
            UUID person,
            Map<SimulatedCard, UUID> cards,
            String key,
            int run,
            Random random,
            ExecutorService wire) {
        // All pairs in turn, and the rest by chance.
        var death = Death.values()[run % Death.values().length];
        var fault = fault(run / Death.values().length % (SimulatedFault.values().length + 1));
        if (death.doom != null) {
            Sql.run("insert into payout_doom values (?, ?, ?)", person, key, death.doom);
        }
        // What is declined is interesting where it was to be quick, and where the first call hears
        // it.
        var isDeclined = fault == SimulatedFault.DECLINE;
        var speed = isDeclined ? Speed.INSTANT : Speed.values()[random.nextInt(2)];
        var card = Objects.requireNonNull(cards.get(isDeclined ? WORKS : cardOf(run)));
        var minor = 50 + Math.floorMod(key.hashCode(), 97);
        var attempt = payouts.attempt(person, key, card, minor, speed);
        try {
            payouts.paying().payOut(attempt);
        } catch (IllegalStateException failed) {
            assertThat(death).isEqualTo(Death.BEFORE_THE_INTENTION_IS_COMMITTED);
        }
        if (death == Death.BEFORE_THE_INTENTION_IS_COMMITTED) {
            Sql.run("delete from payout_doom where key = ?", key);
            payouts.paying().payOut(attempt);
        }
        Payouts.ripen(person);
        if (fault != null) {
            simulated.addFault(fault, till.reference(card));
        }
        step(person, key, death, wire);
        Sql.run("delete from payout_doom where key = ?", key);
        for (var again = random.nextInt(3); again > 0; again--) {
            step(person, key, Death.NEVER, wire);
        }
        Sql.run("delete from simulated_fault where card = ?", till.reference(card));
    }

    private static @Nullable SimulatedFault fault(int number) {
        return number == 0 ? null : SimulatedFault.values()[number - 1];
    }

    private void step(UUID person, String key, Death death, ExecutorService wire) {
        try {
            payouts.carrying(new Dying(simulated, death, wire))
                    .carryOut(payouts.payout(person, key));
        } catch (Dead dead) {
            assertThat(death).isNotEqualTo(Death.NEVER);
        }
    }

    /** Several replicas at the same time; time passes between the rounds. */
    private void resolve(Set<UUID> people) throws InterruptedException {
        for (var round = 0; round < 6; round++) {
            people.forEach(Payouts::letTimePass);
            var replicas = Executors.newFixedThreadPool(3);
            for (var replica = 0; replica < 3; replica++) {
                replicas.submit(() -> people.forEach(this::resolve));
            }
            replicas.shutdown();
            assertThat(replicas.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void resolve(UUID person) {
        List<String> keys =
                Sql.column(
                        "select key from payout where customer = ? and state = 'IN_TRANSIT'",
                        person);
        keys.forEach(it -> payouts.carrying(simulated).carryOut(payouts.payout(person, it)));
    }

    private static Map<PayoutState, Long> states(Set<UUID> people) {
        var states = new EnumMap<PayoutState, Long>(PayoutState.class);
        for (var person : people) {
            Sql.<String>column("select state from payout where customer = ?", person)
                    .forEach(it -> states.merge(PayoutState.valueOf(it), 1L, Long::sum));
        }
        return new HashMap<>(states);
    }

    private static long slowed(Set<UUID> people) {
        return people.stream()
                .mapToLong(
                        it ->
                                Sql.<Long>value(
                                        """
                                        select count(*) from payout
                                         where customer = ? and speed <> asked_speed
                                        """,
                                        it))
                .sum();
    }
}
