package kvit.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.Notice;
import kvit.card.Operation;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.Simulator;
import kvit.card.Speed;
import kvit.card.Told;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.payout.Payouts;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import kvit.topup.Charges;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is contested is posted once, held as far as it is there, and comes to one end. */
@KvitTest
class DisputeTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** A processor that says one thing when it is told, and another when it is asked. */
    private static class Saying implements MoneyOnly {
        private final Result said;
        private final Result found;

        Saying(Result said, Result found) {
            this.said = said;
            this.found = found;
        }

        @Override
        public Result carryOut(Operation operation) {
            return said;
        }

        @Override
        public Result find(Operation operation) {
            return found;
        }
    }

    @Inject Till till;
    @Inject Desk desk;
    @Inject Payouts payouts;
    @Inject Simulator simulated;
    @Inject Told told;
    @Inject SettleDisputes settleDisputes;
    @Inject DisputeStore store;
    @Inject Charges charges;
    @Inject HoldContested contested;
    @Inject DisputeConfig config;
    @Inject Ledger ledger;
    @Inject Outbox outbox;
    @Inject MoneyTransactions transactions;
    @Inject Clock clock;
    @Inject Ids ids;

    @Test
    void aChargebackHoldsWhatItTookFromTheWalletUntilSomebodyHasWon() {
        var person = Desk.withoutPin();
        var anna = person.id();
        var card = till.card(anna, SimulatedCard.CHARGED_BACK);
        person.post("/v1/top-ups", "k", Till.body(card, 10_00)).statusCode(201);

        TestClock.advance(Duration.ofHours(25));

        await().atMost(SOON).until(() -> "RECEIVED".equals(state(anna)));
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(Till.balance(anna)).isEqualTo(10_00);
        assertThat(events(anna)).contains("DisputeReceived");
        assertBooks(anna, 10_00, 0);

        told.tell(reversed(charge(anna), "dispute_of_" + charge(anna), 10_00));

        await().atMost(SOON).until(() -> "WON".equals(state(anna)));
        assertThat(held(anna)).isZero();
        assertThat(Till.balance(anna)).isEqualTo(10_00);
        assertThat(events(anna)).contains("DisputeWon");
        assertBooks(anna, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4_00, 10_00, 25_00})
    void whatIsLostIsBorneByTheWalletAsFarAsItGoesAndMayStillBeWon(long left) {
        var anna = toppedUp(10_00);
        var charge = charge(anna);
        leave(anna, left);
        var share = Math.min(left, 10_00);
        receive(anna, charge, "d-" + anna);
        assertThat(held(anna)).isEqualTo(share);

        settleDisputes.lose(id(anna));
        settleDisputes.lose(id(anna));

        assertThat(state(anna)).isEqualTo("LOST");
        assertThat(held(anna)).isZero();
        assertThat(Till.balance(anna)).isEqualTo(left - share);
        assertThat(events(anna)).containsOnlyOnce("DisputeLost");
        assertBooks(anna, 0, 10_00 - share);

        told.actUntilDone(told.tell(reversed(charge, "d-" + anna, 10_00)));
        assertThat(state(anna)).isEqualTo("WON");
        assertThat(Till.balance(anna)).isEqualTo(left);
        assertBooks(anna, 0, 0);
    }

    @Test
    void whatNobodyHasWonInTimeIsLost() {
        var anna = toppedUp(10_00);
        receive(anna, charge(anna), "d-" + anna);

        settlingIn(Duration.ofDays(119)).sweep();
        assertThat(state(anna)).isEqualTo("RECEIVED");

        settlingIn(Duration.ofDays(120)).sweep();
        assertThat(state(anna)).isEqualTo("LOST");
        assertThat(Till.balance(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    private SettleDisputes settlingIn(Duration time) {
        return new SettleDisputes(
                store,
                charges,
                contested,
                config,
                ledger,
                outbox,
                transactions,
                new Clock(() -> clock.instant().plus(time)),
                ids);
    }

    @Test
    void oneDisputeIsOneWhoeverTellsItAndHoweverOften() throws Exception {
        var anna = toppedUp(10_00);
        var notice = told.tell(chargeback(charge(anna), "d-" + anna, 10_00));

        Race.run(
                8,
                8,
                () -> {
                    told.act(notice);
                    return 0;
                });

        await().atMost(SOON).until(() -> !Told.isWaiting(notice));
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(events(anna)).containsOnlyOnce("DisputeReceived");
        assertBooks(anna, 10_00, 0);
    }

    /** As often as the processor takes the money and gives it back, the books say the same. */
    @Test
    void whatWasWonMayBeTakenAndWonOnceMore() {
        var anna = toppedUp(10_00);
        var charge = charge(anna);
        for (var round = 1; round <= 3; round++) {
            told.actUntilDone(told.tell(chargeback(charge, "d-" + anna, 10_00)));
            assertThat(states(anna)).hasSize(round).last().isEqualTo("RECEIVED");
            assertThat(held(anna)).isEqualTo(10_00);
            assertThat(openNow(anna)).isEqualTo(10_00);

            told.actUntilDone(told.tell(reversed(charge, "d-" + anna, 10_00)));
            assertThat(states(anna)).hasSize(round).containsOnly("WON");
            assertThat(held(anna)).isZero();
            assertThat(openNow(anna)).isZero();
        }
        told.actUntilDone(told.tell(chargeback(charge, "d-" + anna, 10_00)));
        settleDisputes.lose(lastId(anna));

        assertThat(states(anna)).containsExactly("WON", "WON", "WON", "LOST");
        assertThat(Till.balance(anna)).isZero();
        assertNoFindings();
    }

    @Test
    void ofTwoNoticesThatSayTheSameOneIsActedOn() {
        var anna = toppedUp(10_00);
        var taken = clock.instant();
        var given = taken.plusSeconds(60);
        var chargeback = chargeback(charge(anna), "d-" + anna, 10_00);
        var reversed = reversed(charge(anna), "d-" + anna, 10_00);
        for (var notice : List.of(told.tell(chargeback, taken), told.tell(chargeback, taken))) {
            told.actUntilDone(notice);
        }
        assertThat(states(anna)).containsExactly("RECEIVED");

        for (var notice :
                List.of(
                        told.tell(reversed, given),
                        told.tell(reversed, given),
                        told.tell(chargeback, taken))) {
            told.actUntilDone(notice);
        }
        // Processors count in seconds, so this may be the round after. Somebody has to look.
        var within = told.tell(chargeback, given);
        told.act(within);
        assertThat(Told.isWaiting(within)).isTrue();

        assertThat(states(anna)).containsExactly("WON");
        assertThat(held(anna)).isZero();
        assertNoFindings();
    }

    /** Which round a notice belongs to is told by when it happened, and not by when it came. */
    @Test
    void noticesOfTwoRoundsMayComeInAnyOrder() {
        var anna = toppedUp(10_00);
        var at = clock.instant();
        var chargeback = chargeback(charge(anna), "d-" + anna, 10_00);
        var reversed = reversed(charge(anna), "d-" + anna, 10_00);
        told.actUntilDone(told.tell(chargeback, at));

        var taken = told.tell(chargeback, at.plusSeconds(20));
        told.act(taken);
        assertThat(Told.isWaiting(taken)).isTrue();
        assertThat(states(anna)).containsExactly("RECEIVED");
        told.actUntilDone(told.tell(reversed, at.plusSeconds(10)));
        var given = told.tell(reversed, at.plusSeconds(30));
        told.act(given);
        assertThat(Told.isWaiting(given)).isTrue();
        assertThat(states(anna)).containsExactly("WON");

        told.actUntilDone(taken);
        assertThat(states(anna)).containsExactly("WON", "RECEIVED");
        // What is left of the first round says nothing about the second one.
        told.actUntilDone(told.tell(reversed, at.plusSeconds(10)));
        assertThat(states(anna)).containsExactly("WON", "RECEIVED");
        told.actUntilDone(given);

        assertThat(states(anna)).containsExactly("WON", "WON");
        assertThat(held(anna)).isZero();
        assertNoFindings();
    }

    /** What comes last is what holds: the money is away, whatever of the story comes later. */
    @Test
    void aSecondRoundThatComesFirstIsNotWonByTheReversalOfTheOneBefore() {
        var anna = toppedUp(10_00);
        var at = clock.instant();
        var chargeback = chargeback(charge(anna), "d-" + anna, 10_00);
        told.actUntilDone(told.tell(chargeback, at.plusSeconds(20)));

        var given = told.tell(reversed(charge(anna), "d-" + anna, 10_00), at.plusSeconds(10));
        told.act(given);
        assertThat(Told.isWaiting(given)).isTrue();
        told.actUntilDone(told.tell(chargeback, at));
        told.act(given);

        assertThat(states(anna)).containsExactly("RECEIVED");
        assertThat(held(anna)).isEqualTo(10_00);
        assertNoFindings();
    }

    @Test
    void whatCannotBeClosedKeepsNobodyElseOpen() throws SQLException {
        var anna = toppedUp(10_00);
        receive(anna, charge(anna), "d-" + anna);
        var boris = toppedUp(10_00);
        receive(boris, charge(boris), "d-" + boris);
        try (var busy = Sql.asOwner()) {
            busy.setAutoCommit(false);
            numbers(busy, "select 1 from dispute where customer = '" + anna + "' for update");

            settlingIn(Duration.ofDays(121)).sweep(1);

            busy.rollback();
        }
        assertThat(state(anna)).isEqualTo("RECEIVED");
        assertThat(state(boris)).isEqualTo("LOST");
    }

    /** Whoever still got at the wallet while it was waited for has asked before. */
    @Test
    void aChargebackIsReceivedWhenItHasTheWallet() throws Exception {
        var anna = toppedUp(10_00);
        var notice = told.tell(chargeback(charge(anna), "d-" + anna, 10_00));
        Instant waiting;
        try (var busy = Sql.asOwner()) {
            busy.setAutoCommit(false);
            var pid = locked(busy, "account where kind = 'WALLET' and owner = '" + anna + "'");
            waiting = whileSomebodyWaits(pid, notice);
            busy.rollback();
        }
        told.actUntilDone(notice);
        java.sql.Timestamp received =
                Sql.value("select received_at from dispute where customer = ?", anna);
        assertThat(received.toInstant()).isAfterOrEqualTo(waiting);
    }

    /** Else what comes back in the moment of a chargeback would be free, and it would lack it. */
    @Test
    void aChargebackWaitsForWhatIsJustComingBack() throws Exception {
        var anna = toppedUp(10_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        payouts.ask(anna, "out", card, 10_00, Speed.STANDARD);
        payouts.carryOut(simulated, anna, "out");
        var notice = told.tell(chargeback(charge(anna), "d-" + anna, 10_00));
        try (var busy = Sql.asOwner()) {
            busy.setAutoCommit(false);
            var pid = locked(busy, "payout where customer = '" + anna + "'");
            whileSomebodyWaits(pid, notice);
            busy.rollback();
        }
        told.actUntilDone(notice);
        assertThat(state(anna)).isEqualTo("RECEIVED");
    }

    private static int locked(Connection busy, String what) throws SQLException {
        return numbers(busy, "select pg_backend_pid() from " + what + " for update").get(0);
    }

    /** A moment at which whoever acts on it waits for that connection. */
    private Instant whileSomebodyWaits(int pid, Notice.Delivery notice) throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        try {
            var acting = thread.submit(() -> told.act(notice));
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> isWaitedFor(pid) || acting.isDone());
            assertThat(isWaitedFor(pid)).isTrue();
            return clock.instant();
        } finally {
            thread.shutdown();
        }
    }

    /** It is the customer's until it is handed over, so it is there to be held. */
    @Test
    void payoutsThatWaitAreStoppedAsFarAsTheWalletLacks() {
        var anna = toppedUp(10_00);
        payouts.fund(anna, 3_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        for (var minor : List.of(3_00L, 2_00L, 6_00L)) {
            pay(anna, card, minor);
        }
        assertThat(Till.balance(anna)).isEqualTo(2_00);

        receive(anna, charge(anna), "d-" + anna);

        // The newest go first, and the oldest is not needed.
        assertThat(payouts.standing(anna, "p300").isCancellable()).isTrue();
        for (var key : List.of("p200", "p600")) {
            var stopped = payouts.standing(anna, key);
            assertThat(stopped.state()).isEqualTo("CANCELLED");
            assertThat(stopped.declineCode()).isEqualTo("funds_contested");
        }
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(Till.balance(anna)).isEqualTo(10_00);
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
        settleDisputes.lose(id(anna));
        assertThat(Till.balance(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    @Test
    void whatIsHandedOverGoesOnAndIsHeldWhenItComesBack() {
        var anna = toppedUp(10_00);
        var card = till.card(anna, SimulatedCard.RETURNED);
        payouts.ask(anna, "out", card, 7_00, Speed.INSTANT);
        payouts.carryOut(simulated, anna, "out");
        receive(anna, charge(anna), "d-" + anna);
        var left = Till.balance(anna);
        assertThat(held(anna)).isEqualTo(left);
        // What comes from elsewhere is left alone.
        payouts.fund(anna, 50_00);

        carryOutToTheEnd(anna, "out");

        assertThat(payouts.standing(anna, "out").state()).isEqualTo("RETURNED");
        // With the fee of being quick.
        assertThat(left).isEqualTo(2_75);
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(Till.balance(anna)).isEqualTo(60_00);
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
        told.actUntilDone(told.tell(reversed(charge(anna), "d-" + anna, 10_00)));
        assertThat(held(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    /** Between the commit and the call: it was not sent, and must not be any more. */
    @Test
    void whatWasAboutToBeSentAndWasNotIsStopped() {
        var anna = toppedUp(10_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        payouts.ask(anna, "out", card, 10_00, Speed.STANDARD);
        var slow =
                new Saying(new Result.NotSent(Reason.NOT_CONNECTED), new Result.NotFound()) {
                    @Override
                    public Result carryOut(Operation operation) {
                        receive(anna, charge(anna), "d-" + anna);
                        return super.carryOut(operation);
                    }
                };
        payouts.carryOut(slow, anna, "out");
        assertThat(held(anna)).isZero();
        assertThat(payouts.standing(anna, "out").isCancellable()).isTrue();

        payouts.carryOut(simulated, anna, "out");

        assertThat(payouts.standing(anna, "out").state()).isEqualTo("CANCELLED");
        assertThat(payouts.standing(anna, "out").declineCode()).isEqualTo("funds_contested");
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(Payouts.pushes(anna)).isZero();
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
        settleDisputes.lose(id(anna));
        assertBooks(anna, 0, 0);
    }

    @Test
    void whatIsAskedForAfterTheChargebackIsPaidOut() {
        var anna = toppedUp(10_00);
        leave(anna, 0);
        receive(anna, charge(anna), "d-" + anna);
        payouts.fund(anna, 5_00);
        var card = till.card(anna, SimulatedCard.WORKS);

        payouts.ask(anna, "out", card, 5_00, Speed.STANDARD);
        payouts.carryOut(simulated, anna, "out");
        carryOutToTheEnd(anna, "out");

        assertThat(payouts.standing(anna, "out").state()).isEqualTo("PAID");
    }

    /** Two at once, of which each wants what waits. */
    @Test
    void twoDisputesOfOnePersonShareWhatIsThere() throws Exception {
        var anna = toppedUp(10_00);
        till.topUp(simulated, anna, "second", till.card(anna, SimulatedCard.WORKS), 10_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        for (var minor : List.of(9_00L, 8_00L)) {
            pay(anna, card, minor);
        }
        List<String> charges = Sql.column("select name from top_up where customer = ?", anna);
        var notices =
                charges.stream().map(it -> told.tell(chargeback(it, "d-" + it, 10_00))).toList();

        Race.run(
                2,
                notices.stream()
                        .map(
                                it ->
                                        (Callable<Integer>)
                                                () -> {
                                                    told.actUntilDone(it);
                                                    return 0;
                                                })
                        .toList());

        assertThat(states(anna)).containsExactly("RECEIVED", "RECEIVED");
        assertThat(held(anna)).isEqualTo(20_00);
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
        assertNoFindings();
    }

    @Test
    void whoeverItIsAboutIsTold() {
        var person = Desk.withoutPin();
        var anna = person.id();
        toppedUp(anna, 10_00);
        pay(anna, till.card(anna, SimulatedCard.WORKS), 4_00);

        receive(anna, charge(anna), "d-" + anna);

        awaitMessages(
                person,
                "your payout of 4.00 USD was stopped, because a payment from your card is disputed",
                "10.00 USD that came from your card is disputed. 10.00 USD is held");
        told.actUntilDone(told.tell(reversed(charge(anna), "d-" + anna, 10_00)));
        awaitMessages(person, "the dispute about 10.00 USD from your card is over");
        told.actUntilDone(told.tell(chargeback(charge(anna), "d-" + anna, 10_00)));
        settleDisputes.lose(lastId(anna));
        awaitMessages(person, "was lost. 10.00 USD was taken from your wallet");
    }

    private static void awaitMessages(TestPerson person, String... parts) {
        for (var part : parts) {
            await().atMost(SOON)
                    .until(() -> Desk.messages(person).stream().anyMatch(it -> it.contains(part)));
        }
    }

    @Test
    void aReversalThatComesFirstWaitsForItsChargeback() {
        var anna = toppedUp(10_00);
        var at = clock.instant();
        var first = told.tell(reversed(charge(anna), "d-" + anna, 10_00), at.plusSeconds(1));
        told.act(first);
        assertThat(Told.isWaiting(first)).isTrue();

        told.actUntilDone(told.tell(chargeback(charge(anna), "d-" + anna, 10_00), at));
        told.act(first);

        assertThat(state(anna)).isEqualTo("WON");
        assertThat(Told.isWaiting(first)).isFalse();
        assertBooks(anna, 0, 0);
    }

    @Test
    void aChargebackWaitsUntilItsTopUpIsInTheWallet() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var charge = "ch_" + anna;
        var slow = new Saying(new Result.Pending(charge), new Result.Done(charge));
        till.topUp(slow, anna, "k", card, 10_00);
        leaveToTheTest(anna);
        var notice = told.tell(chargeback(charge, "d-" + anna, 10_00));

        told.act(notice);

        assertThat(Told.isWaiting(notice)).isTrue();
        assertThat(state(anna)).isEqualTo("NONE");
        till.resolve(slow, anna, "k");
        told.actUntilDone(notice);
        assertThat(held(anna)).isEqualTo(10_00);
        assertBooks(anna, 10_00, 0);
    }

    /** Else all who pay by card would wait for one wallet that is busy, or for each other. */
    @Test
    void whoeverWinsLocksTheWalletFirstWhereItsAccountComesFirst() throws SQLException {
        var anna =
                Stream.generate(desk::somebody)
                        .filter(DisputeTest::isBeforeTheAccountsOfAll)
                        .findFirst()
                        .orElseThrow();
        toppedUp(anna, 10_00);
        receive(anna, charge(anna), "d-" + anna);
        try (var busy = Sql.asOwner()) {
            busy.setAutoCommit(false);
            var pid =
                    numbers(
                            busy,
                            "select pg_backend_pid() from account where kind = 'WALLET' and owner = '"
                                    + anna
                                    + "' for update");
            told.tell(reversed(charge(anna), "d-" + anna, 10_00));
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> isWaitedFor(pid.get(0)));

            var free =
                    numbers(
                            busy,
                            """
                            select 1 from account
                             where kind in ('CARD_CLEARING', 'CHARGEBACKS') and currency = 'USD'
                               for update skip locked
                            """);

            busy.rollback();
            assertThat(free).hasSize(2);
        }
        await().atMost(SOON).until(() -> "WON".equals(state(anna)));
        assertThat(held(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    private static boolean isBeforeTheAccountsOfAll(UUID customer) {
        var wallet = Account.wallet(customer, Currency.USD).id().toString();
        return Stream.of(Account.cardClearing(Currency.USD), Account.chargebacks(Currency.USD))
                .allMatch(it -> wallet.compareTo(it.id().toString()) < 0);
    }

    private static boolean isWaitedFor(int pid) {
        return Sql.<Long>value(
                        "select count(*) from pg_stat_activity where ? = any (pg_blocking_pids(pid))",
                        pid)
                > 0;
    }

    private static List<Integer> numbers(Connection connection, String sql) throws SQLException {
        var numbers = new ArrayList<Integer>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }

    @Test
    void theTableRefusesASecondEndAndAnotherDispute() {
        var anna = toppedUp(10_00);
        receive(anna, charge(anna), "d-" + anna);
        settleDisputes.lose(id(anna));
        for (var change :
                List.of(
                        "state = 'RECEIVED', lost_at = null",
                        "minor = minor + 1",
                        "held = 0",
                        "lost_at = received_at")) {
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update dispute set " + change + " where customer = ?",
                                            anna))
                    .hasStackTraceContaining("has ended or would become another");
        }
        assertThatThrownBy(() -> Sql.run("delete from dispute where customer = ?", anna))
                .isInstanceOf(IllegalStateException.class);
    }

    private UUID toppedUp(long minor) {
        var anna = desk.somebody();
        toppedUp(anna, minor);
        return anna;
    }

    private void toppedUp(UUID customer, long minor) {
        var card = till.card(customer, SimulatedCard.WORKS);
        till.topUp(simulated, customer, "k", card, minor);
    }

    /** Nobody else comes to it. */
    private static void leaveToTheTest(UUID customer) {
        Sql.run(
                "update top_up set due_at = due_at + interval '1 day'"
                        + " where customer = ? and state = 'PENDING'",
                customer);
    }

    /** Spends or gets the difference. */
    private void leave(UUID customer, long minor) {
        if (minor > 10_00) {
            payouts.fund(customer, minor - 10_00);
        } else if (minor < 10_00) {
            spend(customer, 10_00 - minor);
        }
    }

    /** It is handed over, so that nobody stops it. */
    private void spend(UUID customer, long minor) {
        var card = till.card(customer, SimulatedCard.WORKS);
        payouts.ask(customer, "spend", card, minor, Speed.STANDARD);
        payouts.carryOut(simulated, customer, "spend");
    }

    private void pay(UUID customer, UUID card, long minor) {
        payouts.payOut(customer, "p" + minor, card, minor);
    }

    /** However many steps it takes: each is one that the worker would make when it is due. */
    private void carryOutToTheEnd(UUID customer, String key) {
        for (var step = 0;
                step < 8 && payouts.standing(customer, key).state().equals("IN_TRANSIT");
                step++) {
            Payouts.letTimePass(customer);
            payouts.carryOut(simulated, customer, key);
        }
    }

    private void receive(UUID customer, String charge, String dispute) {
        told.actUntilDone(told.tell(chargeback(charge, dispute, 10_00)));
        assertThat(state(customer)).isEqualTo("RECEIVED");
    }

    private static Notice chargeback(String charge, String dispute, long minor) {
        return new Notice.Chargeback(charge, dispute, new Money(minor, Currency.USD), "fraudulent");
    }

    private static Notice reversed(String charge, String dispute, long minor) {
        return new Notice.ChargebackReversed(charge, dispute, new Money(minor, Currency.USD));
    }

    private static String charge(UUID customer) {
        return Sql.value("select name from top_up where customer = ?", customer);
    }

    private static UUID id(UUID customer) {
        return Sql.value("select id from dispute where customer = ?", customer);
    }

    private static UUID lastId(UUID customer) {
        return Sql.value(
                "select id from dispute where customer = ? order by round desc limit 1", customer);
    }

    /** Of all rounds, the first one first. */
    private static List<String> states(UUID customer) {
        return Sql.column("select state from dispute where customer = ? order by round", customer);
    }

    private static String state(UUID customer) {
        return Sql.<String>column("select state from dispute where customer = ?", customer).stream()
                .findFirst()
                .orElse("NONE");
    }

    private static long held(UUID customer) {
        return Sql.<Long>value(
                "select held from account where owner = ? and kind = 'WALLET'", customer);
    }

    private static List<String> events(UUID customer) {
        return Sql.column("select topic from outbox where key = ?", customer);
    }

    /** What of this dispute is open, and what is our loss; and that all of it adds up. */
    private static void assertBooks(UUID customer, long open, long loss) {
        var id = id(customer);
        assertThat(moved("CHARGEBACKS", id)).isEqualTo(-open);
        assertThat(moved("LOSSES", id)).isEqualTo(-loss);
        assertNoFindings();
    }

    /** What of all rounds is away. */
    private static long openNow(UUID customer) {
        List<UUID> rounds = Sql.column("select id from dispute where customer = ?", customer);
        return -rounds.stream().mapToLong(it -> moved("CHARGEBACKS", it)).sum();
    }

    private static void assertNoFindings() {
        assertThat(Verdicts.findings()).isEmpty();
    }

    private static long moved(String kind, UUID dispute) {
        return Sql.<Long>value(
                """
                select coalesce(sum(e.minor), 0)::bigint
                  from entry e join account a on a.id = e.account
                 where a.kind = ? and e.posting in (?, ?, ?)
                """,
                kind,
                dispute,
                Ids.named(dispute, "lost"),
                Ids.named(dispute, "won"));
    }
}
