package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import kvit.support.KvitTest;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see of their own past: lists of transfers, and statements that add up. */
@KvitTest
class HistoryTest {

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(100_00, "USD");
        boris = TestPerson.with(100_00, "USD");
    }

    @Test
    void listsWhatWasSentAndReceivedNewestFirst() {
        var first = sent(anna, boris, 1, "1");
        var second = sent(boris, anna, 2, "2");
        var third = sent(anna, boris, 3, "3");

        anna.get("/v1/transfers")
                .statusCode(200)
                .body("items.id", equalTo(List.of(third, second, first)))
                .body("nextCursor", nullValue());
        anna.get("/v1/transfers?direction=sent").body("items.id", equalTo(List.of(third, first)));
        anna.get("/v1/transfers?direction=received").body("items.id", equalTo(List.of(second)));
        boris.get("/v1/transfers?direction=sent").body("items.id", equalTo(List.of(second)));
        boris.get("/v1/transfers?direction=received")
                .body("items.id", equalTo(List.of(third, first)));
    }

    @Test
    void showsDeclinedOnesToThePayerAlone() {
        var completed = sent(anna, boris, 1, "1");
        var declined =
                anna.send(boris, 1_000_00, "USD", "2")
                        .statusCode(422)
                        .extract()
                        .<String>path("transferId");

        anna.get("/v1/transfers").body("items.id", equalTo(List.of(declined, completed)));
        anna.get("/v1/transfers?direction=sent")
                .body("items.id", equalTo(List.of(declined, completed)));
        boris.get("/v1/transfers").body("items.id", equalTo(List.of(completed)));
        boris.get("/v1/transfers?state=declined").body("items", hasSize(0));
        boris.get("/v1/transfers?direction=received").body("items.id", equalTo(List.of(completed)));
    }

    @Test
    void listsThoseOfOneState() {
        var completed = sent(anna, boris, 1, "1");
        var refunded = sent(anna, boris, 2, "2");
        var refund = boris.refund(refunded, 2, "USD", "r").extract().<String>path("id");
        var declined = anna.send(boris, 1_000_00, "USD", "3").extract().<String>path("transferId");

        anna.get("/v1/transfers?state=completed")
                .body("items.id", equalTo(List.of(refund, completed)));
        anna.get("/v1/transfers?state=refunded").body("items.id", equalTo(List.of(refunded)));
        anna.get("/v1/transfers?state=declined").body("items.id", equalTo(List.of(declined)));
        anna.get("/v1/transfers?state=completed&direction=received")
                .body("items.id", equalTo(List.of(refund)));
    }

    @Test
    void listsThoseOfAPeriodWithoutItsEnd() {
        var ids = new ArrayList<String>();
        var times = new ArrayList<Instant>();
        for (var number = 0; number < 3; number++) {
            var answer = anna.send(boris, 1, "USD", "k" + number).extract().jsonPath();
            ids.add(answer.getString("id"));
            times.add(Instant.parse(answer.getString("createdAt")));
        }
        assertThat(times).isSorted().doesNotHaveDuplicates();

        period("from=" + times.get(1)).body("items.id", equalTo(List.of(ids.get(2), ids.get(1))));
        period("from=" + times.get(1).plusNanos(1_000))
                .body("items.id", equalTo(List.of(ids.get(2))));
        period("to=" + times.get(1)).body("items.id", equalTo(List.of(ids.get(0))));
        period("to=" + times.get(1).plusNanos(1_000))
                .body("items.id", equalTo(List.of(ids.get(1), ids.get(0))));
        period("from=" + times.get(1) + "&to=" + times.get(2))
                .body("items.id", equalTo(List.of(ids.get(1))));
        period("from=" + times.get(1) + "&to=" + times.get(1)).body("items", hasSize(0));
        period("from=" + times.get(2) + "&to=" + times.get(0)).body("items", hasSize(0));
    }

    private ValidatableResponse period(String query) {
        return anna.get("/v1/transfers?" + query).statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 100})
    void showsEachOnceInPagesOfAnySize(int limit) {
        var ids = new ArrayList<String>();
        for (var number = 0; number < 4; number++) {
            ids.add(sent(anna, boris, 1, "k" + number));
            ids.add(sent(boris, anna, 1, "k" + number));
        }
        Collections.reverse(ids);

        assertThat(pages(anna, "/v1/transfers?limit=" + limit, limit))
                .extracting(it -> it.get("id"))
                .containsExactlyElementsOf(List.<Object>copyOf(ids));
        assertThat(pages(anna, "/v1/transfers?direction=received&limit=" + limit, limit))
                .extracting(it -> it.get("id"))
                .containsExactly(ids.get(0), ids.get(2), ids.get(4), ids.get(6));
    }

    @Test
    void doesNotShowANewcomerOnALaterPage() {
        var ids = new ArrayList<String>();
        for (var number = 0; number < 4; number++) {
            ids.add(sent(anna, boris, 1, "k" + number));
        }
        var cursor = anna.get("/v1/transfers?limit=2").extract().<String>path("nextCursor");
        sent(anna, boris, 1, "newcomer");
        anna.get("/v1/transfers?limit=2&cursor=" + cursor)
                .body("items.id", equalTo(List.of(ids.get(1), ids.get(0))))
                .body("nextCursor", nullValue());
    }

    @Test
    void hasTwentyOnAPageByDefault() {
        for (var number = 0; number < 21; number++) {
            sent(anna, boris, 1, "k" + number);
        }
        anna.get("/v1/transfers").body("items", hasSize(20)).body("nextCursor", notNullValue());
        anna.get("/v1/transfers?limit=100").body("items", hasSize(21));
        anna.get("/v1/me/entries").body("items", hasSize(20)).body("nextCursor", notNullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=abc",
                "limit=0",
                "limit=-1",
                "limit=101",
                "limit=1.5",
                "limit=1e1",
                "limit=99999999999999999999",
                "limit=%D9%A1",
                "from=yesterday",
                "from=2026-11-21",
                "from=2026-11-21T12:00:00",
                "to=+1000000000-12-31T23:59:59Z",
                "to=-0001-01-01T00:00:00Z",
                "cursor=AAAA",
                "cursor=!!!!",
                "cursor=%C3%A9"
            })
    void saysWhatIsWrongWithAParameter(String query) {
        var name = "?" + query.substring(0, query.indexOf('='));
        for (var path : List.of("/v1/transfers?", "/v1/me/entries?")) {
            anna.request()
                    .urlEncodingEnabled(false)
                    .get(path + query.replace("+", "%2B"))
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("validation-failed"))
                    .body("errors.pointer", hasItem(name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "direction=foo",
                "direction=SENT",
                "direction=both",
                "state=foo",
                "state=COMPLETED"
            })
    void saysWhatAFilterMayBe(String query) {
        anna.get("/v1/transfers?" + query)
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors.pointer", hasItem("?" + query.substring(0, query.indexOf('='))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"usd", "XTS", "US"})
    void saysWhatACurrencyIs(String currency) {
        anna.get("/v1/me/entries?currency=" + currency)
                .statusCode(400)
                .body("errors.pointer", hasItem("?currency"));
    }

    @Test
    void takesACursorOnlyForTheListItCameFrom() {
        for (var number = 0; number < 3; number++) {
            sent(anna, boris, 1, "k" + number);
        }
        var cursor = anna.get("/v1/transfers?limit=1").extract().<String>path("nextCursor");
        anna.get("/v1/transfers?limit=2&cursor=" + cursor).statusCode(200);

        foreign(boris, "/v1/transfers?cursor=" + cursor);
        for (var filter :
                List.of(
                        "direction=sent",
                        "state=completed",
                        "idempotencyKey=k1",
                        "from=2020-01-01T00:00:00Z",
                        "to=2999-01-01T00:00:00Z")) {
            foreign(anna, "/v1/transfers?" + filter + "&cursor=" + cursor);
        }
        foreign(anna, "/v1/me/entries?cursor=" + cursor);
        var entries = anna.get("/v1/me/entries?limit=1").extract().<String>path("nextCursor");
        anna.get("/v1/me/entries?limit=1&cursor=" + entries).statusCode(200);
        foreign(anna, "/v1/transfers?cursor=" + entries);
        foreign(anna, "/v1/me/entries?currency=USD&cursor=" + entries);
        foreign(boris, "/v1/me/entries?cursor=" + entries);
    }

    @Test
    void refusesACursorThatWasMadeUp() {
        for (var number = 0; number < 3; number++) {
            sent(anna, boris, 1, "k" + number);
        }
        for (var path : List.of("/v1/transfers", "/v1/me/entries")) {
            var cursor = anna.get(path + "?limit=1").extract().<String>path("nextCursor");
            var bytes = Base64.getUrlDecoder().decode(cursor);
            for (var at = 0; at < bytes.length; at += 3) {
                var forged = bytes.clone();
                forged[at] ^= 1;
                foreign(anna, path + "?cursor=" + encoded(forged));
            }
            foreign(anna, path + "?cursor=" + cursor.substring(0, cursor.length() - 4));
            foreign(anna, path + "?cursor=" + cursor + "AAAA");
            foreign(anna, path + "?cursor=" + encoded(new byte[16]));
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void foreign(TestPerson person, String path) {
        person.get(path)
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors.pointer", equalTo(List.of("?cursor")));
    }

    @Test
    void namesTheCounterpartyAndTheNoteInAStatement() {
        var handle = "boris" + boris.phone().substring(5);
        boris.request()
                .contentType("application/json")
                .body(Map.of("displayName", "Boris", "handle", handle))
                .patch("/v1/me")
                .then()
                .statusCode(200);
        var id =
                anna.post(
                                "/v1/transfers",
                                "k",
                                Map.of(
                                        "payee", Map.of("customerId", boris.id()),
                                        "amount", money(5, "USD"),
                                        "note", "Taxi 🚕"))
                        .extract()
                        .<String>path("id");

        var line =
                anna.get("/v1/me/entries?limit=1")
                        .statusCode(200)
                        .body("items[0].postingId", equalTo(id))
                        .body("items[0].amount", equalTo(shown(-5, "USD")))
                        .body("items[0].balanceAfter", equalTo(shown(99_95, "USD")))
                        .body("items[0].counterparty.id", equalTo(boris.id().toString()))
                        .body("items[0].counterparty.displayName", equalTo("Boris"))
                        .body("items[0].counterparty.handle", equalTo(handle))
                        .body("items[0].note", equalTo("Taxi 🚕"))
                        .extract()
                        .jsonPath()
                        .<String, Object>getMap("items[0]");
        assertThat(line.keySet())
                .containsExactlyInAnyOrder(
                        "sequence",
                        "postingId",
                        "kind",
                        "amount",
                        "balanceAfter",
                        "at",
                        "counterparty",
                        "note");
        boris.get("/v1/me/entries?limit=1")
                .body("items[0].counterparty.id", equalTo(anna.id().toString()));
    }

    @Test
    void statesNothingForAWalletThatNeverWas() {
        anna.get("/v1/me/entries?currency=KWD")
                .statusCode(200)
                .body("items", hasSize(0))
                .body("opening", equalTo(List.of(shown(0, "KWD"))))
                .body("closing", equalTo(List.of(shown(0, "KWD"))));
        TestPerson.fresh()
                .get("/v1/me/entries")
                .body("items", hasSize(0))
                .body("opening", hasSize(0))
                .body("closing", hasSize(0));
    }

    /** Opening and lines are closing, for any period, for one currency and for all of them. */
    @Test
    void addsUpForAnyPeriod() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        System.out.println("HistoryTest: -Dkvit.seed=" + seed);
        var random = new Random(seed);
        var currencies = List.of("USD", "JPY", "KWD");
        for (var person : List.of(anna, boris)) {
            person.fund(500, "JPY");
            person.fund(500, "KWD");
        }
        for (var number = 0; number < 40; number++) {
            var isAnna = random.nextBoolean();
            var currency = currencies.get(random.nextInt(3));
            var minor = 1 + random.nextInt(100);
            if (currency.equals("USD")) {
                (isAnna ? anna : boris).send(isAnna ? boris : anna, minor, currency, "k" + number);
            } else {
                // Nobody here pays in another country's money, but may have some.
                (isAnna ? anna : boris).fund(minor, currency);
            }
        }
        var all = pages(anna, "/v1/me/entries?limit=100", 100);
        assertThat(all).hasSizeGreaterThan(12);
        assertThat(all.stream().map(it -> Instant.parse((String) it.get("at"))).toList())
                .isSortedAccordingTo(Collections.reverseOrder());

        for (var round = 0; round < 60; round++) {
            var from = random.nextInt(4) == 0 ? null : moment(random, all);
            var to = random.nextInt(4) == 0 ? null : moment(random, all);
            if (from != null && to != null && from.isAfter(to)) {
                var swapped = from;
                from = to;
                to = swapped;
            }
            var currency = random.nextBoolean() ? null : currencies.get(random.nextInt(3));
            assertAddsUp(all, currency, from, to, 1 + random.nextInt(15));
        }
    }

    /** On a line, right before one, or right after one. */
    private static Instant moment(Random random, List<Map<String, Object>> lines) {
        var at = Instant.parse((String) lines.get(random.nextInt(lines.size())).get("at"));
        return at.plusNanos(1_000L * (random.nextInt(3) - 1));
    }

    private void assertAddsUp(
            List<Map<String, Object>> all, String currency, Instant from, Instant to, int limit) {
        var query = "/v1/me/entries?limit=" + limit;
        query += currency == null ? "" : "&currency=" + currency;
        query += from == null ? "" : "&from=" + from;
        query += to == null ? "" : "&to=" + to;
        var lines = pages(anna, query, limit);
        var statement = anna.get(query).extract().jsonPath();

        var expected =
                all.stream()
                        .filter(it -> currency == null || currency.equals(currencyOf(it)))
                        .filter(it -> from == null || !at(it).isBefore(from))
                        .filter(it -> to == null || at(it).isBefore(to))
                        .toList();
        assertThat(lines).as(query).isEqualTo(expected);

        var opening = amounts(statement, "opening");
        var closing = amounts(statement, "closing");
        if (currency == null) {
            assertThat(opening.keySet()).containsExactlyInAnyOrder("USD", "JPY", "KWD");
        } else {
            assertThat(opening.keySet()).containsExactly(currency);
        }
        var sums = new HashMap<>(opening);
        lines.forEach(it -> sums.merge(currencyOf(it), minorOf(it, "amount"), Long::sum));
        assertThat(sums).as(query).isEqualTo(closing);
        // The oldest line stands on the opening, the newest leaves the closing.
        for (var wallet : opening.keySet()) {
            var own = lines.stream().filter(it -> wallet.equals(currencyOf(it))).toList();
            if (!own.isEmpty()) {
                assertThat(minorOf(own.get(0), "balanceAfter")).isEqualTo(closing.get(wallet));
                var oldest = own.get(own.size() - 1);
                assertThat(minorOf(oldest, "balanceAfter") - minorOf(oldest, "amount"))
                        .isEqualTo(opening.get(wallet));
            }
            assertThat(IntStream.range(1, own.size()))
                    .allMatch(it -> sequence(own.get(it - 1)) == sequence(own.get(it)) + 1);
        }
    }

    private static Instant at(Map<String, Object> line) {
        return Instant.parse((String) line.get("at"));
    }

    private static long sequence(Map<String, Object> line) {
        return ((Number) line.get("sequence")).longValue();
    }

    private static String currencyOf(Map<String, Object> line) {
        return (String) ((Map<?, ?>) line.get("amount")).get("currency");
    }

    private static long minorOf(Map<String, Object> line, String amount) {
        return ((Number) ((Map<?, ?>) line.get(amount)).get("minor")).longValue();
    }

    private static Map<String, Long> amounts(JsonPath statement, String name) {
        var amounts = new LinkedHashMap<String, Long>();
        for (var amount : statement.<Map<String, Object>>getList(name)) {
            amounts.put(
                    (String) amount.get("currency"), ((Number) amount.get("minor")).longValue());
        }
        return amounts;
    }

    /** All items of all pages; no page but the last is short of the limit. */
    private static List<Map<String, Object>> pages(TestPerson person, String path, int limit) {
        var items = new ArrayList<Map<String, Object>>();
        String cursor = null;
        do {
            var page =
                    person.get(path + (cursor == null ? "" : "&cursor=" + cursor))
                            .statusCode(200)
                            .extract()
                            .jsonPath();
            var found = page.<Map<String, Object>>getList("items");
            cursor = page.getString("nextCursor");
            assertThat(found).hasSizeLessThanOrEqualTo(limit);
            if (cursor != null) {
                assertThat(found).hasSize(limit);
            }
            items.addAll(found);
            assertThat(items).as("a list that never ends").hasSizeLessThan(1_000);
        } while (cursor != null);
        return items;
    }

    private static String sent(TestPerson payer, TestPerson payee, long minor, String key) {
        return payer.send(payee, minor, "USD", key).statusCode(201).extract().path("id");
    }

    /** As it is read: RestAssured makes an Integer of what fits into one. */
    private static Map<String, Object> shown(int minor, String currency) {
        return Map.of("minor", minor, "currency", currency);
    }
}
