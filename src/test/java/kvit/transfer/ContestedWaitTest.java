package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItems;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import kvit.card.MoneyOnly;
import kvit.card.Notice;
import kvit.card.Operation;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.Told;
import kvit.dispute.Verdicts;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.Role;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.topup.Till;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a card has paid for somebody who is not here yet, and its owner's bank wants back. */
@KvitTest
class ContestedWaitTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long AMOUNT = 12_50;

    /** Has declined every refund, as processors do with what is contested. */
    private static final MoneyOnly DECLINES =
            new MoneyOnly() {
                @Override
                public Result carryOut(Operation operation) {
                    return new Result.Declined("charge_disputed");
                }

                @Override
                public Result find(Operation operation) {
                    return new Result.NotFound();
                }
            };

    /** Cannot be reached. */
    private static final MoneyOnly AWAY =
            new MoneyOnly() {
                @Override
                public Result carryOut(Operation operation) {
                    return new Result.NotSent(Reason.NOT_CONNECTED);
                }

                @Override
                public Result find(Operation operation) {
                    return new Result.NotSent(Reason.NOT_CONNECTED);
                }
            };

    @Inject Claims claims;
    @Inject Waiting waiting;
    @Inject Till till;
    @Inject Told told;
    @Inject Verdicts verdicts;
    @Inject Ids ids;

    private Waiting.Somebody anna;
    private String phone;
    private UUID id;

    @AfterEach
    void allOfItAddsUp() {
        assertThat(Verdicts.findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3_00})
    void goesBackOnceAndNotToItsCardAsWell(long inWallet) {
        paid(inWallet);
        var charged = AMOUNT - inWallet;

        contest(charged);

        assertThat(claims.find(id).state()).isEqualTo(TransferState.DECLINED);
        assertThat(claims.find(id).declineCode()).isEqualTo("charge-contested");
        assertThat(dispute()).isEqualTo("RECEIVED " + charged);
        assertThat(balance()).isEqualTo(AMOUNT);
        assertThat(available()).isEqualTo(inWallet);
        var boris = claims.somebody("US", phone, usd(0));
        assertThat(claims.refusal(boris.id(), id)).isEqualTo("transfer-gone-back");
        assertThat(waiting.cancel(anna, id, "c").isProblem()).isTrue();
        assertThat(refund()).isEmpty();

        verdicts.lose(anna.id());

        assertThat(balance()).isEqualTo(inWallet);
        assertThat(lost()).isZero();
        assertThat(refund()).isEmpty();
    }

    @Test
    void isItsPayersWhenTheDisputeIsWon() {
        paid(0);
        contest(AMOUNT);

        win();

        assertThat(dispute()).isEqualTo("WON " + AMOUNT);
        assertThat(available()).isEqualTo(AMOUNT);
        assertThat(refund()).isEmpty();
    }

    /** There is no refund of a part, and the rest is not contested. */
    @Test
    void ofAPartTheRestIsInTheWallet() {
        paid(0);

        contest(5_00);

        assertThat(dispute()).isEqualTo("RECEIVED 500");
        assertThat(available()).isEqualTo(7_50);
        assertThat(refund()).isEmpty();
    }

    /** As of any transfer that is completed: the payee has nothing to do with the dispute. */
    @Test
    void whatWasClaimedBeforeIsItsPayees() {
        paid(0);
        var boris = claims.somebody("US", phone, usd(0));
        claims.claim(boris.id(), id);

        contest(AMOUNT);

        assertThat(claims.find(id).state()).isEqualTo(TransferState.COMPLETED);
        assertThat(claims.balance(boris.id(), Currency.USD)).isEqualTo(AMOUNT);
        assertThat(dispute()).isEqualTo("RECEIVED 0");
    }

    /**
     * The processor has taken it all the same, and the books follow: who is right is to be said.
     */
    @Test
    void whatIsBackAtItsCardIsContestedAllTheSameAndTheRefundIsShown() {
        paid(0);
        cancel();
        await().atMost(SOON).until(() -> refund().equals(List.of("RETURNED")));

        contest(AMOUNT);

        assertThat(dispute()).isEqualTo("RECEIVED 0");
        assertThat(balance()).isZero();
        // The charge, its refund and the chargeback, which the processor will settle.
        assertThat(expected()).isEqualTo(-AMOUNT);
        TestOperator.with(Role.FINANCE)
                .get("/v1/admin/disputes/" + disputeId())
                .statusCode(200)
                .body("postings.kind", hasItems("chargeback", "card-refund"));
        verdicts.lose(anna.id());
        assertThat(lost()).isEqualTo(AMOUNT);
        win();
        assertThat(lost()).isZero();
        assertThat(balance()).isZero();
    }

    @Test
    void aRefundThatNobodyWasAskedForIsNotMade() {
        goingBack();

        contest(AMOUNT);

        assertThat(refund()).containsExactly("FAILED contested");
        assertThat(dispute()).isEqualTo("RECEIVED " + AMOUNT);
        assertThat(available()).isZero();
        assertThat(refundsAtTheProcessor()).isZero();
        verdicts.lose(anna.id());
        assertThat(balance()).isZero();
        assertThat(lost()).isZero();
    }

    /** Most of the time that nobody was asked for one the processor cannot be reached. */
    @Test
    void aRefundThatHasNotLeftUsIsNotMadeEither() {
        goingBack();
        Till.askedForRefund(anna.id());
        till.refund(AWAY, anna.id());
        assertThat(Till.leavesRefundToTheTest(anna.id())).isTrue();

        contest(AMOUNT);

        assertThat(refund()).containsExactly("FAILED contested");
        assertThat(dispute()).isEqualTo("RECEIVED " + AMOUNT);
        assertThat(refundsAtTheProcessor()).isZero();
    }

    /** It may have been taken the time before. */
    @Test
    void whatWasAskedForTwiceIsNotGivenUp() {
        goingBack();
        Till.askedForRefund(anna.id());
        Till.askedForRefund(anna.id());
        till.refund(AWAY, anna.id());

        contest(AMOUNT);

        assertThat(refund()).containsExactly("PENDING");
        assertThat(dispute()).isEqualTo("RECEIVED 0");
    }

    @Test
    void aRefundThatFailsIsHeldForTheDispute() {
        goingBack();
        Till.askedForRefund(anna.id());
        contest(AMOUNT);
        assertThat(refund()).containsExactly("PENDING");
        assertThat(dispute()).isEqualTo("RECEIVED 0");

        till.refund(DECLINES, anna.id());

        assertThat(refund()).containsExactly("FAILED charge_disputed");
        assertThat(dispute()).isEqualTo("RECEIVED " + AMOUNT);
        assertThat(balance()).isEqualTo(AMOUNT);
        assertThat(available()).isZero();
        verdicts.lose(anna.id());
        assertThat(balance()).isZero();
        assertThat(lost()).isZero();
    }

    /**
     * Days later, and told by a notice. What the dispute has from elsewhere it does not take twice.
     */
    @Test
    void ofARefundThatFailsAfterItWasDoneWhatTheDisputeLacksIsHeld() {
        paid(0);
        cancel();
        await().atMost(SOON).until(() -> refund().equals(List.of("RETURNED")));
        waiting.fund(anna.id(), usd(4_00));
        contest(AMOUNT);
        assertThat(dispute()).isEqualTo("RECEIVED 400");

        failed();

        assertThat(dispute()).isEqualTo("RECEIVED " + AMOUNT);
        assertThat(available()).isEqualTo(4_00);
    }

    /** Their card has it by the dispute, and we have borne it: that is made good first. */
    @Test
    void aRefundThatFailsWhenTheDisputeIsLostIsNotTheirsAsWell() {
        paid(0);
        cancel();
        await().atMost(SOON).until(() -> refund().equals(List.of("RETURNED")));
        waiting.fund(anna.id(), usd(4_00));
        contest(AMOUNT);
        verdicts.lose(anna.id());
        assertThat(lost()).isEqualTo(8_50);

        failed();

        assertThat(dispute()).isEqualTo("LOST " + AMOUNT);
        assertThat(lost()).isZero();
        assertThat(balance()).isEqualTo(4_00);
        assertThat(available()).isEqualTo(4_00);
        TestOperator.with(Role.FINANCE)
                .get("/v1/admin/disputes/" + disputeId())
                .body("postings.kind", hasItems("chargeback-lost", "chargeback-recovered"));
        win();
        assertThat(balance()).isEqualTo(4_00 + AMOUNT);
        assertThat(lost()).isZero();
    }

    /** Whatever the service does. */
    @Test
    void theTablesRefuseARefundOfItAndADisputeThatLeavesItWaiting() {
        paid(0);
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        """
                                        insert into dispute (id, customer, card, top_up, charge,
                                                             processor, name, minor, currency, held,
                                                             reason, state, at, received_at, deadline,
                                                             round)
                                        select ?, customer, card, id, name, 'simulator', name, minor,
                                               currency, 0, 'r', 'RECEIVED', now(), now(), now(), 1
                                          from top_up where customer = ?
                                        """,
                                        ids.next(),
                                        anna.id()))
                .hasStackTraceContaining("still waits for somebody");
        contest(AMOUNT);
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        """
                                        insert into charge_return (id, customer, refund, charge, state,
                                                                   created_at, due_at)
                                        select id, customer, ?, name, 'PENDING', now(), now()
                                          from top_up where customer = ?
                                        """,
                                        ids.next(),
                                        anna.id()))
                .hasStackTraceContaining("is contested, and does not go back");
    }

    /** It waits for somebody who is not here, paid for by the card as far as the wallet did not. */
    private void paid(long inWallet) {
        anna = claims.cardholder("US", Currency.USD, inWallet);
        phone = Phones.next();
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        id = claims.pay(anna.id(), card, phone, usd(AMOUNT)).id();
        assertThat(claims.find(id).state()).isEqualTo(TransferState.UNCLAIMED);
        Claims.awaitTold(anna.id(), 1);
    }

    private void cancel() {
        assertThat(waiting.cancel(anna, id, "c").isProblem()).isFalse();
    }

    /** It is to go back, and nobody was asked for that yet; the worker may be quicker. */
    private void goingBack() {
        do {
            paid(0);
            cancel();
        } while (!Till.leavesRefundToTheTest(anna.id()));
        assertThat(balance()).isZero();
    }

    private void contest(long minor) {
        told.actUntilDone(
                told.tell(
                        new Notice.Chargeback(
                                charge(), "d-" + charge(), usd(minor), "fraudulent")));
    }

    private void win() {
        told.actUntilDone(
                told.tell(new Notice.ChargebackReversed(charge(), "d-" + charge(), usd(AMOUNT))));
    }

    private void failed() {
        UUID refund = Sql.value("select refund from charge_return where customer = ?", anna.id());
        told.actUntilDone(told.tell(new Notice.RefundFailed(refund, "re-" + refund, "closed")));
    }

    private String charge() {
        return Sql.value("select name from top_up where customer = ?", anna.id());
    }

    private UUID disputeId() {
        return Sql.value("select id from dispute where customer = ?", anna.id());
    }

    /** Where it stands, and what of it is held or was taken. */
    private String dispute() {
        return Sql.value("select state || ' ' || held from dispute where customer = ?", anna.id());
    }

    /** What goes back to the card, and why not. */
    private List<String> refund() {
        return Sql.column(
                "select state || coalesce(' ' || failure, '') from charge_return where customer = ?",
                anna.id());
    }

    private long refundsAtTheProcessor() {
        return Sql.<Long>value(
                "select count(*) from simulated_operation where kind = 'REFUND' and subject = ?",
                charge());
    }

    /** What the processor is going to settle of all this. */
    private long expected() {
        return Sql.<Long>value(
                """
                select coalesce(sum(minor), 0)::bigint from recon_expected
                 where item in (select id from top_up where customer = ?)
                    or item in (select refund from charge_return where customer = ?)
                    or item in (select id from dispute where customer = ?)
                """,
                anna.id(),
                anna.id(),
                anna.id());
    }

    /** What we have borne of it. */
    private long lost() {
        var dispute = disputeId();
        return -Sql.<Long>value(
                """
                select coalesce(sum(e.minor), 0)::bigint
                  from entry e join account a on a.id = e.account
                 where a.kind = 'LOSSES' and e.posting in (?, ?, ?)
                """,
                Ids.named(dispute, "lost"),
                Ids.named(dispute, "recovered"),
                Ids.named(dispute, "won"));
    }

    private long balance() {
        return claims.balance(anna.id(), Currency.USD);
    }

    private long available() {
        return claims.available(anna.id(), Currency.USD);
    }

    private static Money usd(long minor) {
        return new Money(minor, Currency.USD);
    }
}
