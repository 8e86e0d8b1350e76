package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import kvit.idempotency.Answer;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.rules.Actor;
import kvit.rules.Channel;
import kvit.rules.Party;
import kvit.rules.Rules;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/** What the rules of countries do to transfers, and what is kept of it. */
@KvitTest
class CountryRulesTest {

    /** Pairs that race for the last of a limit; 200 times 100 is the form at full length. */
    private static final int PAIRS = Integer.getInteger("kvit.limit.pairs", 100);

    private static final AtomicInteger MANY = new AtomicInteger();

    @Inject Teller teller;
    @Inject Waiting waiting;
    @Inject Ledger ledger;
    @Inject MoneyTransactions transactions;
    @Inject Rules rules;
    @Inject Clock clock;
    @Inject ObjectMapper json;

    @Test
    void countsThirtyDaysOfFranceToTheCentAndToTheMicrosecond() {
        TestClock.advance(untilNoonOfAMonthsLastDay());
        var anna = customer("FR");
        fund(anna, 5_000_00);
        var first = moved(anna, customer("FR"), 500_00);
        TestClock.advance(Duration.ofHours(13)); // Past the midnight of Paris, and the month's end.
        moved(anna, customer("FR"), 500_00);
        TestClock.advance(Duration.ofDays(20));
        moved(anna, customer("FR"), 499_99);
        var boris = customer("FR");
        moved(anna, boris, 1);

        var refused = send(anna, boris, 1);
        assertThat(refused.status()).isEqualTo(422);
        var problem = JsonPath.from(refused.body());
        assertThat(problem.getString("code")).isEqualTo("limit-exceeded");
        assertThat(problem.getMap("limit")).isEqualTo(Map.of("minor", 1_500_00, "currency", "EUR"));
        assertThat(problem.getMap("used")).isEqualTo(Map.of("minor", 1_500_00, "currency", "EUR"));
        assertThat(problem.getMap("remaining")).isEqualTo(Map.of("minor", 0, "currency", "EUR"));
        assertThat(problem.getString("rule")).isEqualTo("limit/EEA/SEND/PT720H");
        assertThat(problem.getString("required")).isEqualTo("verification");
        var resetsAt = Instant.parse(problem.getString("resetsAt"));
        assertThat(resetsAt).isEqualTo(first.plus(Duration.ofDays(30)));

        TestClock.advance(Duration.between(clock.instant(), resetsAt).minusSeconds(5));
        assertThat(send(anna, boris, 1).status()).isEqualTo(422);
        TestClock.advance(Duration.ofSeconds(10));
        moved(anna, boris, 1);
        moved(anna, boris, 499_99);
        assertThat(code(send(anna, boris, 1))).isEqualTo("limit-exceeded");
    }

    /** Two of one person, too, for whom it is another moment. */
    @Test
    void tellsEachOfAListFromWhenItsAmountFits() {
        var anna = customer("FR");
        var boris = customer("FR");
        fund(anna, 5_000_00);
        fund(boris, 5_000_00);
        var first = moved(anna, customer("FR"), 100_00);
        TestClock.advance(Duration.ofDays(3));
        var second = moved(anna, customer("FR"), 500_00);
        moved(anna, customer("FR"), 500_00);
        moved(anna, customer("FR"), 400_00);
        var ofBoris = moved(boris, customer("FR"), 500_00);
        moved(boris, customer("FR"), 500_00);
        moved(boris, customer("FR"), 500_00);

        var answers =
                teller.send(
                        Teller.Way.TOGETHER,
                        List.of(
                                attempt(anna, customer("FR"), eur(100_00)),
                                attempt(anna, customer("FR"), eur(100_01)),
                                attempt(boris, customer("FR"), eur(100_01))));

        assertThat(answers).extracting(CountryRulesTest::code).containsOnly("limit-exceeded");
        assertThat(answers)
                .extracting(it -> JsonPath.from(it.body()).getString("resetsAt"))
                .containsExactly(
                        first.plus(Duration.ofDays(30)).toString(),
                        second.plus(Duration.ofDays(30)).toString(),
                        ofBoris.plus(Duration.ofDays(30)).toString());
    }

