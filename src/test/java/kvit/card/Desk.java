package kvit.card;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Singleton;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.identity.Confirmations;
import kvit.identity.People;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;

/** People with cards, through the public door and without it. */
@Singleton
public class Desk {

    /** A processor that only registers, and as a test wants it. */
    interface Registering extends BiFunction<UUID, CardDetails, Registration> {}

    private record Fake(Registering registering) implements CardProcessor {
        @Override
        public Registration register(UUID card, CardDetails details) {
            return registering.apply(card, details);
        }

        @Override
        public Result carryOut(Operation operation) {
            throw new AssertionError("it was to register only");
        }

        @Override
        public Result find(Operation operation) {
            throw new AssertionError("it was to register only");
        }
    }

    static final YearMonth EXPIRY = YearMonth.of(2035, 12);

    private final CardStore store;
    private final EnrolmentStore enrolments;
    private final Vault vault;
    private final People people;
    private final Confirmations confirmations;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final Attempts attempts;
    private final CardConfig config;
    private final Clock clock;
    private final Ids ids;

    Desk(
            CardStore store,
            EnrolmentStore enrolments,
            Vault vault,
            People people,
            Confirmations confirmations,
            MoneyTransactions transactions,
            Answers answers,
            Attempts attempts,
            CardConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.enrolments = enrolments;
        this.vault = vault;
        this.people = people;
        this.confirmations = confirmations;
        this.transactions = transactions;
        this.answers = answers;
        this.attempts = attempts;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /** The use case with another processor behind it. */
    public EnrolCard with(Registering registering) {
        return with(registering, config);
    }

    public EnrolCard with(Registering registering, CardConfig config) {
        var conclude = new ConcludeEnrolment(store, enrolments, confirmations, answers, clock);
        var claim =
                new ClaimEnrolment(
                        store,
                        enrolments,
                        new EnrolmentLimits(enrolments, config, clock),
                        new DecideEnrolment(store, enrolments, vault, people, config, clock),
                        conclude,
                        vault,
                        people,
                        answers,
                        clock,
                        ids);
        return new EnrolCard(
                claim, conclude, enrolments, new Fake(registering), transactions, clock);
    }

    public static Registration taken(UUID card, CardDetails details) {
        return new Registration.Registered("taken-" + card, Funding.DEBIT);
    }

    public EnrolCard.Attempt attempt(UUID customer, String key, String number) {
        return attempts.attempt(
                customer, key, new EnrolCard.Order(number, EXPIRY, "737", "Anna Ö.", null));
    }

    public Answer enrol(UUID customer, String key, String number) {
        return with(Desk::taken).enrol(attempt(customer, key, number));
    }

    /** The id of a card that this customer has from now on, waiting for its code. */
    public UUID enrolled(UUID customer, String number) {
        var key = ids.next().toString();
        var answer = enrol(customer, key, number);
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
        return enrolments.find(customer, key).orElseThrow().card();
    }

    /** An active card that the simulator treats like that. */
    public UUID card(UUID customer, SimulatedCard behaviour) {
        var id = waitingCard(customer, behaviour);
        Sql.run("update card set state = 'ACTIVE', activated_at = now() where id = ?", id);
        return id;
    }

    /** One that waits for its code. */
    public UUID waitingCard(UUID customer, SimulatedCard behaviour) {
        var key = ids.next().toString();
        var enrol =
                with(
                        (card, details) ->
                                new Registration.Registered(
                                        behaviour.reference(card), behaviour.funding()));
        var answer = enrol.enrol(attempt(customer, key, TestCards.next()));
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
        return enrolments.find(customer, key).orElseThrow().card();
    }

    /**
     * The id of the card with that number, added through the public door and active. Whoever had it
     * before has it no more: a number is one card, and a magic one is wanted by many tests.
     */
    public String enrolledAlone(TestPerson person, String number) {
        Sql.run(
                """
                update card
                   set state = 'REMOVED', ended_at = now(), end_reason = 'test', sealed = null,
                       wrapped_key = null, key_version = null, fingerprint = null, slot = null
                 where fingerprint = ?
                """,
                vault.fingerprint(CardNumber.parse(number).orElseThrow()));
        String id = add(person, number, "card " + number).statusCode(201).extract().path("id");
        verify(person, id, TestPerson.codeOf(person.phone())).statusCode(200);
        return id;
    }

    /** A customer with all details, who has not signed in, which costs more than all the rest. */
    public UUID somebody() {
        var id = ids.next();
        Sql.run(
                """
                insert into customer (id, phone, country, locale, visibility, state, created_at,
                                      display_name, birth_date)
                values (?, ?, 'US', 'en', 'PRIVATE', 'ACTIVE', now(), 'Anna', date '1990-05-17')
                """,
                id,
                Phones.next());
        return id;
    }

    /** Makes somebody what the rules of countries ask about first. */
    public static void become(UUID customer, boolean frozen, String country, boolean child) {
        Sql.run(
                "update customer set state = ?, country = ?, birth_date = cast(? as date) where id = ?",
                frozen ? "FROZEN" : "ACTIVE",
                country,
                child ? "2020-01-01" : "1990-05-17",
                customer);
    }

    /** Somebody who has signed in, said who they are and chosen a PIN. */
    public static TestPerson person() {
        var person = withoutPin();
        setPin(person);
        return person;
    }

    public static TestPerson withoutPin() {
        var person = TestPerson.fresh();
        patch(person, Map.of("displayName", "Anna", "birthDate", "1990-05-17"));
        return person;
    }

    public static void setPin(TestPerson person) {
        person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("pin", "739164"))
                .put("/v1/me/pin")
                .then()
                .statusCode(204);
    }

    public static void patch(TestPerson person, Map<String, Object> change) {
        person.request()
                .contentType(ContentType.JSON)
                .body(change)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    static Map<String, Object> body(String number) {
        var body = new HashMap<String, Object>();
        body.put("number", number);
        body.put("expiryMonth", EXPIRY.getMonthValue());
        body.put("expiryYear", EXPIRY.getYear());
        body.put("cvc", "737");
        body.put("holder", "Anna Ö.");
        return body;
    }

    public static ValidatableResponse add(TestPerson person, String number, String key) {
        return person.post("/v1/cards", key, body(number));
    }

    public static ValidatableResponse verify(TestPerson person, String card, String code) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("code", code))
                .post("/v1/cards/{id}/verification", card)
                .then();
    }

    /** What was sent last. */
    public static String message(TestPerson person) {
        return messages(person).get(0);
    }

    /** All that was sent, the last first. */
    public static List<String> messages(TestPerson person) {
        return given().queryParam("phone", person.phone())
                .get("/v1/sandbox/messages")
                .then()
                .statusCode(200)
                .extract()
                .path("items.text");
    }
}
