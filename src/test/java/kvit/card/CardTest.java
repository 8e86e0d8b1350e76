package kvit.card;

import static kvit.support.TestPerson.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kvit.idempotency.Answer;
import kvit.ledger.MoneyTransactions;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adding cards, confirming them by a code, looking at them, removing them. */
@KvitTest
class CardTest {

    private static final String OTHER = newKey();
    private static final String THIRD = newKey();

    @Inject Desk desk;
    @Inject CardStore store;
    @Inject Vault vault;
    @Inject CardKeys keys;
    @Inject MoneyTransactions transactions;
    @Inject VerifyCard verifyCard;
    @Inject RemoveCard removeCard;
    @Inject ExpireEnrolments expireEnrolments;
    @Inject CardConfig config;
    @Inject ObjectMapper json;
    @Inject Clock clock;

    @Test
    void aCardIsAddedConfirmedListedAndRemoved() {
        var anna = Desk.person();
        var number = TestCards.next();
        var last4 = number.substring(12);

        var added = Desk.add(anna, TestCards.grouped(number, " "), "k").statusCode(201);
        added.body("state", equalTo("pending_verification"))
                .body("brand", equalTo("visa"))
                .body("last4", equalTo(last4))
                .body("expiryMonth", equalTo(12))
                .body("expiryYear", equalTo(2035))
                .body("holder", nullValue());
        var id = added.extract().<String>path("id");
        assertThat(added.extract().<String>path("verification.sentTo"))
                .contains("•")
                .doesNotContain(anna.phone());
        assertThat(added.extract().asString()).doesNotContain(number.substring(0, 12));
        assertThat(Desk.message(anna)).contains("card ending " + last4).doesNotContain(number);

        anna.get("/v1/cards/" + id).body("verification.sentTo", equalTo(path(added, "sentTo")));
        var verified = Desk.verify(anna, id, codeOf(anna.phone())).statusCode(200);
        verified.body("state", equalTo("active")).body("verification", nullValue());
        // Whoever did not hear the answer asks again.
        Desk.verify(anna, id, codeOf(anna.phone()))
                .statusCode(200)
                .body("state", equalTo("active"));
        Desk.verify(anna, id, "000000").statusCode(422).body("code", equalTo("code-wrong"));
        anna.get("/v1/cards").body("items", hasSize(1)).body("items[0].id", equalTo(id));

        var replay = Desk.add(anna, number, "k").statusCode(201).extract();
        assertThat(replay.asString()).isEqualTo(added.extract().asString());
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");

        for (var i = 0; i < 2; i++) {
            anna.request().delete("/v1/cards/" + id).then().statusCode(204);
        }
        anna.get("/v1/cards").body("items", hasSize(0));
        anna.get("/v1/cards/" + id).statusCode(200).body("state", equalTo("removed"));
        Desk.verify(anna, id, "000000").body("code", equalTo("card-not-verifiable"));
        assertNothingIsLeftOf(UUID.fromString(id), "by-owner");
        assertThat(events(UUID.fromString(id)))
                .containsExactly("ConfirmationRequested", "CardActivated", "CardRemoved");
        Desk.add(anna, number, "again").statusCode(201);
    }

    private static String newKey() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static String path(io.restassured.response.ValidatableResponse added, String member) {
        return added.extract().path("verification." + member);
    }

    private void assertNothingIsLeftOf(UUID card, String reason) {
        assertThat(
                        Sql.<Boolean>value(
                                """
                                select num_nonnulls(sealed, wrapped_key, key_version, fingerprint, slot) = 0
                                       and ended_at is not null and end_reason = ?
                                  from card where id = ?
                                """,
                                reason,
                                card))
                .isTrue();
    }

    private static List<String> events(UUID card) {
        return Sql.column(
                "select topic from outbox where payload like ? order by id", "%" + card + "%");
    }

    @Test
    void whatIsInTheVaultIsTheNumberAndTheHolder() {
        var customer = desk.somebody();
        var number = TestCards.next();
        var owner = new Vault.Owner(desk.enrolled(customer, number), customer);

        var opened = vault.open(owner, store.sealed(owner).orElseThrow());

        assertThat(opened.number().digits()).isEqualTo(number);
        assertThat(opened.holder()).isEqualTo("Anna Ö.");
        var row =
                Sql.<String>value(
                        "select to_jsonb(c)::text from card c where id = ?", owner.card());
        assertThat(row).doesNotContain(number).doesNotContain("Anna").doesNotContain("737\"");
    }

