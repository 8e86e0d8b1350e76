package kvit.feed;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.friend.Circle;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who sees that somebody has paid somebody; and that nobody sees how much. */
@KvitTest
class FeedTest {

    private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    TestPerson anna;
    TestPerson boris;
    TestPerson friend;
    TestPerson stranger;

    /** Anna and Boris show whatever they pay each other; Anna has a friend. */
    @BeforeEach
    void people() {
        anna = TestPerson.with(100_00, "USD");
        boris = TestPerson.with(100_00, "USD");
        friend = TestPerson.fresh();
        stranger = TestPerson.fresh();
        Circle.change(anna, Map.of("visibility", "public"));
        Circle.change(boris, Map.of("visibility", "public"));
        Circle.befriend(anna, friend);
    }

    @Test
    void anEntrySaysWhoWhomWhatForAndWhen() {
        Circle.change(anna, Map.of("displayName", "Anna"));
        var sent = pay(anna, boris, "public");

        friend.get("/v1/feed")
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items[0].id", equalTo(sent))
                .body("items[0].payer.id", equalTo(anna.id().toString()))
                .body("items[0].payer.displayName", equalTo("Anna"))
                .body("items[0].payee.id", equalTo(boris.id().toString()))
                .body("items[0].note", equalTo("For the pizza 🍕"))
                .body("items[0].visibility", equalTo("public"))
                .body(
                        "items[0].at",
                        equalTo(anna.get("/v1/transfers/" + sent).extract().path("completedAt")));
        // That it is seen makes it nobody else's.
        friend.get("/v1/transfers/" + sent).statusCode(404);
    }

    /** Amounts are nobody else's, in no form, not even of one's own, wherever a feed is shown. */
    @Test
    void noAmountIsInAnyFeed() throws Exception {
        pay(anna, boris, "public");
        pay(boris, anna, "friends");
        pay(anna, boris, "private");
        var names = new HashSet<String>();
        for (var viewer : List.of(anna, boris, friend, stranger)) {
            for (var path : List.of("/v1/feed", "/v1/feed?of=" + anna.id())) {
                var text = viewer.get(path).statusCode(200).extract().asString();
                collect(new ObjectMapper().readTree(text), names);
                var rest = text.replaceAll(ID, "").replaceAll("[0-9-]+T[0-9:.]+Z", "");
                assertThat(rest).doesNotContain("731", "7.31", "7,31", "USD", "9269", "10731");
            }
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "items",
                        "nextCursor",
                        "id",
                        "payer",
                        "payee",
                        "displayName",
                        "handle",
                        "note",
                        "visibility",
                        "at");
        assertThat(
                        Sql.<String>column(
                                """
                                select column_name from information_schema.columns
                                 where table_name = 'feed_entry' and table_schema = 'public'
                                """))
                .containsExactlyInAnyOrder(
                        "payer", "payee", "id", "note", "visibility", "completed_at");
    }

    private static void collect(JsonNode node, Set<String> names) {
        assertThat(node.isNumber()).as("a number in %s", node).isFalse();
        node.fieldNames().forEachRemaining(names::add);
        node.forEach(it -> collect(it, names));
    }

    @Test
    void eachSeesWhatTheyMay() {
        var hidden = pay(anna, boris, "private");
        var toFriends = pay(anna, boris, "friends");
        var toAll = pay(boris, anna, "public");

        assertThat(feed(anna)).containsExactly(toAll, toFriends, hidden);
        assertThat(feed(boris)).containsExactly(toAll, toFriends, hidden);
        assertThat(feed(friend)).containsExactly(toAll, toFriends);
        assertThat(feed(stranger)).isEmpty();

        assertThat(feed(anna, anna)).containsExactly(toAll, toFriends, hidden);
        assertThat(feed(friend, anna)).containsExactly(toAll, toFriends);
        assertThat(feed(friend, boris))
                .as("a friend of one, looking at the other")
                .containsExactly(toAll);
        assertThat(feed(stranger, anna)).containsExactly(toAll);
        stranger.get("/v1/feed?of=" + UUID.randomUUID())
                .statusCode(404)
                .body("code", equalTo("person-not-found"));
        stranger.get("/v1/feed?of=anna").statusCode(400);
    }

