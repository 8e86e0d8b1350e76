package kvit.card;

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
import java.util.stream.Stream;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
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
    @Inject SimulatedProcessor simulated;
    @Inject Notices notices;
    @Inject ActOnNotices actOnNotices;
    @Inject SettleDisputes settleDisputes;
    @Inject DisputeStore store;
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
        assertThat(Payouts.balance(anna)).isEqualTo(10_00);
        assertThat(events(anna)).contains("DisputeReceived");
        assertBooks(anna, 10_00, 0);

        tell(reversed(charge(anna), "dispute_of_" + charge(anna), 10_00));

        await().atMost(SOON).until(() -> "WON".equals(state(anna)));
        assertThat(held(anna)).isZero();
        assertThat(Payouts.balance(anna)).isEqualTo(10_00);
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
        assertThat(Payouts.balance(anna)).isEqualTo(left - share);
        assertThat(events(anna)).containsOnlyOnce("DisputeLost");
        assertBooks(anna, 0, 10_00 - share);

        actUntilDone(tell(reversed(charge, "d-" + anna, 10_00)));
        assertThat(state(anna)).isEqualTo("WON");
        assertThat(Payouts.balance(anna)).isEqualTo(left);
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
        assertThat(Payouts.balance(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    private SettleDisputes settlingIn(Duration time) {
        return new SettleDisputes(
                store,
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
        var notice = tell(chargeback(charge(anna), "d-" + anna, 10_00));

        Race.run(
                8,
                8,
                () -> {
                    actOnNotices.act(notice);
                    return 0;
                });

        await().atMost(SOON).until(() -> !isWaiting(notice));
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
            actUntilDone(tell(chargeback(charge, "d-" + anna, 10_00)));
            assertThat(states(anna)).hasSize(round).last().isEqualTo("RECEIVED");
            assertThat(held(anna)).isEqualTo(10_00);
            assertThat(openNow(anna)).isEqualTo(10_00);

            actUntilDone(tell(reversed(charge, "d-" + anna, 10_00)));
            assertThat(states(anna)).hasSize(round).containsOnly("WON");
            assertThat(held(anna)).isZero();
            assertThat(openNow(anna)).isZero();
        }
        actUntilDone(tell(chargeback(charge, "d-" + anna, 10_00)));
        settleDisputes.lose(lastId(anna));

        assertThat(states(anna)).containsExactly("WON", "WON", "WON", "LOST");
        assertThat(Payouts.balance(anna)).isZero();
        assertNoFindings();
    }

    @Test
    void ofTwoNoticesThatSayTheSameOneIsActedOn() {
        var anna = toppedUp(10_00);
        var taken = clock.instant();
        var given = taken.plusSeconds(60);
        var chargeback = chargeback(charge(anna), "d-" + anna, 10_00);
        var reversed = reversed(charge(anna), "d-" + anna, 10_00);
        for (var notice : List.of(tell(chargeback, taken), tell(chargeback, taken))) {
            actUntilDone(notice);
        }
        assertThat(states(anna)).containsExactly("RECEIVED");

        for (var notice :
                List.of(
                        tell(reversed, given),
                        tell(reversed, given),
                        tell(chargeback, taken),
                        tell(chargeback, given))) {
            actUntilDone(notice);
        }

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
        actUntilDone(tell(chargeback, at));

        var taken = tell(chargeback, at.plusSeconds(20));
        actOnNotices.act(taken);
        assertThat(isWaiting(taken)).isTrue();
        assertThat(states(anna)).containsExactly("RECEIVED");
        actUntilDone(tell(reversed, at.plusSeconds(10)));
        var given = tell(reversed, at.plusSeconds(30));
        actOnNotices.act(given);
        assertThat(isWaiting(given)).isTrue();
        assertThat(states(anna)).containsExactly("WON");

        actUntilDone(taken);
        assertThat(states(anna)).containsExactly("WON", "RECEIVED");
        // What is left of the first round says nothing about the second one.
        actUntilDone(tell(reversed, at.plusSeconds(10)));
        assertThat(states(anna)).containsExactly("WON", "RECEIVED");
        actUntilDone(given);

        assertThat(states(anna)).containsExactly("WON", "WON");
        assertThat(held(anna)).isZero();
        assertNoFindings();
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
        assertThat(Payouts.balance(anna)).isEqualTo(2_00);

        receive(anna, charge(anna), "d-" + anna);

        // The newest go first, and the oldest is not needed.
        assertThat(payouts.payout(anna, "p300").isCancellable()).isTrue();
        for (var key : List.of("p200", "p600")) {
            var stopped = payouts.payout(anna, key);
            assertThat(stopped.state()).isEqualTo(PayoutState.CANCELLED);
            assertThat(stopped.declineCode()).isEqualTo("funds_contested");
        }
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(Payouts.balance(anna)).isEqualTo(10_00);
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
        settleDisputes.lose(id(anna));
        assertThat(Payouts.balance(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    @Test
    void whatIsHandedOverGoesOnAndIsHeldWhenItComesBack() {
        var anna = toppedUp(10_00);
        var card = till.card(anna, SimulatedCard.RETURNED);
        payouts.carrying(simulated).carryOut(payouts.ripe(anna, "out", card, 7_00, Speed.INSTANT));
        receive(anna, charge(anna), "d-" + anna);
        var left = Payouts.balance(anna);
        assertThat(held(anna)).isEqualTo(left);
        // What comes from elsewhere is left alone.
        payouts.fund(anna, 50_00);

        carryOutToTheEnd(anna, "out");

        assertThat(payouts.payout(anna, "out").state()).isEqualTo(PayoutState.RETURNED);
        // With the fee of being quick.
        assertThat(left).isEqualTo(2_75);
        assertThat(held(anna)).isEqualTo(10_00);
        assertThat(Payouts.balance(anna)).isEqualTo(60_00);
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
        actUntilDone(tell(reversed(charge(anna), "d-" + anna, 10_00)));
        assertThat(held(anna)).isZero();
        assertBooks(anna, 0, 0);
    }

    /** Between the commit and the call: it was not sent, and must not be any more. */
    @Test
    void whatWasAboutToBeSentAndWasNotIsStopped() {
        var anna = toppedUp(10_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "out", card, 10_00, Speed.STANDARD);
        var slow =
                new Saying(new Result.NotSent(Reason.NOT_CONNECTED), new Result.NotFound()) {
                    @Override
                    public Result carryOut(Operation operation) {
                        receive(anna, charge(anna), "d-" + anna);
                        return super.carryOut(operation);
                    }
                };
        payouts.carrying(slow).carryOut(payout);
        assertThat(held(anna)).isZero();
        assertThat(payouts.payout(anna, "out").isCancellable()).isTrue();

        payouts.carrying(simulated).carryOut(payouts.payout(anna, "out"));

        assertThat(payouts.payout(anna, "out").state()).isEqualTo(PayoutState.CANCELLED);
        assertThat(payouts.payout(anna, "out").declineCode()).isEqualTo("funds_contested");
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

        payouts.carrying(simulated).carryOut(payouts.ripe(anna, "out", card, 5_00, Speed.STANDARD));
        carryOutToTheEnd(anna, "out");

        assertThat(payouts.payout(anna, "out").state()).isEqualTo(PayoutState.PAID);
    }

    /** Two at once, of which each wants what waits. */
    @Test
    void twoDisputesOfOnePersonShareWhatIsThere() throws Exception {
        var anna = toppedUp(10_00);
        till.with(simulated)
                .topUp(till.attempt(anna, "second", till.card(anna, SimulatedCard.WORKS), 10_00));
        var card = till.card(anna, SimulatedCard.WORKS);
        for (var minor : List.of(9_00L, 8_00L)) {
            pay(anna, card, minor);
        }
        List<String> charges = Sql.column("select name from top_up where customer = ?", anna);
        var notices = charges.stream().map(it -> tell(chargeback(it, "d-" + it, 10_00))).toList();

        Race.run(
                2,
                notices.stream()
                        .map(
                                it ->
                                        (Callable<Integer>)
                                                () -> {
                                                    actUntilDone(it);
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
        actUntilDone(tell(reversed(charge(anna), "d-" + anna, 10_00)));
        awaitMessages(person, "the dispute about 10.00 USD from your card is over");
        actUntilDone(tell(chargeback(charge(anna), "d-" + anna, 10_00)));
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
        var first = tell(reversed(charge(anna), "d-" + anna, 10_00));
        actOnNotices.act(first);
        assertThat(isWaiting(first)).isTrue();

        receive(anna, charge(anna), "d-" + anna);
        actOnNotices.act(first);

        assertThat(state(anna)).isEqualTo("WON");
        assertThat(isWaiting(first)).isFalse();
        assertBooks(anna, 0, 0);
    }

    @Test
    void aChargebackWaitsUntilItsTopUpIsInTheWallet() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var charge = "ch_" + anna;
        var slow = new Saying(new Result.Pending(charge), new Result.Done(charge));
        till.with(slow).topUp(till.attempt(anna, "k", card, 10_00));
        leaveToTheTest(anna);
        var notice = tell(chargeback(charge, "d-" + anna, 10_00));

        actOnNotices.act(notice);

        assertThat(isWaiting(notice)).isTrue();
        assertThat(state(anna)).isEqualTo("NONE");
        till.resolving(slow).resolve(till.topUp(anna, "k"));
        actUntilDone(notice);
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
            tell(reversed(charge(anna), "d-" + anna, 10_00));
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
    void aChargeThatWasGivenUpAndComesToLightByANoticeGoesBack() {
        var anna = desk.somebody();

        var notice = tell(settled(chargedInVain(anna)));

        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        await().atMost(SOON).until(() -> !isWaiting(notice));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.DECLINED);
        assertThat(Payouts.balance(anna)).isZero();
    }

    @Test
    void aRefundThatFailsThoughItWasDoneIsKeptForSomebodyWhoLooks() {
        var anna = desk.somebody();
        var topUp = chargedInVain(anna);
        till.resolving(simulated).resolve(topUp);
        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        var refund = ChargeReturn.refundOf(topUp.id());
        var name =
                Sql.<String>value("select refund_name from charge_return where id = ?", topUp.id());

        var done = tell(new Notice.RefundSettled(refund, name));
        actUntilDone(done);
        assertThat(Till.returned(anna)).isEqualTo(1);

        var failed = tell(new Notice.RefundFailed(refund, name, "expired_or_canceled_card"));
        actUntilDone(failed);

        assertThat(isStray(done)).isFalse();
        assertThat(
                        Sql.<String>value(
                                "select concat(state, ' ', failure) from charge_return where id = ?",
                                topUp.id()))
                .isEqualTo("FAILED expired_or_canceled_card");
    }

    /** Sent by one who has slept, and looked for in vain before: nobody is to ask again. */
    private TopUp chargedInVain(UUID customer) {
        var card = till.card(customer, SimulatedCard.WORKS);
        var lost = new Saying(new Result.Unknown(Reason.TIME_OUT), new Result.NotFound());
        till.with(lost).topUp(till.attempt(customer, "k", card, 5_00));
        leaveToTheTest(customer);
        Sql.run(
                "update top_up set sent_at = sent_at - interval '16 minutes' where customer = ?",
                customer);
        till.resolving(lost).resolve(till.topUp(customer, "k"));
        Sql.run("update top_up set due_at = null where customer = ?", customer);
        var topUp = till.topUp(customer, "k");
        assertThat(topUp.state()).isEqualTo(TopUpState.DECLINED);
        assertThat(simulated.carryOut(topUp.charge())).isInstanceOf(Result.Done.class);
        return topUp;
    }

    @Test
    void whatIsAboutNothingOfOursWaitsForDaysAndIsKept() {
        var stranger = tell(chargeback("of-nobody-" + ids.next(), "d-" + ids.next(), 10_00));
        actOnNotices.act(stranger);
        assertThat(isWaiting(stranger)).isTrue();
        assertThat(isStray(stranger)).isFalse();
        Sql.run(
                "update processor_notice_waiting set since = since - interval '73 hours' where id = ?",
                stranger.id());

        actOnNotices.act(stranger);

        assertThat(isWaiting(stranger)).isFalse();
        assertThat(isStray(stranger)).isTrue();
    }

    @Test
    void aNoticeOfAChargeHasItAskedAtOnce() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.TIMES_OUT);
        till.with(simulated).topUp(till.attempt(anna, "k", card, 5_00));
        leaveToTheTest(anna);

        var notice = tell(settled(till.topUp(anna, "k")));

        await().atMost(SOON).until(() -> !isWaiting(notice));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.COMPLETED);
    }

    @Test
    void aNoticeOfAPayoutHasItAskedAtOnce() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        payouts.carrying(simulated).carryOut(payout);
        assertThat(payouts.payout(anna, "k").isInTransit()).isTrue();

        // The simulator tells by itself that it was paid; nobody else would ask within an hour.
        await().atMost(SOON).until(() -> payouts.payout(anna, "k").state() == PayoutState.PAID);
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
        till.with(simulated).topUp(till.attempt(customer, "k", card, minor));
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
        payouts.carrying(simulated)
                .carryOut(payouts.ripe(customer, "spend", card, minor, Speed.STANDARD));
    }

    private void pay(UUID customer, UUID card, long minor) {
        var attempt = payouts.attempt(customer, "p" + minor, card, minor, Speed.STANDARD);
        assertThat(payouts.paying().payOut(attempt).status()).isEqualTo(201);
    }

    /** However many steps it takes: each is one that the worker would make when it is due. */
    private void carryOutToTheEnd(UUID customer, String key) {
        for (var step = 0; step < 8 && payouts.payout(customer, key).isInTransit(); step++) {
            Payouts.letTimePass(customer);
            payouts.carrying(simulated).carryOut(payouts.payout(customer, key));
        }
    }

    private void receive(UUID customer, String charge, String dispute) {
        actUntilDone(tell(chargeback(charge, dispute, 10_00)));
        assertThat(state(customer)).isEqualTo("RECEIVED");
    }

    /** The service's own worker may be at it. */
    private void actUntilDone(Notice.Delivery notice) {
        await().atMost(SOON)
                .until(
                        () -> {
                            actOnNotices.act(notice);
                            return !isWaiting(notice);
                        });
    }

    private Notice.Delivery tell(Notice notice) {
        return tell(notice, clock.instant());
    }

    private Notice.Delivery tell(Notice notice, Instant at) {
        var delivery =
                new Notice.Delivery(SimulatedProcessor.NAME, ids.next().toString(), at, notice);
        assertThat(notices.take(delivery)).isTrue();
        return delivery;
    }

    private static Notice settled(TopUp topUp) {
        return new Notice.ChargeSettled(
                topUp.id(), "sim_" + topUp.id().toString().replace("-", ""), topUp.amount());
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

    private static boolean isWaiting(Notice.Delivery notice) {
        return !Sql.column("select id from processor_notice_waiting where id = ?", notice.id())
                .isEmpty();
    }

    private static boolean isStray(Notice.Delivery notice) {
        return !Sql.column("select id from processor_notice_stray where id = ?", notice.id())
                .isEmpty();
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
        assertThat(
                        Sql.column(
                                """
                                select d::text from books_discrepancy d
                                union all
                                select 'open'
                                 where (select coalesce(sum(balance), 0) from account
                                         where kind = 'CHARGEBACKS')
                                    <> -(select coalesce(sum(minor), 0) from dispute
                                          where state = 'RECEIVED')
                                union all
                                select 'lost'
                                 where (select coalesce(sum(balance), 0) from account where kind = 'LOSSES')
                                    <> -(select coalesce(sum(minor - held), 0) from dispute
                                          where state = 'LOST')
                                """))
                .isEmpty();
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
