package kvit.friend;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.friend.Friendship.Standing;
import kvit.identity.Blocks;
import kvit.problem.Problem;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two people who say different things at the same moment: one outcome, and the same for both. */
@KvitTest
class FriendRaceTest {

    /** 20 by default; 1,000 and more by -Dkvit.friend.rounds=1000. */
    private static final int ROUNDS = Integer.getInteger("kvit.friend.rounds", 20);

    @Inject AskForFriendship askForFriendship;
    @Inject EndFriendship endFriendship;
    @Inject BlockPerson blockPerson;
    @Inject FriendshipStore store;
    @Inject Friends friends;
    @Inject Blocks blocks;

    UUID anna;
    UUID boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.fresh().id();
        boris = TestPerson.fresh().id();
    }

    @Test
    void twoWhoAskEachOtherAtOnceAreFriends() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            forgetLimits();
            Race.run(4, tasks(() -> ask(anna, boris), () -> ask(boris, anna), 2));

            assertThat(friends.are(anna, boris)).isTrue();
            assertThat(friends.of(anna)).containsExactly(boris);
            assertThat(friends.of(boris)).containsExactly(anna);
            endFriendship.end(anna, boris);
        }
    }

    @Test
    void whoAgreesWhileItIsTakenBackIsAFriendOrHasAsked() throws Exception {
        var ends = new HashMap<Standing, Integer>();
        for (var round = 0; round < ROUNDS; round++) {
            forgetLimits();
            ask(anna, boris);
            Race.run(2, tasks(() -> end(anna, boris), () -> ask(boris, anna), 1));

            var row = store.find(anna, boris);
            var standing = row.map(it -> it.seenBy(boris)).orElse(Standing.NOTHING);
            // Taken back first, Boris asks anew; agreed first, what Anna takes back is the
            // friendship.
            assertThat(standing).isIn(Standing.SENT, Standing.NOTHING);
            assertThat(friends.of(anna)).isEmpty();
            ends.merge(standing, 1, Integer::sum);
            endFriendship.end(boris, anna);
        }
        System.out.println("FriendRaceTest: " + ends);
    }

    @Test
    void aBlockLeavesNoFriendshipWhoeverAgreesMeanwhile() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            forgetLimits();
            if (round % 2 == 0) {
                ask(anna, boris);
            }
            var tasks = tasks(() -> ask(boris, anna), () -> ask(anna, boris), 2);
            tasks.add(() -> block(anna, boris));
            tasks.add(() -> block(boris, anna));
            Collections.rotate(tasks, round % tasks.size());
            Race.run(6, tasks);

            assertThat(store.find(anna, boris)).isEmpty();
            assertThat(blocks.stands(anna, boris)).isTrue();
            assertThat(blocks.stands(boris, anna)).isTrue();
            blockPerson.unblock(anna, boris);
            blockPerson.unblock(boris, anna);
        }
    }

    private static List<Callable<Boolean>> tasks(
            Callable<Boolean> one, Callable<Boolean> other, int times) {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (var i = 0; i < times; i++) {
            tasks.addAll(List.of(one, other));
        }
        return tasks;
    }

    /** False where the other one is nobody by then. */
    private boolean ask(UUID person, UUID other) {
        try {
            askForFriendship.ask(person, other);
            return true;
        } catch (Problem e) {
            assertThat(e.type().code()).isEqualTo("person-not-found");
            return false;
        }
    }

    private boolean end(UUID person, UUID other) {
        endFriendship.end(person, other);
        return true;
    }

    private boolean block(UUID person, UUID other) {
        blockPerson.block(person, other);
        return true;
    }

    /** As if each round were another day. */
    private void forgetLimits() {
        for (var person : List.of(anna, boris)) {
            Sql.run("delete from rate_bucket where id like ?", "friend:" + person + "%");
        }
    }
}