    @Test
    void whatIsPrivateByDefaultIsNobodyElses() {
        var carl = TestPerson.fresh();
        Circle.befriend(carl, friend);
        // Carl has said nothing, and so the stricter of the two is private.
        anna.post(
                        "/v1/transfers",
                        "k",
                        Map.of(
                                "payee", Map.of("customerId", carl.id()),
                                "amount", money(7_31, "USD"),
                                "visibility", "public"))
                .statusCode(201)
                .body("visibility", equalTo("private"));

        assertThat(feed(friend)).isEmpty();
        assertThat(feed(stranger, anna)).isEmpty();
        assertThat(feed(carl)).hasSize(1);
    }

    @Test
    void theEndOfAFriendshipHidesAtOnceWhatWasForFriends() {
        var toFriends = pay(anna, boris, "friends");
        var toAll = pay(anna, boris, "public");
        assertThat(feed(friend)).containsExactly(toAll, toFriends);

        Circle.end(anna, friend.id());
        assertThat(feed(friend)).isEmpty();
        assertThat(feed(friend, anna)).containsExactly(toAll);
    }

    @Test
    void overABlockNothingIsSeen() {
        Circle.befriend(boris, stranger);
        var toAll = pay(anna, boris, "public");
        assertThat(feed(stranger)).containsExactly(toAll);

        // Of an entry of a friend's with somebody between whom and the viewer a block stands.
        Circle.block(anna, stranger.id());
        assertThat(feed(stranger)).isEmpty();
        assertThat(feed(stranger, boris)).isEmpty();
        stranger.get("/v1/feed?of=" + anna.id())
                .statusCode(404)
                .body("code", equalTo("person-not-found"));
        anna.get("/v1/feed?of=" + stranger.id()).statusCode(404);
        assertThat(feed(friend)).containsExactly(toAll);

        Circle.block(boris, anna.id());
        assertThat(feed(anna)).as("their own, too").isEmpty();
        anna.get("/v1/transfers").body("items.id", equalTo(List.of(toAll)));
        assertThat(feed(friend)).containsExactly(toAll);
    }

    @Test
    void whoIsBlockedByUsHasNoNameInAFeed() {
        Circle.change(boris, Map.of("displayName", "Boris"));
        pay(anna, boris, "public");
        Sql.run("update customer set state = 'BLOCKED' where id = ?", boris.id());

        friend.get("/v1/feed")
                .body("items[0].payee.id", equalTo(boris.id().toString()))
                .body("items[0].payee.displayName", equalTo(null));
        friend.get("/v1/feed?of=" + boris.id()).statusCode(404);
    }

    @Test
    void onlyMoneyThatHasChangedHandsAndStayedIsInIt() {
        anna.post(
                        "/v1/transfers",
                        "too-much",
                        Map.of(
                                "payee", Map.of("customerId", boris.id()),
                                "amount", money(1_000_00, "USD")))
                .statusCode(422);
        var partly = pay(anna, boris, "public");
        boris.refund(partly, 1, "USD", "r1").statusCode(201);
        var back = pay(anna, boris, "public");
        boris.refund(back, 7_31, "USD", "r2").statusCode(201);

        assertThat(feed(friend)).containsExactly(partly);
        assertThat(feed(anna)).containsExactly(partly);
    }

    /** Each for themselves, at any time and in any order; the stricter of the two words holds. */
    @Test
    void theStricterOfTheTwoWordsHoldsAlsoAfterwards() {
        var id = pay(anna, boris, "friends");
        say(boris, id, "private").statusCode(200).body("visibility", equalTo("private"));
        assertThat(feed(friend)).isEmpty();

        say(anna, id, "public").statusCode(200).body("visibility", equalTo("private"));
        assertThat(feed(friend)).isEmpty();
        assertThat(feed(stranger, anna)).isEmpty();

        say(boris, id, "friends").body("visibility", equalTo("friends"));
        assertThat(feed(friend)).containsExactly(id);
        assertThat(feed(stranger, anna)).isEmpty();
        say(boris, id, "public").body("visibility", equalTo("public"));
        assertThat(feed(stranger, anna)).containsExactly(id);

        say(anna, id, "private").body("visibility", equalTo("private"));
        assertThat(feed(stranger, anna)).isEmpty();
        anna.get("/v1/transfers/" + id).body("visibility", equalTo("private"));
        say(friend, id, "private").statusCode(404).body("code", equalTo("transfer-not-found"));
        say(anna, id, "everybody").statusCode(400);
    }