    private Duration untilNoonOfAMonthsLastDay() {
        var now = clock.instant().atZone(ZoneId.of("Europe/Paris"));
        var noon = now.with(TemporalAdjusters.lastDayOfMonth()).with(LocalTime.NOON);
        if (!noon.isAfter(now)) {
            noon = noon.plusDays(1).with(TemporalAdjusters.lastDayOfMonth());
        }
        return Duration.between(now, noon);
    }

    @Test
    void countsWhatSomebodyReceivesToo() {
        var boris = customer("FR");
        for (var i = 0; i < 3; i++) {
            var payer = customer("FR");
            fund(payer, 500_00);
            moved(payer, boris, 500_00);
        }
        var payer = customer("FR");
        fund(payer, 500_00);
        var refused = send(payer, boris, 1);
        assertThat(code(refused)).isEqualTo("limit-exceeded");
        assertThat(JsonPath.from(refused.body()).getString("rule"))
                .isEqualTo("limit/EEA/RECEIVE/PT720H");
        // How much he has received, and when, is his to know.
        assertThat(JsonPath.from(refused.body()).getMap(""))
                .doesNotContainKeys("used", "remaining", "resetsAt", "required");
        assertThat(JsonPath.from(refused.body()).getString("detail")).startsWith("The payee");
    }

    @Test
    void whatIsRefusedForOtherReasonsUsesUpNothing() {
        var anna = customer("FR");
        fund(anna, 400_00);
        assertThat(code(send(anna, customer("FR"), 500_00))).isEqualTo("insufficient-funds");
        assertThat(code(send(anna, customer("DE"), 1))).isEqualTo("corridor-not-allowed");
        assertThat(Sql.<Long>value("select count(*) from limit_usage where customer = ?", anna))
                .isZero();
        moved(anna, customer("FR"), 400_00);
        assertThat(Sql.<Long>value("select minor from limit_usage where customer = ?", anna))
                .isEqualTo(400_00);
    }

    /**
     * In one list each is decided on what the ones before it left, limits and funds together. In
     * Russia, where nobody is asked to confirm.
     */
    @Test
    void aListIsDecidedInOrder() {
        var anna = customer("RU");
        var poor = customer("RU");
        waiting.fund(anna, rub(50_000_00));
        var list =
                List.of(
                        attempt(anna, customer("RU"), rub(15_000_00)),
                        attempt(poor, customer("RU"), rub(15_000_00)),
                        attempt(anna, customer("RU"), rub(15_000_00)),
                        attempt(anna, customer("RU"), rub(10_000_00)),
                        attempt(anna, customer("RU"), rub(1)));
        assertThat(teller.send(list))
                .extracting(Answer::status)
                .containsExactly(201, 422, 201, 201, 422);
    }

    /** No write skew: of two that race for the last of a limit exactly one gets it. */
    @Test
    void ofTwoThatRaceForTheLastOfALimitOneWins() throws Exception {
        var payers = russians(PAIRS);
        var payees = russians(PAIRS);
        inPortions(
                index ->
                        Posting.funding(
                                UUID.randomUUID(),
                                clock.instant(),
                                payers.get(index),
                                rub(60_000_00)),
                postings -> transactions.once(() -> ledger.post(postings)));
        for (var i = 0; i < 2; i++) {
            inPortions(
                    index -> attempt(payers.get(index), payees.get(index), rub(15_000_00)),
                    attempts ->
                            assertThat(teller.send(attempts))
                                    .extracting(Answer::status)
                                    .containsOnly(201));
        }
        var tasks = new ArrayList<Callable<Answer>>();
        for (var pair = 0; pair < PAIRS; pair++) {
            for (var i = 0; i < 2; i++) {
                var last = attempt(payers.get(pair), payees.get(pair), rub(10_000_00));
                tasks.add(() -> teller.send(List.of(last)).get(0));
            }
        }
        var answers = Race.run(16, tasks);
        for (var pair = 0; pair < PAIRS; pair++) {
            assertThat(answers.subList(2 * pair, 2 * pair + 2))
                    .extracting(Answer::status)
                    .containsExactlyInAnyOrder(201, 422);
        }
        assertThat(answers)
                .filteredOn(it -> it.status() == 422)
                .allMatch(it -> code(it).equals("limit-exceeded"));
    }