    /** By raw SQL, past the trigger that would refuse it. */
    @ParameterizedTest
    @CsvSource({"sealed", "wrapped_key", "both"})
    void whatIsMovedToAnotherRowDoesNotOpen(String moved) {
        var anna = desk.somebody();
        var boris = desk.somebody();
        var annas = new Vault.Owner(desk.enrolled(anna, TestCards.next()), anna);
        var boriss = new Vault.Owner(desk.enrolled(boris, TestCards.next()), boris);
        var columns = moved.equals("both") ? List.of("sealed", "wrapped_key") : List.of(moved);
        pastTheTrigger(
                columns.stream()
                        .map(
                                it ->
                                        """
                                        update card c set %1$s = o.%1$s from card o
                                         where (c.id, o.id) in (('%2$s', '%3$s'), ('%3$s', '%2$s'))
                                        """
                                                .formatted(it, annas.card(), boriss.card()))
                        .toList());

        for (var owner : List.of(annas, boriss)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> vault.open(owner, store.sealed(owner).orElseThrow()))
                    .withMessage("card " + owner.card() + " does not open");
            end(owner.card());
        }
    }

    /** Its key goes on naming its first owner, which the database notices by itself. */
    @Test
    void aCardThatIsGivenToSomebodyElseDoesNotOpen() {
        var anna = desk.somebody();
        var card = desk.enrolled(anna, TestCards.next());
        var sealed = store.sealed(new Vault.Owner(card, anna)).orElseThrow();
        var stolen = new Vault.Owner(card, desk.somebody());

        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                pastTheTrigger(
                                        List.of(
                                                "update card set customer = '%s' where id = '%s'"
                                                        .formatted(stolen.customer(), card))));
        assertThatIllegalStateException().isThrownBy(() -> vault.open(stolen, sealed));
    }

    private static void pastTheTrigger(List<String> statements) {
        Sql.run("alter table card disable trigger card_moves");
        try {
            statements.forEach(Sql::run);
        } finally {
            Sql.run("alter table card enable trigger card_moves");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "customer = gen_random_uuid()",
        "sealed = 'x'",
        "fingerprint = sha256('x')",
        "last4 = '0000'",
        "sealed = null",
        "wrapped_key = null",
        "state = 'REMOVED'",
        "slot = 6"
    })
    void theDatabaseKeepsACardAsItIs(String change) {
        var card = desk.enrolled(desk.somebody(), TestCards.next());

        assertThatIllegalStateException()
                .isThrownBy(() -> Sql.run("update card set " + change + " where id = ?", card));
        assertThatIllegalStateException()
                .isThrownBy(() -> Sql.run("delete from card where id = ?", card));
    }

    @Test
    void aKeyStandsForNobodyElsesCard() {
        var card = desk.enrolled(desk.somebody(), TestCards.next());

        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                Sql.run(
                                        "insert into card_enrolment (customer, key, card, created_at)"
                                                + " values (?, 'k', ?, now())",
                                        desk.somebody(),
                                        card));
    }

    @Test
    void withoutAKeyThatACardNeedsItDoesNotStart() {
        var keysAtHand = new KeysAtHand(store, keys, vault);
        var card = desk.enrolled(desk.somebody(), TestCards.next());
        // The newest of version 1, which opens whatever other tests have done to theirs.
        desk.enrolled(desk.somebody(), TestCards.next());
        keysAtHand.check(new StartupEvent());

        Sql.run("update card set key_version = 99 where id = ?", card);
        try {
            assertThatIllegalStateException()
                    .isThrownBy(() -> keysAtHand.check(new StartupEvent()))
                    .withMessage("kvit.card.keys has no key of version 99");
        } finally {
            Sql.run("update card set key_version = 1 where id = ?", card);
        }
    }

    /** The newest five cards are looked at: one that is damaged among them stops nobody. */
    @Test
    void withAnotherKeyInThePlaceOfOneItDoesNotStart() {
        var wrapping = config.keys().get(0).split(":", 2)[1];
        for (var i = 0; i < 5; i++) {
            desk.enrolled(desk.somebody(), TestCards.next());
        }
        var otherKey = new CardKeys(List.of("1:" + OTHER), 1, config.fingerprintKey());
        var otherFingerprint = new CardKeys(List.of("1:" + wrapping), 1, OTHER);

        assertThatIllegalStateException()
                .isThrownBy(() -> keysAtHand(otherKey).check(new StartupEvent()))
                .withMessageStartingWith("kvit.card.keys has another key of version 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> keysAtHand(otherFingerprint).check(new StartupEvent()))
                .withMessageStartingWith("kvit.card.fingerprint-key is not the one");

        var damaged = desk.enrolled(desk.somebody(), TestCards.next());
        damage(damaged);
        keysAtHand(keys).check(new StartupEvent());
        assertThatIllegalStateException()
                .isThrownBy(() -> keysAtHand(otherKey).check(new StartupEvent()));
        end(damaged);
    }

    /** Without the use case, which it may not be fit for any more. */
    private static void end(UUID card) {
        Sql.run(
                """
                update card set state = 'REMOVED', end_reason = 'test', ended_at = now(), sealed = null,
                                wrapped_key = null, key_version = null, fingerprint = null, slot = null
                 where id = ?
                """,
                card);
    }

    private KeysAtHand keysAtHand(CardKeys others) {
        return new KeysAtHand(store, others, new Vault(others));
    }

    private static void damage(UUID card) {
        Sql.run(
                "update card set wrapped_key = set_byte(wrapped_key, 20,"
                        + " 255 - get_byte(wrapped_key, 20)) where id = ?",
                card);
    }

    /** More damaged ones than a portion has, before those that are not. */
    @Test
    void rotationGoesPastWhatDoesNotOpenAndNamesIt() {
        var wrapping = config.keys().get(0).split(":", 2)[1];
        var old =
                new Vault(
                        new CardKeys(
                                List.of("1:" + wrapping, "77:" + OTHER),
                                77,
                                config.fingerprintKey()));
        var now =
                new Vault(
                        new CardKeys(
                                List.of("1:" + wrapping, "77:" + OTHER, "78:" + THIRD),
                                78,
                                config.fingerprintKey()));
        var damaged = new ArrayList<UUID>();
        var good = new ArrayList<Vault.Owner>();
        for (var i = 0; i < 102; i++) {
            var customer = desk.somebody();
            var owner = new Vault.Owner(desk.enrolled(customer, TestCards.next()), customer);
            var rewrapped = old.rewrap(owner, store.sealed(owner).orElseThrow());
            store.rewrapped(List.of(new CardStore.Secret(owner, rewrapped)));
            if (i < 101) {
                damage(owner.card());
                damaged.add(owner.card());
            } else {
                good.add(owner);
            }
        }
        try {
            var rotated = new RotateCardKeys(store, now, transactions).rotate();

            assertThat(rotated.left()).containsAll(damaged).doesNotContain(good.get(0).card());
            assertThat(rotated.cards()).isGreaterThanOrEqualTo(1);
            assertThat(keyVersion(good.get(0).card())).isEqualTo(78);
            assertThat(now.open(good.get(0), store.sealed(good.get(0)).orElseThrow()).holder())
                    .isEqualTo("Anna Ö.");
            assertThatIllegalStateException()
                    .isThrownBy(() -> new RotateCardKeys(store, vault, transactions).rotate())
                    .withMessageContaining("wrapped by the key");
        } finally {
            // Those of other tests have come along.
            Sql.<UUID>column("select id from card where key_version in (77, 78)")
                    .forEach(CardTest::end);
        }
    }

    private static int keyVersion(UUID card) {
        return Sql.<Integer>value("select key_version from card where id = ?", card);
    }

    @Test
    void noAnswerEverQuotesANumberOrACode() {
        var anna = Desk.person();
        var number = TestCards.next();
        var wrong = number.substring(0, 15) + (number.charAt(15) == '0' ? '1' : '0');
        var bodies = new ArrayList<String>();
        for (var digits : List.of(wrong, number + "x", number + "0000000000000000000000000")) {
            var body = new HashMap<>(Desk.body(digits));
            body.put("cvc", "7371");
            bodies.add(write(body));
        }
        bodies.add("{\"number\":" + number + "}");
        bodies.add("{\"number\":\"" + number + "\",\"expiryMonth\":\"" + number + "\"}");
        bodies.add("{\"" + number + "\":1}");
        bodies.add("{\"number\":\"" + number + "\"");
        bodies.add("\"" + number + "\"");
        bodies.add("{\"number\":{\"" + number + "\":\"7371\"}}");
        for (var body : bodies) {
            var answer = Http.post(anna, "/v1/cards", UUID.randomUUID().toString(), body);
            assertThat(answer.statusCode()).as(body).isIn(400, 422);
            assertThat(answer.body()).doesNotContain("7371").doesNotContain(wrong);
            // The name of a field that is unknown is what the caller has to hear, whatever it is.
            if (!body.startsWith("{\"" + number)) {
                assertThat(answer.body()).doesNotContain(number.substring(0, 12));
            }
        }
    }

    private String write(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void othersCardsDoNotExist() {
        var anna = Desk.person();
        var boris = Desk.person();
        var id = Desk.add(anna, TestCards.next(), "k").extract().<String>path("id");

        boris.get("/v1/cards/" + id).statusCode(404).body("code", equalTo("card-not-found"));
        boris.request().delete("/v1/cards/" + id).then().statusCode(404);
        Desk.verify(boris, id, codeOf(anna.phone())).statusCode(404);
        boris.request().post("/v1/cards/{id}/verification/resend", id).then().statusCode(404);
        boris.get("/v1/cards").body("items", hasSize(0));
        anna.get("/v1/cards/" + id).body("state", equalTo("pending_verification"));
    }

    @Test
    void fiveWrongCodesKillTheCodeAndAnotherOneIsSent() {
        var anna = Desk.person();
        var id = Desk.add(anna, TestCards.next(), "k").extract().<String>path("id");
        var code = codeOf(anna.phone());
        var wrong = code.equals("111111") ? "222222" : "111111";
        for (var i = 0; i < 5; i++) {
            Desk.verify(anna, id, wrong).statusCode(422).body("code", equalTo("code-wrong"));
        }
        Desk.verify(anna, id, code).statusCode(429).body("code", equalTo("too-many-attempts"));

        resend(anna, id, 429);
        Sql.run(
                "update confirmation set resend_at = resend_at - interval '1 minute' where id = ?",
                UUID.fromString(id));
        resend(anna, id, 202);
        Sql.run("delete from phone_guard where phone = ?", anna.phone());
        assertThat(codeOf(anna.phone())).isNotEqualTo(code);
        Desk.verify(anna, id, code).statusCode(422);
        Desk.verify(anna, id, codeOf(anna.phone())).statusCode(200);
    }

    private static void resend(TestPerson person, String card, int status) {
        person.request().post("/v1/cards/{id}/verification/resend", card).then().statusCode(status);
    }

    /** A code for one thing is nothing for another. */
    @Test
    void withoutAPinNoCardBecomesActiveAndTheCodeStaysGood() {
        var anna = Desk.withoutPin();
        var id = Desk.add(anna, TestCards.next(), "k").extract().<String>path("id");
        var code = codeOf(anna.phone());
        Desk.verify(anna, id, code).statusCode(422).body("code", equalTo("pin-missing"));

        Desk.setPin(anna);
        Desk.verify(anna, id, code).statusCode(200).body("state", equalTo("active"));
    }

    @Test
    void aForgottenPinIsResetByTheDigitsOfAnActiveCard() {
        var anna = Desk.person();
        var number = TestCards.next();
        var id = Desk.add(anna, number, "k").extract().<String>path("id");
        reset(anna, last4(number)).statusCode(422).body("code", equalTo("card-digits-wrong"));

        Desk.verify(anna, id, codeOf(anna.phone())).statusCode(200);
        reset(anna, last4(number)).statusCode(204);
    }

    @Test
    void aCardThatWasRemovedVouchesForNobody() {
        var anna = Desk.person();
        var number = TestCards.next();
        var id = Desk.add(anna, number, "k").extract().<String>path("id");
        Desk.verify(anna, id, codeOf(anna.phone())).statusCode(200);
        anna.request().delete("/v1/cards/{id}", id).then().statusCode(204);

        reset(anna, last4(number)).statusCode(422).body("code", equalTo("card-digits-wrong"));
    }

    private static String last4(String number) {
        return number.substring(number.length() - 4);
    }

    private static ValidatableResponse reset(TestPerson person, String last4) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("pin", "958203", "cardLast4", last4))
                .post("/v1/me/pin/reset")
                .then();
    }

    @Test
    void theCodeOfAnotherCardIsWrong() {
        var anna = Desk.person();
        var first = Desk.add(anna, TestCards.next(), "1").extract().<String>path("id");
        var code = codeOf(anna.phone());
        var second = Desk.add(anna, TestCards.next(), "2").extract().<String>path("id");

        Desk.verify(anna, second, code).statusCode(422).body("code", equalTo("code-wrong"));
        Desk.verify(anna, first, code).statusCode(200);
    }

    @Test
    void withoutAPinNoCardBecomesActive() {
        var customer = desk.somebody();
        var card = desk.enrolled(customer, TestCards.next());

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> verifyCard.verify(customer, card, "123456"))
                .matches(it -> it.type() == CardProblem.PIN_MISSING);
        // It was no try: nothing was looked at.
        assertThat(Sql.<Integer>value("select tries from confirmation where id = ?", card))
                .isZero();
    }

    @Test
    void aRefusalIsRememberedAndAnotherRequestUnderItsKeyIsAMistake() {
        var anna = TestPerson.fresh();
        var number = TestCards.next();

        var refused = Desk.add(anna, number, "k").statusCode(422).extract();
        assertThat(refused.<String>path("code")).isEqualTo("details-missing");
        assertThat(refused.<List<String>>path("missing"))
                .containsExactly("displayName", "birthDate");
        Desk.patch(anna, Map.of("displayName", "Anna", "birthDate", "1990-05-17"));

        var replay = Desk.add(anna, number, "k").statusCode(422).extract();
        assertThat(replay.asString()).isEqualTo(refused.asString());
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        // Of what was refused nothing is kept that another number could be told from.
        assertThat(Desk.add(anna, TestCards.next(), "k").extract().asString())
                .isEqualTo(refused.asString());
        Desk.add(anna, number, "another").statusCode(201);
        // Another person's same key is another key.
        Desk.add(Desk.person(), TestCards.next(), "k").statusCode(201);
    }

    @Test
    void anotherRequestUnderTheKeyOfACardIsAMistake() {
        var anna = Desk.person();
        var number = TestCards.next();
        var card = Desk.add(anna, number, "k").statusCode(201).extract().<String>path("id");
        var changes =
                List.of(
                        Map.entry("number", TestCards.next()),
                        Map.entry("number", TestCards.endingLike(number)),
                        Map.entry("number", "1"),
                        Map.entry("holder", "Boris"),
                        Map.entry("expiryMonth", 11));
        for (var change : changes) {
            var body = Desk.body(number);
            body.put(change.getKey(), change.getValue());
            anna.post("/v1/cards", "k", body)
                    .statusCode(422)
                    .body("code", equalTo("idempotency-key-reused"))
                    .body("cardId", equalTo(card));
        }

        anna.request().delete("/v1/cards/" + card).then().statusCode(204);
        Desk.add(anna, number, "k").statusCode(201);
        var later = Desk.body(number);
        later.put("expiryMonth", 11);
        anna.post("/v1/cards", "k", later).body("code", equalTo("idempotency-key-reused"));
    }

    /**
     * Whoever has the whole database and the key of the fingerprints has nothing to try numbers
     * with: two that end alike leave the same behind.
     */
    @Test
    void ofACardThatHasEndedNothingIsLeftThatComesOfItsNumber() {
        var number = TestCards.next();
        var left = new ArrayList<String>();
        for (var digits : List.of(number, TestCards.endingLike(number))) {
            var customer = desk.somebody();
            var card = desk.enrolled(customer, digits);
            removeCard.remove(customer, card);
            left.add(
                    Sql.<String>value(
                            """
                            select jsonb_build_array(
                                       to_jsonb(c) - array['id', 'customer', 'created_at', 'ended_at',
                                                           'reference', 'payout_reference'],
                                       to_jsonb(e) - array['customer', 'key', 'card', 'created_at',
                                                           'answer'])::text
                              from card c join card_enrolment e on e.card = c.id
                             where c.id = ?
                            """,
                            card));
            var answer =
                    Sql.<String>value("select answer from card_enrolment where card = ?", card);
            assertThat(answer).contains(digits.substring(12)).doesNotContain(digits);
        }
        assertThat(left.get(0)).isEqualTo(left.get(1));
        assertThat(left.get(0)).doesNotContainPattern("[0-9a-f]{32}");
    }

    /** The code on the card is compared with nothing, so it makes no difference. */
    @Test
    void theSameRequestWithAnotherCodeOnTheCardIsTheSameRequest() {
        var anna = Desk.person();
        var number = TestCards.next();
        var first = Desk.add(anna, number, "k").statusCode(201).extract().asString();
        var body = Desk.body(number);
        body.put("cvc", "999");

        assertThat(anna.post("/v1/cards", "k", body).extract().asString()).isEqualTo(first);
    }

    @Test
    void whatTheProcessorDeclinesLeavesNothingBehind() {
        var customer = desk.somebody();
        var number = TestCards.next();
        var enrolCard = desk.with((card, details) -> new Registration.Declined("stolen_card"));

        var answer = enrolCard.enrol(desk.attempt(customer, "k", number));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("card-declined").contains("stolen_card");
        var card = Sql.<UUID>value("select id from card where customer = ?", customer);
        assertNothingIsLeftOf(card, "stolen_card");
        assertThat(Sql.<Long>value("select count(*) from confirmation where id = ?", card))
                .isZero();
        assertThat(desk.enrol(customer, "k", number).body()).isEqualTo(answer.body());
        assertThat(desk.enrol(customer, "another", number).status()).isEqualTo(201);
    }

    @Test
    void theProcessorIsToldWhoIsToBePaidOutToAndWhetherTheyAreAlready() {
        var anna = desk.somebody();
        var told = new ArrayList<Payee>();
        var enrolCard =
                desk.with(
                        (card, details) -> {
                            told.add(details.payee());
                            return new Registration.Registered(
                                    "in-" + card, Funding.DEBIT, WayOut.by("out-" + card));
                        });

        for (var from : Arrays.asList("203.0.113.7", null)) {
            var order =
                    new EnrolCard.Order(
                            TestCards.next(), YearMonth.of(2031, 3), "737", "Anna Ö.", from);
            var attempt = desk.attempt(anna, "k" + from, order.number());
            var answer =
                    enrolCard.enrol(
                            new EnrolCard.Attempt(anna, attempt.key(), attempt.requestId(), order));
            assertThat(answer.status()).isEqualTo(201);
        }

        var born = LocalDate.of(1990, 5, 17);
        var first = store.living(anna).get(1);
        assertThat(first.wayOut()).isEqualTo(WayOut.by("out-" + first.id()));
        assertThat(told)
                .containsExactly(
                        new Payee(anna, "US", born, "203.0.113.7", null),
                        new Payee(anna, "US", born, null, "out-" + first.id()));
    }

    @Test
    void aCardThatTakesNoPayoutsIsKeptWithTheReason() {
        var anna = desk.somebody();
        var none = WayOut.none("terms_not_accepted");
        desk.with((card, details) -> new Registration.Registered("in", Funding.DEBIT, none))
                .enrol(desk.attempt(anna, "k", TestCards.next()));

        assertThat(store.living(anna).get(0).wayOut()).isEqualTo(none);
        var ofBoth = "update card set payout_reference = 'x' where customer = ?";
        assertThatThrownBy(() -> Sql.run(ofBoth, anna)).hasStackTraceContaining("card_way_out");
    }

    @Test
    void whereTheTermsWereAcceptedIsAnAddressOrNothing() {
        var anna = Desk.person();
        var body = Desk.body(TestCards.next());
        body.put("payoutTerms", Map.of("acceptedFrom", "at home"));
        anna.post("/v1/cards", "k", body)
                .statusCode(400)
                .body("code", equalTo("validation-failed"));

        body.put("payoutTerms", Map.of("acceptedFrom", "2001:db8::7"));
        anna.post("/v1/cards", "k", body).statusCode(201);
    }

    /** The code comes again with the request, because it is nowhere else. */
    @Test
    void anEnrolmentThatWasCutOffGoesOnWithTheSameRequest() {
        var customer = desk.somebody();
        var number = TestCards.next();
        var asked = new ArrayList<UUID>();
        var unknown =
                desk.with(
                        (card, details) -> {
                            asked.add(card);
                            return new Registration.Unknown(Reason.TIME_OUT);
                        });
        var crashing =
                desk.with(
                        (card, details) -> {
                            asked.add(card);
                            throw new IllegalArgumentException("the plug was pulled");
                        });

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> unknown.enrol(desk.attempt(customer, "k", number)))
                .matches(it -> it.type() == CardProblem.CARD_PROCESSOR_UNAVAILABLE);
        assertThatThrownBy(() -> crashing.enrol(desk.attempt(customer, "k", number)))
                .isInstanceOf(IllegalArgumentException.class);
        var codes = new ArrayList<String>();
        var answer =
                desk.with(
                                (card, details) -> {
                                    asked.add(card);
                                    codes.add(details.cvc());
                                    return Desk.taken(card, details);
                                })
                        .enrol(desk.attempt(customer, "k", number));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(asked).hasSize(3).containsOnly(asked.get(0));
        assertThat(codes).containsExactly("737");
        assertThat(desk.enrol(customer, "k", number).body()).isEqualTo(answer.body());
        assertThat(store.living(customer)).hasSize(1);
    }

    @Test
    void aCardThatIsNotRegisteredYetIsNobodysToSee() {
        var anna = Desk.person();
        var enrolCard = desk.with((card, details) -> new Registration.Unknown(Reason.TIME_OUT));
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> enrolCard.enrol(desk.attempt(anna.id(), "k", TestCards.next())));
        var card = Sql.<UUID>value("select id from card where customer = ?", anna.id());

        anna.get("/v1/cards").body("items", hasSize(0));
        anna.get("/v1/cards/" + card).statusCode(404);
        Desk.verify(anna, card.toString(), "123456").statusCode(404);
    }

    /** Registering lets go of the database, which may not be held while somebody else thinks. */
    @Test
    void noTransactionIsOpenWhileTheProcessorIsAsked() {
        var open = new ArrayList<Boolean>();
        var customer = desk.somebody();
        desk.with(
                        (card, details) -> {
                            open.add(
                                    QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION);
                            return Desk.taken(card, details);
                        })
                .enrol(desk.attempt(customer, "k", TestCards.next()));

        assertThat(open).containsExactly(false);
    }

    @Test
    void fiftyAtOnceUnderOneKeyAreOneCardAndOneAnswer() throws Exception {
        var anna = Desk.person();
        var body = write(Desk.body(TestCards.next()));

        var answers = Race.run(50, 50, () -> insist(anna, body));

        assertThat(answers).allMatch(it -> it.statusCode() == 201);
        assertThat(answers.stream().map(it -> it.body()).distinct()).hasSize(1);
        assertThat(
                        answers.stream()
                                .filter(
                                        it ->
                                                it.headers()
                                                        .firstValue("Idempotency-Replayed")
                                                        .isEmpty()))
                .hasSize(1);
        anna.get("/v1/cards").body("items", hasSize(1));
        assertThat(Sql.<Long>value("select count(*) from card where customer = ?", anna.id()))
                .isEqualTo(1);
    }

    /** One of them asks the processor; the others are told to come back, and hear the same. */
    private static HttpResponse<String> insist(TestPerson person, String body) {
        while (true) {
            var answer = Http.post(person, "/v1/cards", "k", body);
            if (answer.statusCode() != 503) {
                return answer;
            }
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void whileOneAsksTheProcessorNobodyElseDoes() throws Exception {
        var customer = desk.somebody();
        var number = TestCards.next();
        var calls = new AtomicInteger();
        var isAsking = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        var enrolCard =
                desk.with(
                        (card, details) -> {
                            calls.incrementAndGet();
                            isAsking.countDown();
                            await(mayAnswer);
                            return Desk.taken(card, details);
                        });
        var first =
                CompletableFuture.supplyAsync(
                        () -> enrolCard.enrol(desk.attempt(customer, "k", number)));
        await(isAsking);

        // Under another key it is the same card, too.
        for (var key : List.of("k", "k", "another")) {
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> enrolCard.enrol(desk.attempt(customer, key, number)))
                    .matches(it -> it.type() == CardProblem.CARD_PROCESSOR_UNAVAILABLE);
        }
        assertThat(calls).hasValue(1);
        mayAnswer.countDown();

        assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
        assertThat(enrolCard.enrol(desk.attempt(customer, "k", number)).body())
                .isEqualTo(first.get().body());
        assertThat(desk.enrol(customer, "another", number).body()).contains("card-duplicate");
        assertThat(calls).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Killed while it asked, so that it could not say that it does no more. */
    @Test
    void whoeverAskedForTooLongIsFollowedByTheNextOne() {
        var customer = desk.somebody();
        var number = TestCards.next();
        cutOff(customer, "k", number);
        Sql.run(
                "update card_enrolment set asked_until = ? where customer = ?",
                Timestamp.from(clock.instant().plus(Duration.ofDays(1))),
                customer);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> desk.enrol(customer, "k", number));

        Sql.run(
                "update card_enrolment set asked_until = now() - interval '1 day' where customer = ?",
                customer);
        assertThat(desk.enrol(customer, "k", number).status()).isEqualTo(201);
    }

    private void cutOff(UUID customer, String key, String number) {
        var unknown = desk.with((card, details) -> new Registration.Unknown(Reason.TIME_OUT));
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> unknown.enrol(desk.attempt(customer, key, number)))
                .matches(it -> it.type() == CardProblem.CARD_PROCESSOR_UNAVAILABLE);
    }

    @Test
    void aNumberWhoseEnrolmentWasCutOffIsAddedUnderANewKeyAndEndsTheOldOne() {
        var anna = Desk.person();
        var number = TestCards.next();
        cutOff(anna.id(), "lost", number);
        var first =
                Sql.<UUID>value(
                        "select card from card_enrolment where key = 'lost' and customer = ?",
                        anna.id());

        // Nobody was told of it, so nobody is now.
        var other = Desk.add(anna, TestCards.next(), "lost").statusCode(422);
        other.body("code", equalTo("idempotency-key-reused")).body("cardId", nullValue());
        Desk.add(anna, number, "new").statusCode(201);

        assertNothingIsLeftOf(first, "cut-off");
        // The processor is not asked about it any more, and its owner may look at it.
        var asked = new AtomicInteger();
        var answer =
                desk.with(
                                (card, details) -> {
                                    asked.incrementAndGet();
                                    return Desk.taken(card, details);
                                })
                        .enrol(desk.attempt(anna.id(), "lost", number));
        assertThat(asked).hasValue(0);
        assertThat(answer.body()).contains("card-not-verifiable").contains(first.toString());
        anna.get("/v1/cards/" + first).statusCode(200).body("state", equalTo("expired"));
        anna.get("/v1/cards").body("items", hasSize(1));
    }

    /** They would be in the way for a day, and nobody could see them to remove them. */
    @Test
    void enrolmentsThatWereCutOffTakeNobodysPlace() {
        var customer = desk.somebody();
        for (var i = 0; i < DecideEnrolment.CARDS_MAX; i++) {
            cutOff(customer, "lost " + i, TestCards.next());
        }

        assertThat(desk.enrol(customer, "k", TestCards.next()).status()).isEqualTo(201);
    }

    /** The processor knows the id with the first code, and takes it with no other one. */
    @Test
    void aCorrectedCodeUnderTheSameKeyEndsTheEnrolment() {
        var customer = desk.somebody();
        var number = TestCards.next();
        cutOff(customer, "k", number);
        var refusing =
                desk.with(
                        (card, details) -> {
                            throw new IllegalStateException("another request has this id");
                        });

        var answer = refusing.enrol(desk.attempt(customer, "k", number));

        assertThat(answer.body()).contains("card-not-verifiable");
        assertThat(desk.enrol(customer, "k", number).body()).isEqualTo(answer.body());
        assertThat(desk.enrol(customer, "new", number).status()).isEqualTo(201);
        // The first call of all has nothing before it that it could differ from.
        assertThatIllegalStateException()
                .isThrownBy(() -> refusing.enrol(desk.attempt(customer, "k2", TestCards.next())));
    }

    @Test
    void fiftyAtOnceOfOneNumberAreOneCardAndTheOthersHearOfIt() throws Exception {
        var customer = desk.somebody();
        var number = TestCards.next();
        var key = new AtomicInteger();

        var answers = Race.run(20, 50, () -> insist(customer, "k" + key.getAndIncrement(), number));

        assertThat(answers).filteredOn(it -> it.status() == 201).hasSize(1);
        assertThat(answers).filteredOn(it -> it.body().contains("card-duplicate")).hasSize(49);
    }

    @Test
    void fiveCardsAreAllHoweverManyAreAddedAtOnce() throws Exception {
        var customer = desk.somebody();
        var tasks = new ArrayList<Callable<Answer>>();
        for (var i = 0; i < 20; i++) {
            var key = "k" + i;
            var number = TestCards.next();
            tasks.add(() -> insist(customer, key, number));
        }

        var answers = Race.run(20, tasks);

        assertThat(answers).filteredOn(it -> it.status() == 201).hasSize(5);
        assertThat(answers).filteredOn(it -> it.body().contains("card-limit-reached")).hasSize(15);
        var cards = store.living(customer);
        removeCard.remove(customer, cards.get(0).id());
        assertThat(desk.enrol(customer, "one less", TestCards.next()).status()).isEqualTo(201);
        // One that is not good any more does not count.
        Sql.run("alter table card disable trigger card_moves");
        Sql.run("update card set expiry = '2001-01-01' where id = ?", cards.get(1).id());
        Sql.run("alter table card enable trigger card_moves");
        assertThat(desk.enrol(customer, "one old", TestCards.next()).status()).isEqualTo(201);
        assertThat(desk.enrol(customer, "one more", TestCards.next()).body())
                .contains("card-limit-reached");
    }

    /** Twenty who race for five places may starve, and are told to come back. */
    private Answer insist(UUID customer, String key, String number) {
        while (true) {
            try {
                return desk.enrol(customer, key, number);
            } catch (Problem e) {
                assertThat(e.type().status()).isEqualTo(503);
            }
        }
    }

    @Test
    void oneNumberIsOnePersonsUnlessItIsConfiguredOtherwise() throws Exception {
        var number = TestCards.next();
        var tasks =
                IntStream.range(0, 10)
                        .mapToObj(it -> desk.somebody())
                        .map(it -> (Callable<Answer>) () -> insist(it, "k", number))
                        .toList();
        var answers = Race.run(10, tasks);
        assertThat(answers).filteredOn(it -> it.status() == 201).hasSize(1);
        assertThat(answers).filteredOn(it -> it.body().contains("card-duplicate")).hasSize(9);

        var familys = TestCards.next();
        var shared = desk.with(Desk::taken, shared());
        for (var i = 0; i < 2; i++) {
            var customer = desk.somebody();
            assertThat(shared.enrol(desk.attempt(customer, "k", familys)).status()).isEqualTo(201);
            assertThat(shared.enrol(desk.attempt(customer, "again", familys)).body())
                    .contains("card-duplicate");
        }
    }

    private static CardConfig shared() {
        return live(Map.of("kvit.card.shared-allowed", "true"));
    }

    /** As it is without the sandbox's own settings. */
    private static CardConfig live(Map<String, String> changes) {
        var settings = new HashMap<>(changes);
        settings.put("kvit.card.keys", "unused");
        settings.put("kvit.card.fingerprint-key", "unused");
        return new SmallRyeConfigBuilder()
                .withMapping(CardConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .build()
                .getConfigMapping(CardConfig.class);
    }

    @Test
    void nobodyTriesOneCardAfterTheOther() throws Exception {
        var customer = desk.somebody();
        var calls = new AtomicInteger();
        var enrolCard =
                desk.with(
                        (card, details) -> {
                            calls.incrementAndGet();
                            return new Registration.Declined("stolen_card");
                        },
                        live(Map.of()));
        var key = new AtomicInteger();
        var tasks = new ArrayList<Callable<Object>>();
        for (var i = 0; i < 20; i++) {
            tasks.add(
                    () -> {
                        var attempt =
                                desk.attempt(
                                        customer, "k" + key.getAndIncrement(), TestCards.next());
                        try {
                            return enrolCard.enrol(attempt);
                        } catch (Problem e) {
                            return e;
                        }
                    });
        }

        var outcomes = Race.run(20, tasks);

        assertThat(calls).hasValue(5);
        assertThat(outcomes).filteredOn(Answer.class::isInstance).hasSize(5);
        assertThat(outcomes)
                .filteredOn(Problem.class::isInstance)
                .hasSize(15)
                .allSatisfy(
                        it -> {
                            var problem = (Problem) it;
                            assertThat(problem.type()).isEqualTo(GeneralProblem.TOO_MANY_REQUESTS);
                            assertThat(wait(problem))
                                    .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
                        });
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from card_enrolment where customer = ?", customer))
                .isEqualTo(5);
        // What was answered is answered, as often as it is asked for.
        var answered =
                Sql.<String>column("select key from card_enrolment where customer = ?", customer);
        assertThatNoException()
                .isThrownBy(
                        () ->
                                answered.forEach(
                                        it ->
                                                enrolCard.enrol(
                                                        desk.attempt(
                                                                customer, it, TestCards.next()))));

        makeEarlier(customer, Duration.ofMinutes(11));
        tasks.subList(0, 5).forEach(CardTest::call);
        assertThat(calls).hasValue(10);
        makeEarlier(customer, Duration.ofMinutes(11));
        assertThat((Problem) call(tasks.get(0)))
                .matches(it -> wait(it).compareTo(Duration.ofHours(23)) > 0);
        makeEarlier(customer, Duration.ofHours(24));
        assertThat(call(tasks.get(0))).isInstanceOf(Answer.class);
    }

    private static void makeEarlier(UUID customer, Duration by) {
        Sql.run("alter table card_enrolment disable trigger card_enrolment_is_answered_once");
        try {
            Sql.run(
                    "update card_enrolment set created_at = created_at - ? * interval '1 second'"
                            + " where customer = ?",
                    by.toSeconds(),
                    customer);
        } finally {
            Sql.run("alter table card_enrolment enable trigger card_enrolment_is_answered_once");
        }
    }

    private static Duration wait(Problem problem) {
        return Duration.ofSeconds((Long) problem.member("retryAfter"));
    }

    private static Object call(Callable<Object> task) {
        try {
            return task.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Fifty of one key are one try. */
    @Test
    void theSameAtOnceIsCountedOnce() throws Exception {
        var customer = desk.somebody();
        var number = TestCards.next();
        var enrolCard = desk.with(Desk::taken, live(Map.of("kvit.card.attempts-at-once", "1")));

        var answers =
                Race.run(
                        20,
                        50,
                        () -> {
                            while (true) {
                                try {
                                    return enrolCard.enrol(desk.attempt(customer, "k", number));
                                } catch (Problem e) {
                                    assertThat(e.type().status()).isEqualTo(503);
                                }
                            }
                        });

        assertThat(answers).allMatch(it -> it.status() == 201);
    }

    @Test
    void whatNobodyHasFinishedIsGivenUpAndDestroyed() {
        var customer = desk.somebody();
        var number = TestCards.next();
        var abandoned = desk.enrolled(customer, number);
        var young = desk.enrolled(customer, TestCards.next());
        var unknown = desk.with((card, details) -> new Registration.Unknown(Reason.TIME_OUT));
        var cutOff = TestCards.next();
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> unknown.enrol(desk.attempt(customer, "cut off", cutOff)));
        age(customer, young);

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> verifyCard.verify(customer, abandoned, "123456"))
                .matches(it -> it.type() == CardProblem.CARD_NOT_VERIFIABLE);
        expireEnrolments.sweep();

        assertNothingIsLeftOf(abandoned, "abandoned");
        assertThat(store.find(customer, young).orElseThrow().state())
                .isEqualTo(CardState.PENDING_VERIFICATION);
        assertThat(desk.enrol(customer, "cut off", cutOff).body()).contains("card-not-verifiable");
        assertThat(desk.enrol(customer, "anew", number).status()).isEqualTo(201);
    }

    /** All cards of somebody but that one are older than an enrolment may be. */
    private void age(UUID customer, UUID butNot) {
        pastTheTrigger(
                List.of(
                        "update card set created_at = created_at - interval '%d seconds' "
                                        .formatted(
                                                config.enrolmentLife()
                                                        .plus(Duration.ofSeconds(1))
                                                        .toSeconds())
                                + "where customer = '%s' and id <> '%s'"
                                        .formatted(customer, butNot)));
    }
}