    /** Who has said nothing has said what it began with: the other one alone shows nobody more. */
    @Test
    void oneOfTheTwoAloneMakesNothingMoreVisible() {
        var id = pay(anna, boris, "private");
        say(boris, id, "public").statusCode(200).body("visibility", equalTo("private"));
        assertThat(feed(friend)).isEmpty();

        say(anna, id, "public").body("visibility", equalTo("public"));
        assertThat(feed(friend)).containsExactly(id);
    }

    /** The first answer stays what it was, and a refund goes on as ever. */
    @Test
    void aWordOnWhoSeesItChangesNothingElse() {
        var first = anna.send(boris, 2_00, "USD", "k").statusCode(201).extract().asString();
        var id = anna.send(boris, 2_00, "USD", "k").extract().<String>path("id");
        say(anna, id, "private").statusCode(200);

        assertThat(anna.send(boris, 2_00, "USD", "k").statusCode(201).extract().asString())
                .isEqualTo(first);
        boris.refund(id, 2_00, "USD", "back").statusCode(201);
        assertThat(anna.balance("USD")).isEqualTo(100_00);
        say(boris, id, "friends").statusCode(200);
    }

    @Test
    void theDatabaseRefusesAWordThatDoesNotHold() {
        var id = UUID.fromString(pay(anna, boris, "friends"));
        var of = " where id = ?";

        for (var sql :
                List.of(
                        "update transfer set visibility = 'PUBLIC'",
                        "update transfer set payer_says = 'PUBLIC', payee_says = 'PRIVATE'"
                                + ", visibility = 'PUBLIC'",
                        "update transfer set payer_says = 'PUBLIC', payee_says = 'FRIENDS'"
                                + ", visibility = 'FRIENDS', note = 'another'",
                        "update transfer set payer_says = 'PUBLIC', payee_says = 'PUBLIC'"
                                + ", visibility = 'PUBLIC'")) {
            assertThatThrownBy(() -> Sql.run(sql + of, id))
                    .as(sql)
                    .rootCause()
                    .hasMessageMatching(
                            "(?s).*(transfer_is_shown|transfer_stricter|in this way).*");
        }
        Sql.run(
                "update transfer set payer_says = 'PUBLIC', payee_says = 'FRIENDS',"
                        + " visibility = 'FRIENDS'"
                        + of,
                id);
    }

    @Test
    void comesInPagesTheNewestFirstAndEachEntryOnce() {
        Circle.befriend(boris, friend);
        var all = new ArrayList<String>();
        for (var i = 0; i < 7; i++) {
            all.add(0, i % 2 == 0 ? pay(anna, boris, "public") : pay(boris, anna, "friends"));
        }

        var seen = new ArrayList<String>();
        var path = "/v1/feed?limit=3";
        String cursor = null;
        do {
            var page =
                    friend.get(cursor == null ? path : path + "&cursor=" + cursor)
                            .statusCode(200)
                            .extract()
                            .jsonPath();
            seen.addAll(page.getList("items.id", String.class));
            cursor = page.getString("nextCursor");
            if (cursor != null) {
                anna.get(path + "&cursor=" + cursor).statusCode(400);
            }
        } while (cursor != null);
        assertThat(seen).isEqualTo(all);
    }

    private static String pay(TestPerson payer, TestPerson payee, String visibility) {
        return payer.post(
                        "/v1/transfers",
                        UUID.randomUUID().toString(),
                        Map.of(
                                "payee",
                                Map.of("customerId", payee.id()),
                                "amount",
                                money(7_31, "USD"),
                                "note",
                                "For the pizza 🍕",
                                "visibility",
                                visibility))
                .statusCode(201)
                .body("visibility", equalTo(visibility))
                .extract()
                .path("id");
    }

    private static ValidatableResponse say(TestPerson person, String id, String visibility) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("visibility", visibility))
                .put("/v1/transfers/{id}/visibility", id)
                .then();
    }

    private static List<String> feed(TestPerson viewer) {
        return ids(viewer.get("/v1/feed"));
    }

    private static List<String> feed(TestPerson viewer, TestPerson of) {
        return ids(viewer.get("/v1/feed?of=" + of.id()));
    }

    private static List<String> ids(ValidatableResponse feed) {
        return feed.statusCode(200).extract().jsonPath().getList("items.id");
    }
}
