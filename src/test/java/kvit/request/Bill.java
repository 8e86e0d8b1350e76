package kvit.request;

import static kvit.support.TestPerson.money;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.support.Phones;
import kvit.support.TestPerson;

/** A request for euros over HTTP, by somebody in France of others there. */
record Bill(TestPerson asker, List<TestPerson> payers, String id, List<String> shares) {

    private static final String PATH = "/v1/requests";

    /** Somebody there with so many cents. */
    static TestPerson person(long cents) {
        var person = TestPerson.signIn(Phones.next("FR"));
        if (cents > 0) {
            person.fund(cents, "EUR");
        }
        return person;
    }

    static List<TestPerson> people(int number, long cents) {
        var people = new ArrayList<TestPerson>();
        for (var i = 0; i < number; i++) {
            people.add(person(cents));
        }
        return people;
    }

    /** Divided equally among them. */
    static Bill of(long cents, TestPerson asker, TestPerson... payers) {
        return of(Map.of("amount", money(cents, "EUR")), asker, List.of(payers));
    }

    static Bill of(Map<String, Object> members, TestPerson asker, List<TestPerson> payers) {
        var made = ask(asker, "bill-" + UUID.randomUUID(), body(members, payers));
        var body = made.statusCode(201).extract().jsonPath();
        return new Bill(asker, payers, body.getString("id"), body.getList("shares.id"));
    }

    static Map<String, Object> body(Map<String, Object> members, List<TestPerson> payers) {
        var body = new HashMap<String, Object>();
        body.put("payers", payers.stream().map(it -> Map.of("customerId", it.id())).toList());
        body.putAll(members);
        return body;
    }

    static ValidatableResponse ask(TestPerson asker, String key, Map<String, Object> body) {
        return asker.post(PATH, key, body);
    }

    ValidatableResponse pay(int payer) {
        return pay(payer, "pay-" + UUID.randomUUID());
    }

    ValidatableResponse pay(int payer, String key) {
        return pay(payer, key, Map.of());
    }

    ValidatableResponse pay(int payer, String key, Map<String, Object> body) {
        return payers.get(payer).post(path(payer, "payment"), key, body);
    }

    ValidatableResponse decline(int payer) {
        return post(payers.get(payer), path(payer, "decline"));
    }

    ValidatableResponse remind(int payer) {
        return post(asker, path(payer, "reminder"));
    }

    ValidatableResponse divide(int payer, boolean includeMe) {
        return asker.request()
                .contentType(ContentType.JSON)
                .body(Map.of("includeMe", includeMe))
                .post(path(payer, "re-split"))
                .then();
    }

    ValidatableResponse cancel() {
        return post(asker, PATH + "/" + id + "/cancellation");
    }

    static ValidatableResponse post(TestPerson person, String path) {
        return person.request().post(path).then();
    }

    String path(int payer, String operation) {
        return PATH + "/" + id + "/shares/" + shares.get(payer) + "/" + operation;
    }

    ValidatableResponse seenBy(TestPerson person) {
        return person.get(PATH + "/" + id);
    }

    /** As its asker sees it. */
    ValidatableResponse seen() {
        return seenBy(asker).statusCode(200);
    }

    List<String> states() {
        return seen().extract().jsonPath().getList("shares.state");
    }

    List<Integer> amounts() {
        return seen().extract().jsonPath().getList("shares.amount.minor");
    }
}
