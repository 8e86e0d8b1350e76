package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import kvit.friend.Circle;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who of an address book is here, without anybody keeping the address book. */
@KvitTest
class ContactsTest {

    @Inject RateLimits limits;
    @Inject IdentityConfig config;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.fresh();
        boris = TestPerson.fresh();
    }

    @Test
    void whoIsHereIsFoundByTheHashOfTheirNumber() {
        Circle.change(boris, Map.of("displayName", "Boris"));

        match(hash(Phones.next()), hash(boris.phone()), hash(boris.phone()), hash(anna.phone()))
                .statusCode(200)
                .body("items.hash", equalTo(List.of(hash(boris.phone()))))
                .body("items[0].person.id", equalTo(boris.id().toString()))
                .body("items[0].person.displayName", equalTo("Boris"))
                .body("items[0].person.keySet()", hasSize(3));
    }

    @Test
    void whoDoesNotWantToBeFoundIsNot() {
        anna.get("/v1/me").body("findable", equalTo(true));
        assertThat(found(boris)).isTrue();

        Circle.change(boris, Map.of("findable", false));
        boris.get("/v1/me").body("findable", equalTo(false));
        assertThat(found(boris)).isFalse();
        // Whoever types the number in still can: that is how people are paid.
        anna.request().queryParam("phone", boris.phone()).get("/v1/people").then().statusCode(200);

        Circle.change(boris, Map.of("findable", true));
        assertThat(found(boris)).isTrue();
    }

    @Test
    void nobodyIsFoundOverABlockOrWhoIsBlockedByUs() {
        var carl = TestPerson.fresh();
        var dora = TestPerson.fresh();
        Circle.block(anna, boris.id());
        Circle.block(carl, anna.id());
        Sql.run("update customer set state = 'BLOCKED' where id = ?", dora.id());

        match(hash(boris.phone()), hash(carl.phone()), hash(dora.phone()))
                .statusCode(200)
                .body("items", equalTo(List.of()));
    }

    @Test
    void aDayHasOneAddressBookOfNumbers() {
        leave(3);
        match(hash(Phones.next()), hash(Phones.next())).statusCode(200);
        // All or none: a part would tell how many are left to guess with.
        match(hash(boris.phone()), hash(Phones.next()))
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("code", equalTo("too-many-requests"));
        var one = hash(boris.phone());
        // Written twice it is asked once.
        match(one, one, one).statusCode(200).body("items.hash", equalTo(List.of(one)));
        match(one).statusCode(429);
    }

    @Test
    void whatIsNoHashIsRefused() {
        for (var text : List.of("", "abc", boris.phone(), hash(boris.phone()).toUpperCase())) {
            match(text).statusCode(400).body("code", equalTo("validation-failed"));
        }
        match().statusCode(400);
        match(Collections.nCopies(501, hash("x"))).statusCode(400);
        given().contentType(ContentType.JSON)
                .body(Map.of("hashes", List.of(hash("x"))))
                .post("/v1/people/matches")
                .then()
                .statusCode(401);
    }

    /** Neither the number nor its hash, in any table there is. */
    @Test
    void nothingOfAnAddressBookIsKept() {
        var stranger = Phones.next();
        match(hash(stranger), hash(boris.phone())).statusCode(200);

        var tables =
                Sql.<String>column(
                        "select tablename from pg_tables where schemaname = current_schema()");
        var keeping = new ArrayList<String>();
        for (var table : tables) {
            var rows =
                    Sql.<Long>value(
                            "select count(*) from \"%s\" t where t::text like ? or t::text like ?"
                                    .formatted(table),
                            "%" + hash(stranger) + "%",
                            "%" + stranger + "%");
            if (rows > 0) {
                keeping.add(table);
            }
        }
        assertThat(tables).contains("customer", "rate_bucket", "outbox");
        assertThat(keeping).isEmpty();
    }

    private boolean found(TestPerson person) {
        return !match(hash(person.phone()))
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items")
                .isEmpty();
    }

    private ValidatableResponse match(String... hashes) {
        return match(List.of(hashes));
    }

    private ValidatableResponse match(List<String> hashes) {
        return anna.request()
                .contentType(ContentType.JSON)
                .body(Map.of("hashes", hashes))
                .post("/v1/people/matches")
                .then();
    }

    private void leave(int numbers) {
        var all = config.contactsPerDay();
        assertThat(
                        limits.take(
                                "contacts:" + anna.id(),
                                all - numbers,
                                new RateLimits.Limit(all, Duration.ofDays(1))))
                .isEmpty();
    }

    /** As a client makes it. */
    private static String hash(String phone) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(phone.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
