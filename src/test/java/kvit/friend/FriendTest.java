package kvit.friend;

import static kvit.friend.Circle.ask;
import static kvit.friend.Circle.befriend;
import static kvit.friend.Circle.block;
import static kvit.friend.Circle.end;
import static kvit.friend.Circle.list;
import static kvit.friend.Circle.unblock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Being friends takes two, and ending it takes one. */
@KvitTest
class FriendTest {

    @Inject RateLimits limits;
    @Inject FriendConfig config;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.fresh();
        boris = TestPerson.fresh();
    }

    @Test
    void whoIsAskedAgreesByAskingBack() {
        Circle.change(boris, Map.of("displayName", "Boris"));
        ask(anna, boris.id())
                .statusCode(200)
                .body("state", equalTo("sent"))
                .body("person.id", equalTo(boris.id().toString()))
                .body("person.displayName", equalTo("Boris"))
                .body("since", notNullValue());
        assertThat(list(anna, "sent")).containsExactly(id(boris));
        assertThat(list(boris, "received")).containsExactly(id(anna));
        assertThat(list(anna, "friends")).isEmpty();

        ask(boris, anna.id()).statusCode(200).body("state", equalTo("friends"));
        assertThat(list(anna, "friends")).containsExactly(id(boris));
        assertThat(list(boris, "friends")).containsExactly(id(anna));
        assertThat(list(anna, "sent")).isEmpty();
        assertThat(list(boris, "received")).isEmpty();
    }

    @Test
    void whoIsAskedIsToldOnceAndBothWhenItBegins() {
        ask(anna, boris.id()).statusCode(200);
        ask(anna, boris.id()).statusCode(200);
        assertThat(events(boris)).containsExactly("FriendshipAsked");
        assertThat(events(anna)).isEmpty();

        ask(boris, anna.id()).statusCode(200);
        assertThat(events(boris)).containsExactly("FriendshipAsked", "FriendshipBegun");
        assertThat(events(anna)).containsExactly("FriendshipBegun");

        end(boris, anna.id()).statusCode(204);
        assertThat(events(anna)).as("an end is told to nobody").hasSize(1);
    }

    @Test
    void aDeclineLooksLikeNoAnswerAndStays() {
        ask(anna, boris.id());
        ask(anna, TestPerson.fresh().id());
        var before = anna.get("/v1/friends?state=sent").extract().asString();
        end(boris, anna.id()).statusCode(204);
        assertThat(list(boris, "received")).isEmpty();
        assertThat(anna.get("/v1/friends?state=sent").extract().asString())
                .as("to the second, and in its place")
                .isEqualTo(before);

        end(anna, boris.id()).statusCode(204);
        assertThat(list(anna, "sent")).doesNotContain(id(boris));
        ask(anna, boris.id()).statusCode(200).body("state", equalTo("sent"));
        assertThat(list(boris, "received")).isEmpty();
        assertThat(events(boris)).containsExactly("FriendshipAsked");

        ask(boris, anna.id()).statusCode(200).body("state", equalTo("friends"));
    }

    @Test
    void whoTakesItBackBeforeAnAnswerHasAskedNothing() {
        ask(anna, boris.id());
        end(anna, boris.id()).statusCode(204);

        assertThat(list(boris, "received")).isEmpty();
        assertThat(rows()).isZero();
        ask(boris, anna.id()).body("state", equalTo("sent"));
    }

    @Test
    void eitherEndsIt() {
        befriend(anna, boris);
        end(anna, boris.id()).statusCode(204);

        assertThat(list(anna, "friends")).isEmpty();
        assertThat(list(boris, "friends")).isEmpty();
        end(anna, boris.id()).statusCode(204);
        ask(boris, anna.id()).body("state", equalTo("sent"));
    }

    @Test
    void nobodyIsAskedWhoIsNotThere() {
        var nobody = problem(anna, UUID.randomUUID());
        ask(anna, anna.id()).statusCode(422).body("code", equalTo("person-is-you"));
        end(anna, UUID.randomUUID()).statusCode(204);

        block(boris, anna.id()).statusCode(204);
        assertThat(problem(anna, boris.id())).isEqualTo(nobody);
        assertThat(problem(boris, anna.id())).isEqualTo(nobody);

        var carl = TestPerson.fresh();
        Sql.run("update customer set state = 'BLOCKED' where id = ?", carl.id());
        assertThat(problem(anna, carl.id())).isEqualTo(nobody);
    }

    /** All that there is to see of the refusal, but for the id of its request. */
    private static List<Object> problem(TestPerson person, UUID other) {
        var body = ask(person, other).statusCode(404).extract().jsonPath().getMap("");
        return body.entrySet().stream()
                .filter(it -> !it.getKey().equals("requestId"))
                .<Object>map(it -> it)
                .toList();
    }

    @Test
    void aBlockEndsFriendshipAndWhatWasAsked() {
        befriend(anna, boris);
        var carl = TestPerson.fresh();
        ask(carl, anna.id());

        block(anna, boris.id()).statusCode(204);
        block(anna, carl.id()).statusCode(204);
        assertThat(list(boris, "friends")).isEmpty();
        assertThat(list(anna, "received")).isEmpty();
        assertThat(list(carl, "sent")).isEmpty();

        unblock(anna, boris.id()).statusCode(204);
        assertThat(list(anna, "friends")).as("what was there does not come back").isEmpty();
        ask(boris, anna.id()).statusCode(200).body("state", equalTo("sent"));
    }

    @Test
    void whomSomebodyHasBlockedTheySeeAndNobodyElseDoes() {
        var handle = "b" + UUID.randomUUID().toString().substring(0, 8);
        Circle.change(boris, Map.of("handle", handle));
        var nobody = UUID.randomUUID();
        block(anna, boris.id()).statusCode(204);
        block(anna, boris.id()).statusCode(204);
        block(anna, nobody).statusCode(204);
        block(anna, anna.id()).statusCode(422).body("code", equalTo("person-is-you"));

        anna.get("/v1/blocks")
                .statusCode(200)
                .body("items.person.id", equalTo(List.of(nobody.toString(), id(boris))))
                .body("items[0].person.handle", nullValue())
                .body("items[1].person.handle", equalTo(handle))
                .body("nextCursor", nullValue());
        boris.get("/v1/blocks").body("items", hasSize(0));

        block(boris, anna.id()).statusCode(204);
        anna.get("/v1/blocks").body("items[1].person.handle", nullValue());
    }

    @Test
    void listsComeInPagesTheNewestFirst() {
        var friends = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            var friend = TestPerson.fresh();
            // By turns who has asked, so that both sides of the table are among them.
            befriend(i % 2 == 0 ? anna : friend, i % 2 == 0 ? friend : anna);
            block(anna, UUID.randomUUID());
            friends.add(0, id(friend));
        }

        assertThat(pages(anna, "/v1/friends?limit=2", "items.person.id")).isEqualTo(friends);
        assertThat(pages(anna, "/v1/blocks?limit=2", "items.person.id")).hasSize(5);
        var cursor = anna.get("/v1/friends?limit=2").extract().<String>path("nextCursor");
        boris.get("/v1/friends?limit=2&cursor=" + cursor).statusCode(400);
        anna.get("/v1/friends?state=sent&cursor=" + cursor).statusCode(400);
        anna.get("/v1/friends?state=nothing").statusCode(400);
    }

    private static List<String> pages(TestPerson person, String path, String items) {
        var all = new ArrayList<String>();
        var cursor = "";
        do {
            var page =
                    person.get(path + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                            .statusCode(200)
                            .extract()
                            .jsonPath();
            assertThat(page.getList(items)).hasSizeLessThanOrEqualTo(2);
            all.addAll(page.getList(items, String.class));
            cursor = page.getString("nextCursor");
        } while (cursor != null);
        return all;
    }

    @Test
    void nobodyAsksMoreInADayThanMayBe() {
        assertThat(
                        limits.take(
                                "friend:" + anna.id(),
                                config.askedPerDay() - 1,
                                new RateLimits.Limit(config.askedPerDay(), Duration.ofDays(1))))
                .isEmpty();
        ask(anna, UUID.randomUUID()).statusCode(404);
        ask(anna, boris.id()).statusCode(429).header("Retry-After", notNullValue());
        end(anna, boris.id()).statusCode(204);
    }

    @Test
    void nobodyHasMoreFriendsOrBlocksThanMayBe() {
        Sql.run(
                """
                insert into customer (id, phone, country, locale, visibility, state, created_at)
                select gen_random_uuid(), '+7999' || lpad(n::text, 4, '0') || ?, 'RU', 'ru', 'PRIVATE',
                       'ACTIVE', current_timestamp
                  from generate_series(1, ?) n
                """,
                anna.phone().substring(5),
                config.friendsMax() - 1);
        Sql.run(
                """
                insert into friendship (asker, asked, state, id, since)
                select ?, id, 'FRIENDS', gen_random_uuid(), created_at
                  from customer where phone like '+7999____' || ?
                """,
                anna.id(),
                anna.phone().substring(5));
        var carl = TestPerson.fresh();
        ask(carl, anna.id()).statusCode(200);
        ask(anna, carl.id()).statusCode(200).body("state", equalTo("friends"));
        ask(boris, anna.id()).statusCode(200).body("state", equalTo("sent"));
        ask(anna, boris.id())
                .statusCode(422)
                .body("code", equalTo("too-many-friends"))
                .body("friendsMax", equalTo(config.friendsMax()));

        Sql.run(
                """
                insert into block (blocker, blocked, id, since)
                select ?, gen_random_uuid(), gen_random_uuid(), current_timestamp
                  from generate_series(1, ?)
                """,
                boris.id(),
                config.blocksMax() - 1);
        block(boris, carl.id()).statusCode(204);
        block(boris, anna.id())
                .statusCode(422)
                .body("code", equalTo("too-many-blocks"))
                .body("blocksMax", equalTo(config.blocksMax()));
        // One that is there already is not one more.
        block(boris, carl.id()).statusCode(204);
    }

    /** The table says it, too, whoever writes. */
    @Test
    void theDatabaseRefusesASecondRowOfAPairAndFriendshipOverABlock() {
        befriend(anna, boris);
        var row =
                "insert into friendship values (?, ?, 'ASKED', gen_random_uuid(), current_timestamp)";
        var block = "insert into block values (?, ?, gen_random_uuid(), current_timestamp)";

        assertThatThrownBy(() -> Sql.run(row, boris.id(), anna.id()))
                .rootCause()
                .hasMessageContaining("friendship_pair");
        assertThatThrownBy(() -> Sql.run(row, anna.id(), anna.id()))
                .rootCause()
                .hasMessageContaining("friendship_of_two");
        assertThatThrownBy(() -> Sql.run(block, boris.id(), anna.id()))
                .rootCause()
                .hasMessageContaining("friends with whom they block");
        var carl = TestPerson.fresh();
        Sql.run(block, carl.id(), anna.id());
        assertThatThrownBy(() -> Sql.run(row, anna.id(), carl.id()))
                .rootCause()
                .hasMessageContaining("has blocked the other");
    }

    private long rows() {
        return Sql.<Long>value(
                "select count(*) from friendship where ? in (asker, asked)", anna.id());
    }

    private static List<String> events(TestPerson person) {
        return Sql.column(
                "select topic from outbox where key = ? and topic like 'Friendship%' order by id",
                person.id());
    }

    private static String id(TestPerson person) {
        return person.id().toString();
    }
}
