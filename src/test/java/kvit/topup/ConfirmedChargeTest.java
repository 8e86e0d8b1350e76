package kvit.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusMock;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import kvit.card.CardProcessor;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.NonsenseRefused;
import kvit.card.Operation;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.SimulatedFault;
import kvit.card.Simulator;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.Role;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.DatabaseProxy;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import kvit.transfer.Expiry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A card is charged on as much of a word as the transfer needs, once, and not before. */
@KvitTest
class ConfirmedChargeTest {

    private static final String PATH = "/v1/transfers";
    private static final String PIN = "739164";
    private static final long IN_THE_WALLET = 5_00;
    private static final int ROUNDS = Integer.getInteger("kvit.waiting.rounds", 3);
    private static final AtomicBoolean KNOWN = new AtomicBoolean();
    private static final Duration SOON = Duration.ofSeconds(20);

    /** What the rules of a country want for an amount. */
    private enum Needs {
        CONFIRMATION("DE", 40_00, true, false, "4000/1/4000/1"),
        REVIEW(WaitingRules.REVIEWING, 20_00, false, true, "2000/1/0/0"),
        BOTH(WaitingRules.CONFIRMING, 150_00, true, true, "15000/1/15000/1");

        private final String country;
        private final long minor;
        private final boolean confirmation;
        private final boolean review;

        /** Minor units and moves that count, and those of them that were confirmed. */
        private final String counted;

        Needs(String country, long minor, boolean confirmation, boolean review, String counted) {
            this.country = country;
            this.minor = minor;
            this.confirmation = confirmation;
            this.review = review;
            this.counted = counted;
        }
    }

    private record Sent(
            TestPerson payer, TestPerson payee, UUID card, Map<String, Object> body, String id) {

        String path() {
            return PATH + "/" + id;
        }

        ValidatableResponse read() {
            return payer.get(path());
        }

        String state() {
            return read().extract().path("state");
        }
    }

    @Inject Till till;
    @Inject Simulator faults;
    @Inject CardProcessor processor;
    @Inject ResolveTopUps resolveTopUps;
    @Inject TopUpStore topUps;
    @Inject Expiry expiry;
    @Inject Ledger ledger;
    @Inject MoneyTransactions transactions;
    @Inject Clock clock;
    @Inject Ids ids;

