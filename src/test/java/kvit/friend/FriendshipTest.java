package kvit.friend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import kvit.friend.Friendship.Standing;
import kvit.friend.Friendship.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of two people, whatever they say and in whatever order. */
class FriendshipTest {

    private static final UUID ANNA = new UUID(1, 1);
    private static final UUID BORIS = new UUID(-1, 1);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private long ids;

    /** Each word in each state, with what the two see of it then. */
    @ParameterizedTest
    @CsvSource({
        "ASKED,     anna wants,       SENT,    RECEIVED",
        "ASKED,     boris wants,      FRIENDS, FRIENDS",
        "ASKED,     anna wants not,   NOTHING, NOTHING",
        "ASKED,     boris wants not,  SENT,    NOTHING",
        "DECLINED,  anna wants,       SENT,    NOTHING",
        "DECLINED,  boris wants,      FRIENDS, FRIENDS",
        "DECLINED,  anna wants not,   NOTHING, NOTHING",
        "DECLINED,  boris wants not,  SENT,    NOTHING",
        "WITHDRAWN, anna wants,       SENT,    NOTHING",
        "WITHDRAWN, boris wants,      RECEIVED, SENT",
        "WITHDRAWN, anna wants not,   NOTHING, NOTHING",
        "WITHDRAWN, boris wants not,  NOTHING, NOTHING",
        "FRIENDS,   anna wants,       FRIENDS, FRIENDS",
        "FRIENDS,   boris wants,      FRIENDS, FRIENDS",
        "FRIENDS,   anna wants not,   NOTHING, NOTHING",
        "FRIENDS,   boris wants not,  NOTHING, NOTHING"
    })
    void eachWordHasOneOutcome(State state, String word, Standing anna, Standing boris) {
        var before = new Friendship(ANNA, BORIS, state, new UUID(0, 0), NOW);
        var who = word.startsWith("anna") ? ANNA : BORIS;

        var after =
                word.endsWith("not")
                        ? before.unwantedBy(who, id(), NOW)
                        : Optional.of(before.wantedBy(who, id(), NOW));

        assertThat(seen(after, ANNA)).as("anna").isEqualTo(anna);
        assertThat(seen(after, BORIS)).as("boris").isEqualTo(boris);
    }

    /** Against the plainest model: friends are two who both want it and have not taken it back. */
    @Test
    void theyAreFriendsExactlyWhileBothWantIt() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        System.out.println("FriendshipTest: -Dkvit.seed=" + seed);
        var random = RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed);
        var friendship = Optional.<Friendship>empty();
        Map<UUID, Boolean> wants = new HashMap<>(Map.of(ANNA, false, BORIS, false));
        for (var step = 0; step < 10_000; step++) {
            var who = random.nextBoolean() ? ANNA : BORIS;
            var other = who.equals(ANNA) ? BORIS : ANNA;
            if (random.nextBoolean()) {
                friendship =
                        Optional.of(
                                friendship
                                        .map(it -> it.wantedBy(who, id(), NOW))
                                        .orElseGet(() -> Friendship.asked(who, other, id(), NOW)));
                wants.put(who, true);
            } else {
                var were = wants.get(ANNA) && wants.get(BORIS);
                friendship = friendship.flatMap(it -> it.unwantedBy(who, id(), NOW));
                wants.put(who, false);
                // What was mutual ends for both: to begin anew both have to want it anew.
                wants.computeIfPresent(other, (id, wanted) -> !were && wanted);
            }
            var are = wants.get(ANNA) && wants.get(BORIS);
            for (var person : wants.keySet()) {
                var seen = seen(friendship, person);
                assertThat(seen == Standing.FRIENDS).as("step %d", step).isEqualTo(are);
                assertThat(seen == Standing.SENT)
                        .as("step %d", step)
                        .isEqualTo(!are && wants.get(person));
            }
        }
    }

    @Test
    void whoWasDeclinedAsksNobodyTwice() {
        var asked = Friendship.asked(ANNA, BORIS, id(), NOW);
        var again =
                asked.unwantedBy(BORIS, id(), NOW)
                        .flatMap(it -> it.unwantedBy(ANNA, id(), NOW))
                        .map(it -> it.wantedBy(ANNA, id(), NOW));

        assertThat(seen(again, ANNA)).isEqualTo(Standing.SENT);
        assertThat(seen(again, BORIS)).isEqualTo(Standing.NOTHING);
    }

    /** Neither since when it is, nor its place in the list: both would tell. */
    @Test
    void aDeclineChangesNothingThatItsAskerSees() {
        var asked = Friendship.asked(ANNA, BORIS, id(), NOW);
        var declined = asked.unwantedBy(BORIS, id(), NOW.plusSeconds(60)).orElseThrow();

        assertThat(declined.id()).isEqualTo(asked.id());
        assertThat(declined.since()).isEqualTo(asked.since());
        assertThat(declined.seenBy(ANNA)).isEqualTo(Standing.SENT);
    }

    private UUID id() {
        return new UUID(0, ++ids);
    }

    private static Standing seen(Optional<Friendship> friendship, UUID person) {
        return friendship.map(it -> it.seenBy(person)).orElse(Standing.NOTHING);
    }
}