    private static <T> void inPortions(IntFunction<T> item, Consumer<List<T>> work) {
        for (var from = 0; from < PAIRS; from += 100) {
            work.accept(IntStream.range(from, Math.min(PAIRS, from + 100)).mapToObj(item).toList());
        }
    }

    /** Many at once, with numbers that nobody else counts to. */
    private static List<UUID> russians(int many) {
        var from = MANY.getAndAdd(many);
        return Sql.column(
                """
                insert into customer (id, phone, country, locale, visibility, state, created_at)
                select gen_random_uuid(), '+3368' || lpad(n::text, 7, '0'), 'RU', 'en', 'PRIVATE', 'ACTIVE',
                       now()
                  from generate_series(?, ?) n
                returning id
                """,
                from,
                from + many - 1);
    }

    @Test
    void aChannelThatIsOffIsSaidInThePersonsLanguageAndAnotherOneHasTheSameHistory() {
        var phone = Phones.next("RU");
        var telegram = TestPerson.signIn(phone, "telegram");
        telegram.request()
                .contentType("application/json")
                .body(Map.of("locale", "ru"))
                .patch("/v1/me")
                .then()
                .statusCode(200);
        telegram.fund(1_000_00, "RUB");
        var payee = TestPerson.signIn(Phones.next("RU"));
        telegram.send(payee, 1_00, "RUB", "first")
                .statusCode(422)
                .body("code", equalTo("channel-not-allowed"))
                .body("detail", containsString("Войдите через сайт"))
                .body("rule", equalTo("channel/RU-41"));

        var web = TestPerson.signIn(phone, "web");
        assertThat(web.id()).isEqualTo(telegram.id());
        web.send(payee, 1_00, "RUB", "second").statusCode(201);
        web.get("/v1/transfers").body("items", hasSize(2));
        telegram.get("/v1/transfers").body("items", hasSize(2));
        // A replay is the first answer, through whatever front end it is asked for.
        web.send(payee, 1_00, "RUB", "first").body("code", equalTo("channel-not-allowed"));
    }

    @Test
    void anUnregisteredFrontEndSignsNobodyIn() {
        TestPerson.startSignIn(Phones.next(), "nobody-knows-it")
                .statusCode(401)
                .body("code", equalTo("client-unknown"));
    }

    @Test
    void aCountryThatIsNotServedLooksAndMovesNothing() {
        var person = TestPerson.signIn(Phones.next("JP"));
        person.fund(100, "JPY");
        person.send(TestPerson.fresh(), 1, "JPY", "k")
                .statusCode(422)
                .body("code", equalTo("country-not-served"));
        assertThat(person.balance("JPY")).isEqualTo(100);
    }

    @Test
    void aDecisionIsKeptWithAllThatItLookedAtAndCanBeMadeAgain() throws Exception {
        var anna = customer("FR");
        fund(anna, 10_00);
        var answer = send(anna, customer("FR"), 1);
        var id = UUID.fromString(JsonPath.from(answer.body()).getString("id"));
        var kept =
                json.readTree(
                        Sql.<String>value("select ruling::text from transfer where id = ?", id));
        assertThat(kept.get("matched"))
                .extracting(it -> it.textValue())
                .contains("country/FR@1", "corridor/FR-FR@1", "amount/EEA@1");

        var again =
                rules.onTransferBy(
                        Sql.<Long>value("select rule_set from transfer where id = ?", id),
                        json.treeToValue(kept.get("actor"), Actor.class),
                        json.treeToValue(kept.get("payer"), Party.class),
                        json.treeToValue(kept.get("payee"), Party.class),
                        json.treeToValue(kept.get("channel"), Channel.class),
                        new Money(1, Currency.EUR),
                        at(answer));
        assertThat(again.refusal()).isNull();
        assertThat(again.matched())
                .containsExactly(json.convertValue(kept.get("matched"), String[].class));
    }