    /** Each need with each outcome, and the shorter way of paying where it is confirmed. */
    static Stream<Arguments> waysAndOutcomes() {
        var outcomes =
                List.of(
                        SimulatedCard.WORKS,
                        SimulatedCard.INSUFFICIENT_FUNDS,
                        SimulatedCard.TIMES_OUT);
        var rows = new ArrayList<Arguments>();
        for (var card : outcomes) {
            rows.add(Arguments.of(Needs.CONFIRMATION, "card", card));
            for (var needs : Needs.values()) {
                rows.add(Arguments.of(needs, "walletThenCard", card));
            }
        }
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("waysAndOutcomes")
    void theCardIsChargedOnTheWordThatItNeedsAndNoSooner(
            Needs needs, String use, SimulatedCard kind) {
        var sent = waiting(needs, use, kind);
        var ofWallet = use.equals("card") ? 0 : IN_THE_WALLET;
        sent.read()
                .body("state", equalTo(needs.confirmation ? "requires_confirmation" : "pending"))
                .body("charged.minor", equalTo((int) (needs.minor - ofWallet)))
                .body("expiresAt", notNullValue());
        assertThat(held(sent.payer())).isEqualTo(ofWallet);
        assertThat(intended(sent)).isEmpty();
        sent.payee().get(sent.path()).statusCode(404);

        if (needs.confirmation) {
            var byPin = needs.review;
            var answer = byPin ? byPin(sent) : byCode(sent);
            if (needs.review) {
                answer.statusCode(200).body("state", equalTo("pending"));
                assertThat(intended(sent)).isEmpty();
            } else {
                assertConfirmed(answer, kind, sent.id());
            }
        }
        if (needs.review) {
            assertLetThrough(approve(sent), kind);
        }
        resolve(sent);

        var isPaid = kind != SimulatedCard.INSUFFICIENT_FUNDS;
        sent.read()
                .body("state", equalTo(isPaid ? "completed" : "declined"))
                .body("declineCode", isPaid ? nullValue() : equalTo("card-declined"))
                .body("charged.minor", equalTo((int) (isPaid ? needs.minor - ofWallet : 0)));
        assertThat(held(sent.payer())).isZero();
        assertThat(sent.payer().balance("EUR")).isEqualTo(IN_THE_WALLET - (isPaid ? ofWallet : 0));
        assertThat(sent.payee().balance("EUR")).isEqualTo(isPaid ? needs.minor : 0);
        assertThat(Till.charges(sent.payer().id())).isEqualTo(isPaid ? 1 : 0);
        assertThat(counted(sent.payer())).isEqualTo(isPaid ? needs.counted : "0/0/0/0");
        // The first answer is what the key stands for, whatever has become of it.
        sent.payer()
                .post(PATH, "k", sent.body())
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .body("state", equalTo(needs.confirmation ? "requires_confirmation" : "pending"));
        assertSound(sent);
    }

    private static void assertConfirmed(
            ValidatableResponse answer, SimulatedCard kind, String transfer) {
        switch (kind) {
            case WORKS -> answer.statusCode(200).body("state", equalTo("completed"));
            case TIMES_OUT -> answer.statusCode(200).body("state", equalTo("pending"));
            default ->
                    answer.statusCode(422)
                            .body("code", equalTo("card-declined"))
                            .body("declineCode", equalTo("insufficient_funds"))
                            .body("transferId", equalTo(transfer));
        }
    }

    private static void assertLetThrough(ValidatableResponse answer, SimulatedCard kind) {
        answer.statusCode(200)
                .body("completed", equalTo(kind == SimulatedCard.WORKS))
                .body(
                        "declineCode",
                        kind == SimulatedCard.INSUFFICIENT_FUNDS
                                ? equalTo("card-declined")
                                : nullValue());
    }

    @Test
    void whatTheWalletCoversNeedsTheWordAndNoCard() {
        var payer = somebody("DE");
        payer.fund(100_00, "EUR");
        var sent = send(payer, somebody("DE"), 40_00, "walletThenCard", SimulatedCard.WORKS);
        sent.read().body("charged.minor", equalTo(0));
        assertThat(held(payer)).isEqualTo(40_00);

        byCode(sent).statusCode(200).body("state", equalTo("completed"));

        assertThat(Till.charges(payer.id())).isZero();
        assertThat(payer.balance("EUR")).isEqualTo(60_00);
        assertThat(counted(payer)).isEqualTo("4000/1/4000/1");
        assertSound(sent);
    }

    @Test
    void whatIsTakenBackOrWaitsForTooLongLeavesTheCardAlone() {
        var cancelled = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
        var code = TestPerson.codeOf(cancelled.payer().phone());
        cancelled
                .payer()
                .post(cancelled.path() + "/cancellation", "c", Map.of())
                .statusCode(200)
                .body("state", equalTo("cancelled"))
                .body("charged.minor", equalTo(0));
        confirm(cancelled, code).statusCode(422).body("code", equalTo("transfer-not-confirmable"));
        var late = waiting(Needs.CONFIRMATION, "card", SimulatedCard.WORKS);
        Sql.run("update transfer set expires_at = created_at where id = ?", uuid(late));
        byCode(late).statusCode(422).body("code", equalTo("confirmation-expired"));
        expiry.sweep();
        late.read().body("state", equalTo("expired"));
        var rejected = waiting(Needs.REVIEW, "walletThenCard", SimulatedCard.WORKS);
        review(rejected, "reject").statusCode(200).body("declineCode", equalTo("review-rejected"));

        for (var sent : List.of(cancelled, late, rejected)) {
            assertThat(intended(sent)).isEmpty();
            assertThat(held(sent.payer())).isZero();
            assertThat(sent.payer().balance("EUR")).isEqualTo(IN_THE_WALLET);
            assertSound(sent);
        }
    }

    /** What may have changed while it waited is asked before anything is charged. */
    @ParameterizedTest
    @CsvSource({
        "the card is removed, CONFIRMATION, card-not-active",
        "the card is removed, REVIEW, card-not-active",
        "the payee is frozen, CONFIRMATION, customer-frozen",
        "the payer is frozen, REVIEW, customer-frozen",
        "the limit is used up, CONFIRMATION, limit-exceeded"
    })
    void whatMayNotBeAnyMoreIsDeclinedBeforeTheCharge(String change, Needs needs, String code) {
        var sent = waiting(needs, "walletThenCard", SimulatedCard.WORKS);
        var smsCode = TestPerson.codeOf(sent.payer().phone());
        change(change, sent);

        if (needs == Needs.CONFIRMATION) {
            confirm(sent, smsCode)
                    .statusCode(422)
                    .body("code", equalTo(code))
                    .body("transferId", equalTo(sent.id()));
            confirm(sent, smsCode)
                    .statusCode(422)
                    .body("code", equalTo("transfer-not-confirmable"));
        } else {
            approve(sent)
                    .statusCode(200)
                    .body("completed", equalTo(false))
                    .body("declineCode", equalTo(code));
        }

        sent.read().body("state", equalTo("declined")).body("declineCode", equalTo(code));
        assertThat(intended(sent)).isEmpty();
        assertThat(held(sent.payer())).isZero();
        assertSound(sent);
    }

    private static void change(String change, Sent sent) {
        switch (change) {
            case "the card is removed" ->
                    sent.payer()
                            .request()
                            .delete("/v1/cards/" + sent.card())
                            .then()
                            .statusCode(204);
            case "the payee is frozen" -> freeze(sent.payee());
            case "the payer is frozen" -> freeze(sent.payer());
            default ->
                    Sql.run(
                            """
                            with sent as (
                                update limit_counter set minor = 149999, moves = 1
                                 where customer = ? and operation = 'SEND' returning *
                            )
                            insert into limit_usage (customer, currency, operation, moves, minor, at, cause)
                            select customer, currency, operation, moves, minor,
                                   (select created_at from transfer where id = ?), customer
                              from sent
                            """,
                            sent.payer().id(),
                            uuid(sent));
        }
    }

    private static void freeze(TestPerson person) {
        Sql.run("update customer set state = 'FROZEN' where id = ?", person.id());
    }

    /** RTS (EU) 2018/389, article 5: which card pays how much is agreed to as well. */
    @ParameterizedTest
    @CsvSource({"'{charged,minor}', 3600", "'{card}', '\"019a0000-0000-7000-8000-000000000001\"'"})
    void anyChangeOfTheWayOfPayingKillsTheCode(String path, String value) {
        var sent = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
        var code = TestPerson.codeOf(sent.payer().phone());
        String before = Sql.value("select funding::text from transfer where id = ?", uuid(sent));
        alter("jsonb_set(funding, '" + path + "', '" + value + "')", sent);
        try {
            confirm(sent, code).statusCode(422).body("code", equalTo("code-wrong"));
        } finally {
            alter("'" + before + "'::jsonb", sent);
        }
        assertThat(intended(sent)).isEmpty();
        confirm(sent, code).statusCode(200).body("state", equalTo("completed"));
        assertSound(sent);
    }

    private static void alter(String funding, Sent sent) {
        Sql.run("alter table transfer disable trigger user");
        try {
            Sql.run("update transfer set funding = " + funding + " where id = ?", uuid(sent));
        } finally {
            Sql.run("alter table transfer enable trigger user");
        }
    }

    @Test
    void manyConfirmationsAtOnceAreOneCharge() throws Exception {
        var sent = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
        var json = code(TestPerson.codeOf(sent.payer().phone()));

        var answers =
                Race.run(12, 12, () -> Http.post(sent.payer(), confirmation(sent), null, json));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers)
                .extracting(HttpResponse::body)
                .allMatch(it -> it.contains("\"completed\"") || it.contains("\"pending\""))
                .anyMatch(it -> it.contains("\"completed\""));
        assertThat(Till.charges(sent.payer().id())).isEqualTo(1);
        assertThat(sent.payee().balance("EUR")).isEqualTo(Needs.CONFIRMATION.minor);
        assertThat(counted(sent.payer())).isEqualTo("4000/1/4000/1");
        assertSound(sent);
    }

    /** A code, a second thought and the end of the time: one of them is first. */
    @Test
    void ofConfirmationCancellationAndExpiryExactlyOneWins() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var sent = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
            var json = code(TestPerson.codeOf(sent.payer().phone()));
            Sql.run(
                    "update transfer set expires_at = ? where id = ?",
                    Timestamp.from(clock.instant().plusMillis(round % 3 == 2 ? 15 : 60_000)),
                    uuid(sent));
            var contenders = new ArrayList<Callable<String>>();
            for (var i = 0; i < 3; i++) {
                var key = "c" + i;
                contenders.add(() -> won(Http.post(sent.payer(), confirmation(sent), null, json)));
                contenders.add(
                        () -> won(Http.post(sent.payer(), sent.path() + "/cancellation", key, "")));
                contenders.add(
                        () -> {
                            expiry.sweep();
                            return "";
                        });
            }

            var won = Race.run(9, contenders);

            await().atMost(SOON).until(() -> !sent.state().equals("requires_confirmation"));
            var state = sent.state();
            var isPaid = state.equals("completed");
            assertThat(won)
                    .filteredOn(it -> !it.isEmpty())
                    .as("%s in round %d", state, round)
                    .allMatch(it -> it.equals(state) || (isPaid && it.equals("pending")));
            assertThat(Till.charges(sent.payer().id())).as(state).isEqualTo(isPaid ? 1 : 0);
            assertThat(held(sent.payer())).isZero();
            assertThat(sent.payee().balance("EUR")).isEqualTo(isPaid ? 40_00 : 0);
            assertSound(sent);
        }
    }

    /** What they were told that has become of it; nothing where they were refused. */
    private static String won(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            return "";
        }
        return Stream.of("completed", "pending", "cancelled")
                .filter(it -> answer.body().contains("\"state\":\"" + it + "\""))
                .findFirst()
                .orElse(answer.body());
    }

    /** Every way a charge can fail, once the payer has confirmed: in the end both or neither. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FIND_TIMEOUT", "FIND_ERROR"})
    void whateverTheProcessorDoesAConfirmedTransferIsOneChargeOrNone(SimulatedFault fault) {
        var sent = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
        faults.addFault(fault, till.reference(sent.card()));

        assertThat(byCode(sent).extract().statusCode()).isIn(200, 422);
        Sql.run("delete from simulated_fault where card = ?", till.reference(sent.card()));
        Till.letTimePass(sent.payer().id());
        resolve(sent);

        var isPaid = sent.state().equals("completed");
        assertThat(sent.state()).isIn("completed", "declined");
        assertThat(held(sent.payer())).isZero();
        assertThat(sent.payer().balance("EUR")).isEqualTo(isPaid ? 0 : IN_THE_WALLET);
        assertThat(sent.payee().balance("EUR")).isEqualTo(isPaid ? 40_00 : 0);
        assertThat(Till.charges(sent.payer().id())).isEqualTo(isPaid ? 1 : 0);
        var again = byCode(sent);
        if (isPaid) {
            again.statusCode(200).body("state", equalTo("completed"));
        } else {
            again.statusCode(422)
                    .body("code", equalTo("card-declined"))
                    .body("declineCode", notNullValue())
                    .body("transferId", equalTo(sent.id()));
        }
        assertThat(Till.charges(sent.payer().id())).isEqualTo(isPaid ? 1 : 0);
        assertSound(sent);
    }

    @ParameterizedTest
    @EnumSource(DatabaseProxy.Cut.class)
    void whoeverLosesTheAnswerToTheConfirmationChargesOnce(DatabaseProxy.Cut where) {
        var sent = waiting(Needs.CONFIRMATION, "card", SimulatedCard.WORKS);
        var code = TestPerson.codeOf(sent.payer().phone());
        // What the intention is written with, in the transaction of the confirmation.
        var reference = till.reference(sent.card());
        DatabaseProxy.cutCommitOf(reference, where);

        confirm(sent, code).statusCode(200).body("state", equalTo("completed"));

        assertThat(DatabaseProxy.isPending(reference)).isFalse();
        assertThat(Till.charges(sent.payer().id())).isEqualTo(1);
        assertSound(sent);
    }

    /** So that nobody finds out after the commit that it is not their turn. */
    @Test
    void whileAllTurnsAreTakenNothingIsStoredAndTheSameRequestMayComeAgain() {
        var confirmed = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
        var code = TestPerson.codeOf(confirmed.payer().phone());
        var reviewed = waiting(Needs.REVIEW, "card", SimulatedCard.WORKS);
        var atOnce = somebody("DE");
        var card = till.card(atOnce.id(), SimulatedCard.WORKS);
        var body = body(somebody("DE"), 10_00, "card", card);
        var turns = new ArrayList<CardProcessor.Turn>();
        try {
            // Workers take one for a moment, too.
            await().atMost(SOON).until(() -> allTaken(turns));
            atOnce.post(PATH, "k", body)
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .body("code", equalTo("card-processor-unavailable"));
            confirm(confirmed, code)
                    .statusCode(503)
                    .body("code", equalTo("card-processor-unavailable"));
            approve(reviewed).statusCode(503);
            assertThat(Sql.column("select 1 from transfer where payer = ?", atOnce.id())).isEmpty();
            assertThat(confirmed.state()).isEqualTo("requires_confirmation");
            assertThat(held(confirmed.payer())).isEqualTo(IN_THE_WALLET);
            assertThat(Sql.column("select 1 from audit where resource = ?", reviewed.id()))
                    .isEmpty();
        } finally {
            turns.forEach(CardProcessor.Turn::close);
        }

        atOnce.post(PATH, "k", body).statusCode(201).body("state", equalTo("completed"));
        confirm(confirmed, code).statusCode(200).body("state", equalTo("completed"));
        approve(reviewed).body("completed", equalTo(true));
        assertSound(confirmed);
        assertSound(reviewed);
    }

    private boolean allTaken(List<CardProcessor.Turn> turns) {
        Optional<CardProcessor.Turn> turn;
        while ((turn = processor.turn()).isPresent()) {
            turns.add(turn.get());
        }
        return turns.size() == 10;
    }

    @Test
    void aTurnIsGivenBackHoweverItEnds() {
        var sent = waiting(Needs.CONFIRMATION, "card", SimulatedCard.INSUFFICIENT_FUNDS);
        for (var i = 0; i < 12; i++) {
            byCode(sent).statusCode(422);
        }
        var turns = new ArrayList<CardProcessor.Turn>();
        try {
            await().atMost(SOON).until(() -> allTaken(turns));
        } finally {
            turns.forEach(CardProcessor.Turn::close);
        }
    }

    /** A call that was understood and refused has done nothing, and there is no other. */
    @Test
    void whatTheProcessorDoesNotAcceptIsDeclinedAndSeen() {
        var sent = waiting(Needs.CONFIRMATION, "walletThenCard", SimulatedCard.WORKS);
        var reference = till.reference(sent.card());
        QuarkusMock.installMockForType(new Refusing(processor(), reference), CardProcessor.class);

        byCode(sent)
                .statusCode(422)
                .body("code", equalTo("card-declined"))
                .body("declineCode", equalTo("not_accepted"))
                .body("transferId", equalTo(sent.id()));

        assertThat(sent.state()).isEqualTo("declined");
        assertThat(held(sent.payer())).isZero();
        assertThat(
                        Sql.<String>column(
                                "select decline_code from top_up where transfer = ? and due_at > now()",
                                uuid(sent)))
                .as("found by operators, and looked for once more")
                .containsExactly("not_accepted");
        assertSound(sent);
    }

    private CardProcessor processor() {
        return io.quarkus.arc.ClientProxy.unwrap(processor);
    }

    /** Refuses the charges of one card as nonsense. */
    private record Refusing(CardProcessor behind, String reference) implements MoneyOnly {

        @Override
        public Result carryOut(Operation operation) {
            if (operation instanceof Operation.Charge charge && charge.card().equals(reference)) {
                throw new NonsenseRefused("a test does not take it");
            }
            return behind.carryOut(operation);
        }

        @Override
        public Result find(Operation operation) {
            return behind.find(operation);
        }
    }

    /** The wallet happens to have it, and was not asked to pay. */
    @Test
    void theWalletDoesNotPayForAChargeThatCannotBeCounted() {
        var sent = waiting(Needs.CONFIRMATION, "card", SimulatedCard.TIMES_OUT);
        faults.addFault(SimulatedFault.FIND_TIMEOUT, till.reference(sent.card()));
        byCode(sent).statusCode(200).body("state", equalTo("pending"));
        var much = Money.MINOR_MAX - IN_THE_WALLET - 100;
        var fill =
                new Posting(
                        ids.next(),
                        "funding",
                        clock.instant(),
                        List.of(
                                line(Account.world(Currency.EUR), -much / 2),
                                line(Account.cardClearing(Currency.EUR), -(much - much / 2)),
                                line(Account.wallet(sent.payer().id(), Currency.EUR), much)),
                        null,
                        null);
        transactions.once(() -> ledger.post(List.of(fill)));
        try {
            resolve(sent);
        } finally {
            transactions.once(() -> ledger.reverse(fill.id(), ids.next()));
        }

        sent.read()
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("balance-out-of-range"));
        await().atMost(SOON).until(() -> Till.returned(sent.payer().id()) == 1);
        assertThat(sent.payer().balance("EUR")).isEqualTo(IN_THE_WALLET);
        assertThat(sent.payee().balance("EUR")).isZero();
        byCode(sent)
                .statusCode(422)
                .body("code", equalTo("balance-out-of-range"))
                .body("detail", equalTo("It cannot be any more; what was charged goes back."));
        assertSound(sent);
    }

    private static Posting.Line line(Account account, long minor) {
        return new Posting.Line(account, minor);
    }

    /** Thirty at once and a hundred altogether, whichever of the two pays. */
    @Test
    void whatCardsAreBeingChargedForCountsForTheWalletAsWellAndOnce() {
        var payer = somebody("DE");
        var payee = somebody("DE");
        payer.fund(500_00, "EUR");
        var slow = till.card(payer.id(), SimulatedCard.TIMES_OUT);
        for (var i = 0; i < 3; i++) {
            payer.post(PATH, "c" + i, body(payee, 29_00, "card", slow))
                    .body("state", equalTo("pending"));
        }
        // 87.00 are under way: 13.00 are left of a tap, and nothing of it was written.
        payer.send(payee, 13_01, "EUR", "w0").body("state", equalTo("requires_confirmation"));
        payer.send(payee, 13_00, "EUR", "w1").body("state", equalTo("completed"));
        assertThat(counted(payer)).isEqualTo("1300/1/0/0");
        payer.send(payee, 1, "EUR", "w2").body("state", equalTo("requires_confirmation"));

        Sql.run("update top_up set due_at = created_at where customer = ?", payer.id());
        await().atMost(SOON).until(() -> counted(payer).equals("10000/4/0/0"));

        payer.send(payee, 1, "EUR", "w3").body("state", equalTo("requires_confirmation"));
        var confirmed = send(payer, payee, 40_00, "card", slow, "c3");
        byCode(confirmed).body("state", equalTo("pending"));
        // It was confirmed, so that the count began anew and it is not among what is counted.
        assertThat(counted(payer)).isEqualTo("10000/4/10000/4");
        payer.send(payee, 30_00, "EUR", "w4").body("state", equalTo("completed"));
        resolve(confirmed);
        assertThat(counted(payer)).isEqualTo("17000/6/14000/5");
        assertSound(confirmed);
    }

    @Test
    void aDecisionAboutACardCanBeAskedForItsReasons() {
        var admin = TestOperator.with(Role.ADMIN);
        var sent = waiting(Needs.CONFIRMATION, "card", SimulatedCard.WORKS);
        admin.post("/v1/admin/rules/evaluation", Map.of("transferId", sent.id()))
                .statusCode(200)
                .body("verdict", equalTo("allowed"))
                .body("demands", equalTo(List.of("CONFIRMATION")))
                .body("matched.id", hasItem("confirmation/EEA"));
        var credit = till.card(sent.payer().id(), SimulatedCard.CREDIT);
        String refused =
                sent.payer()
                        .post(PATH, "c", body(sent.payee(), 5_00, "card", credit))
                        .statusCode(422)
                        .body("code", equalTo("funding-source-unusable"))
                        .extract()
                        .path("transferId");
        admin.post("/v1/admin/rules/evaluation", Map.of("transferId", refused))
                .statusCode(200)
                .body("verdict", equalTo("refused"))
                .body("code", equalTo("funding-source-unusable"))
                .body("recorded", equalTo("funding-source-unusable"));
        sent.payer().get(PATH + "/" + refused).body("charged.minor", equalTo(0));
    }

    @Test
    void whatIsBeingChargedIsFoundAsPendingAndByNoOtherName() {
        var sent = waiting(Needs.CONFIRMATION, "card", SimulatedCard.TIMES_OUT);
        faults.addFault(SimulatedFault.FIND_TIMEOUT, till.reference(sent.card()));
        byCode(sent).body("state", equalTo("pending"));

        sent.payer().get(PATH + "?state=pending").body("items.id", hasItem(sent.id()));
        sent.payer()
                .get(PATH + "?state=charging")
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors[0].message", not(equalTo("charging")));
        sent.payer()
                .post(sent.path() + "/cancellation", "c", Map.of())
                .statusCode(422)
                .body("code", equalTo("transfer-not-cancellable"))
                .body("state", equalTo("pending"));
        review(sent, "approve").statusCode(422).body("code", equalTo("transfer-not-reviewable"));
        resolve(sent);
        assertSound(sent);
    }

    @Test
    void theDatabaseKnowsThatWhatIsChargingHasACharge() {
        var sent = waiting(Needs.CONFIRMATION, "card", SimulatedCard.WORKS);
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update transfer set state = 'CHARGING' where id = ?",
                                        uuid(sent)))
                .hasStackTraceContaining("transfer_has_charge");
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        """
                                        insert into top_up (id, customer, card, minor, currency, state,
                                                            reference, sent_at, sent_by, created_at, due_at,
                                                            transfer)
                                        values (gen_random_uuid(), ?, ?, 1, 'EUR', 'PENDING', 'r', now(),
                                                gen_random_uuid(), now(), now(), ?)
                                        """,
                                        sent.payee().id(),
                                        sent.card(),
                                        uuid(sent)))
                .hasStackTraceContaining("top_up_pays");
        assertThat(sent.state()).isEqualTo("requires_confirmation");
    }

    /** Somebody's transfer that waits, as their quote has said. */
    private Sent waiting(Needs needs, String use, SimulatedCard kind) {
        awaitRules(needs);
        var payer = somebody(needs.country);
        payer.fund(IN_THE_WALLET, "EUR");
        if (needs.confirmation && needs.review) {
            Desk.setPin(payer);
        }
        var sent = send(payer, somebody(needs.country), needs.minor, use, kind);
        quote(payer, sent.body())
                .body("verdict", equalTo("allowed"))
                .body("confirmation", needs.confirmation ? equalTo("code") : nullValue())
                .body("review", equalTo(needs.review));
        return sent;
    }

    /** Those of Swedes and Danes are a test's own, and are decided by some seconds later. */
    private static void awaitRules(Needs needs) {
        if (needs == Needs.CONFIRMATION || KNOWN.get()) {
            return;
        }
        WaitingRules.publish();
        var payer = somebody(WaitingRules.REVIEWING);
        var body = new HashMap<>(body(somebody(WaitingRules.REVIEWING), 20_00, "card", payer.id()));
        body.remove("fundingSource");
        payer.fund(100_00, "EUR");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> quote(payer, body).extract().<Boolean>path("review"));
        KNOWN.set(true);
    }

    private static ValidatableResponse quote(TestPerson payer, Map<String, Object> body) {
        return payer.request()
                .contentType("application/json")
                .body(body)
                .post("/v1/quotes")
                .then()
                .statusCode(200);
    }

    private static TestPerson somebody(String country) {
        var person = Desk.withoutPin();
        Desk.patch(person, Map.of("country", country));
        return person;
    }

    private Sent send(
            TestPerson payer, TestPerson payee, long minor, String use, SimulatedCard kind) {
        var card = till.card(payer.id(), kind);
        // That of the card is on its way, and would come between.
        assertThat(TestPerson.codeOf(payer.phone())).isNotNull();
        return send(payer, payee, minor, use, card, "k");
    }

    private static Sent send(
            TestPerson payer, TestPerson payee, long minor, String use, UUID card, String key) {
        var body = body(payee, minor, use, card);
        String id = payer.post(PATH, key, body).statusCode(201).extract().path("id");
        return new Sent(payer, payee, card, body, id);
    }

    private static Map<String, Object> body(TestPerson payee, long minor, String use, UUID card) {
        return Map.of(
                "payee",
                Map.of("customerId", payee.id()),
                "amount",
                TestPerson.money(minor, "EUR"),
                "fundingSource",
                Map.of("cardId", card, "use", use));
    }

    private static String confirmation(Sent sent) {
        return sent.path() + "/confirmation";
    }

    private static String code(String code) {
        return "{\"code\":\"" + code + "\"}";
    }

    private static ValidatableResponse byCode(Sent sent) {
        return confirm(sent, TestPerson.codeOf(sent.payer().phone()));
    }

    private static ValidatableResponse byPin(Sent sent) {
        return sent.payer().confirmByPin(sent.id(), PIN);
    }

    private static ValidatableResponse confirm(Sent sent, String code) {
        return sent.payer()
                .request()
                .contentType("application/json")
                .body(code(code))
                .post(confirmation(sent))
                .then();
    }

    private static ValidatableResponse approve(Sent sent) {
        return review(sent, "approve");
    }

    private static ValidatableResponse review(Sent sent, String decision) {
        return TestOperator.with(Role.FINANCE)
                .post(
                        "/v1/admin/reviews/" + sent.id(),
                        Map.of("decision", decision, "reason", "I have looked at it."));
    }

    /** Asks now what a worker would ask soon. */
    private void resolve(Sent sent) {
        Sql.run("delete from simulated_fault where card = ?", till.reference(sent.card()));
        topUps.findPaying(uuid(sent)).filter(TopUp::isPending).ifPresent(resolveTopUps::resolve);
        assertThat(sent.state()).isNotEqualTo("pending");
    }

    private static UUID uuid(Sent sent) {
        return UUID.fromString(sent.id());
    }

    private static List<Instant> intended(Sent sent) {
        return Sql.column("select created_at from top_up where transfer = ?", uuid(sent));
    }

    private static long held(TestPerson person) {
        return Sql.<Long>value(
                "select coalesce(sum(held), 0)::bigint from account where owner = ?", person.id());
    }

    /** What they have sent, how often, and what of both no threshold counts any more. */
    private static String counted(TestPerson payer) {
        return Sql.<String>column(
                        """
                        select concat_ws('/', minor, moves, confirmed_minor, confirmed_moves)
                          from limit_counter where customer = ? and operation = 'SEND'
                        """,
                        payer.id())
                .stream()
                .findFirst()
                .orElse("0/0/0/0");
    }

    private static void assertSound(Sent sent) {
        await().atMost(SOON)
                .until(
                        () ->
                                Till.contradictions(Set.of(sent.payer().id(), sent.payee().id()))
                                        .isEmpty());
    }
}