    @Test
    void aQuoteIsTheVerdictOfTheTransferAndMovesNothing() {
        var anna = TestPerson.signIn(Phones.next("FR"));
        anna.fund(450_00, "EUR");
        var boris = TestPerson.signIn(Phones.next("FR"));
        quote(anna, boris, 400_00)
                .statusCode(200)
                .body("verdict", equalTo("allowed"))
                .body("fee.minor", equalTo(0))
                .body("limits", hasSize(1))
                .body("limits[0].window", equalTo("PT720H"))
                .body("limits[0].limit.minor", equalTo(1_500_00))
                .body("limits[0].remaining.minor", equalTo(1_500_00))
                .body("problem", nullValue());
        assertThat(anna.balance("EUR")).isEqualTo(450_00);
        assertThat(boris.balance("EUR")).isZero();
        anna.get("/v1/transfers").body("items", hasSize(0));

        anna.confirm(anna.send(boris, 400_00, "EUR", "k").statusCode(201).extract().path("id"))
                .statusCode(200);
        quote(anna, boris, 50_01)
                .body("verdict", equalTo("refused"))
                .body("problem.code", equalTo("insufficient-funds"))
                .body("limits[0].used.minor", equalTo(400_00));
        quote(anna, boris, 500_01).body("problem.code", equalTo("amount-out-of-range"));
        quote(anna, anna, 1).body("problem.code", equalTo("payer-is-payee"));
    }

    private static ValidatableResponse quote(TestPerson payer, TestPerson payee, long minor) {
        return payer.request()
                .contentType("application/json")
                .body(
                        Map.of(
                                "payee",
                                Map.of("customerId", payee.id()),
                                "amount",
                                money(minor, "EUR"),
                                "fundingSource",
                                "wallet"))
                .post("/v1/quotes")
                .then();
    }

    /** A customer without the sign-in, which costs more than all the rest. */
    private UUID customer(String country) {
        var id = UUID.randomUUID();
        Sql.run(
                """
                insert into customer (id, phone, country, locale, visibility, state, created_at)
                values (?, ?, ?, 'en', 'PRIVATE', 'ACTIVE', now())
                """,
                id,
                Phones.next("FR"),
                country);
        return id;
    }

    private void fund(UUID person, long minor) {
        waiting.fund(person, minor);
    }

    private static Money eur(long minor) {
        return new Money(minor, Currency.EUR);
    }

    private static Money rub(long minor) {
        return new Money(minor, Currency.RUB);
    }

    private Attempt<SendMoney.Order> attempt(UUID payer, UUID payee, Money amount) {
        return teller.attempt(payer, payee, amount, UUID.randomUUID().toString());
    }

    private Answer send(UUID payer, UUID payee, long minor) {
        return teller.send(List.of(attempt(payer, payee, eur(minor)))).get(0);
    }

    /** When it was, by the payer's code where one was asked for. */
    private Instant moved(UUID payer, UUID payee, long minor) {
        var answer = send(payer, payee, minor);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        var made = JsonPath.from(answer.body());
        if (made.getString("state").equals("completed")) {
            return at(answer);
        }
        var phone = Sql.<String>value("select phone from customer where id = ?", payer);
        var confirmed =
                waiting.confirm(
                        new Waiting.Somebody(payer, phone),
                        UUID.fromString(made.getString("id")),
                        Waiting.codeOf(phone));
        assertThat(confirmed.state()).isEqualTo(TransferState.COMPLETED);
        return confirmed.completedAt();
    }

    private static Instant at(Answer answer) {
        return Instant.parse(JsonPath.from(answer.body()).getString("completedAt"));
    }

    private static String code(Answer answer) {
        return JsonPath.from(answer.body()).getString("code");
    }
}
