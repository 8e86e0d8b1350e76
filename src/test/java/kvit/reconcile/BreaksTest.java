package kvit.reconcile;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.micrometer.core.instrument.MeterRegistry;
import io.restassured.response.ValidatableResponse;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.ledger.Account.Kind;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.operate.Role;
import kvit.problem.Problem;
import kvit.reconcile.Office.Desk;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import org.junit.jupiter.api.Test;

/** Each break has a way out that two can take, and none that one should not. */
@KvitTest
class BreaksTest {

    private static final Map<String, String> WHY = Map.of("reason", "To see what happens.");
    private static final String REFUSAL = "Ticket 4711: it was never captured.";
    private static final String BREAKS = "/v1/admin/reconciliation/breaks/";
    private static final String RULES = "/v1/admin/reconciliation/rules";

    @Inject Office office;
    @Inject OpenMissing openMissing;
    @Inject MoneyTransactions transactions;
    @Inject Position position;
    @Inject Ageing ageing;
    @Inject Database database;
    @Inject Clock clock;
    @Inject MeterRegistry metrics;

    @Test
    void whatCameAndIsSomebodysGoesToTheirWalletAndNeverToUs() {
        var desk = office.open(Currency.FJD);
        var anna = UUID.randomUUID();
        desk.topUp(anna, 1_00);
        desk.posted(file(desk, "1", "-12.34", "u1,,Settled,12.34,0.00,12.34"));
        var unknown = desk.idOf("UNKNOWN_EXTERNAL");

        refused(desk.settle(Map.of("breaks", Set.of(unknown))), "amounts-differ");
        refused(desk.settle(together(unknown, "losses", null)), "not-a-loss");
        refused(desk.settle(together(unknown, "wallet", UUID.randomUUID())), "wallet-not-found");
        desk.settle(together(unknown, "wallet", null)).statusCode(400);
        desk.settle(Map.of()).statusCode(400);
        refused(
                desk.settle(together(UUID.randomUUID().toString(), "wallet", anna)),
                404,
                "break-not-found");

        var asked =
                desk.settle(together(unknown, "wallet", anna))
                        .body("payload.rest.amount.minor", equalTo(12_34));
        assertThat(desk.theBreak("UNKNOWN_EXTERNAL").get("state")).isEqualTo("pending_approval");
        desk.settle(together(unknown, "wallet", anna)).statusCode(409);
        desk.finance.approve(asked.extract().path("id")).statusCode(403);
        desk.approved(asked);
        assertThat(desk.books())
                .containsEntry(Kind.WALLET, 13_34L)
                .doesNotContainKey(Kind.SUSPENSE_UNAPPLIED);
        desk.finance
                .get(BREAKS + unknown)
                .body("resolution", equalTo("settled"))
                .body("notes[-1].by", equalTo(desk.approver.email()));
        refused(desk.work(unknown, "reopening", WHY), "break-matched");
        // The line is explained: it is nothing that a later run may take for something else.
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from recon_line l join recon_break b on b.file ="
                                        + " l.file and b.line_no = l.line_no where b.id = ?::uuid"
                                        + " and l.match is not null",
                                unknown))
                .isEqualTo(1);
    }

    /** The bank books one payout on two days; or a processor's balance is carried on. */
    @Test
    void twoBreaksThatExplainEachOtherEndTogether() {
        var desk = office.open(Currency.TOP);
        var charge = desk.topUp(UUID.randomUUID(), 272_59);
        var settled = "p1,%s,Settled,272.59,0.00,272.59".formatted(charge);
        desk.posted(
                file(desk, "42", "-272.59", settled),
                desk.statement(desk.today(), "0.00", Map.of("BATCH 42", "200.00")));
        desk.posted(desk.statement(desk.today(), "200.00", Map.of("the rest of it", "72.59")));
        var both = Set.of(desk.idOf("BATCH_TOTAL"), desk.idOf("UNKNOWN_EXTERNAL"));
        assertThat(desk.books())
                .containsEntry(Kind.SUSPENSE_SHORTFALL, -72_59L)
                .containsEntry(Kind.SUSPENSE_UNAPPLIED, 72_59L);

        desk.settled(Map.of("breaks", both));
        assertThat(desk.books())
                .containsOnly(entry(Kind.BANK, -272_59L), entry(Kind.WALLET, 272_59L));
        desk.settle(Map.of("breaks", both)).statusCode(409);
    }

    /** The bank sends it back, and the processor owes it again. */
    @Test
    void aPayoutThatCameBackAndPayoutsThatComeToNothingEnd() {
        var desk = office.open(Currency.WST);
        var charge = desk.topUp(UUID.randomUUID(), 100_00);
        var sent = file(desk, "1", "-100.00", "p1,%s,Settled,100.00,0.00,100.00".formatted(charge));
        desk.posted(sent);
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        transactions.once(() -> openMissing.missing(desk.currency));
        var missing = desk.idOf("MISSING_EXTERNAL");
        refused(desk.work(missing, "write-off", WHY), "not-a-loss");

        // What it owes again goes out with the next payout.
        var again = file(desk, "2", "-100.00", "back,,Settled,100.00,0.00,100.00");
        desk.posted(again);
        desk.settled(Map.of("breaks", Set.of(missing, desk.idOf("UNKNOWN_EXTERNAL"))));
        assertThat(desk.theBreak("MISSING_EXTERNAL").get("resolution")).isEqualTo("settled");
        assertThat(desk.books())
                .containsOnly(entry(Kind.CARD_CLEARING, -100_00L), entry(Kind.WALLET, 100_00L));

        // The one that takes the other back; no entry of the bank has either of them.
        var third = file(desk, "3", "100.00", "x,,Settled,-100.00,0.00,-100.00");
        desk.posted(third);
        desk.settled(Map.of("payouts", Set.of(payout(again, 2), payout(third, 2))));
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=WST")
                .body("underWay.minor", equalTo(0));
        refused(desk.settle(Map.of("payouts", Set.of(payout(again, 2)))), "item-not-expected");
    }

    @Test
    void whatWasPostedAndTakenBackIsNotMissingAndEndsTogether() {
        var desk = office.open(Currency.SBD);
        var charge = desk.topUp(UUID.randomUUID(), 40_00);
        var mirror = desk.takeBack(charge);
        var alone = desk.topUp(UUID.randomUUID(), 5_00);
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        desk.posted(file(desk, "1", "-1.00", "u,,Settled,1.00,0.00,1.00"));
        transactions.once(() -> openMissing.missing(desk.currency));
        // Of the pair neither is; of the other one there is one, and it is open.
        assertThat(desk.theBreak("MISSING_EXTERNAL"))
                .containsEntry("item", alone.toString())
                .containsEntry("state", "open");

        desk.settled(Map.of("items", Set.of(charge, mirror)));
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=SBD")
                .body("expected.minor", equalTo(5_00));
        refused(desk.settle(Map.of("items", Set.of(charge, mirror))), "item-not-expected");
    }

    /** The line that comes after we have given up: the loss is taken back, and only that one. */
    @Test
    void whatComesAfterItWasWrittenOffTakesTheLossBackOnce() {
        var desk = office.open(Currency.PGK);
        var charge = desk.topUp(UUID.randomUUID(), 20_00);
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        transactions.once(() -> openMissing.missing(desk.currency));
        var missing = desk.idOf("MISSING_EXTERNAL");
        desk.approved(desk.work(missing, "write-off", WHY));
        assertThat(desk.books()).containsEntry(Kind.LOSSES, -20_00L);
        refused(desk.work(missing, "reopening", WHY), "break-matched");
        refused(desk.work(missing, "write-off-reversal", WHY), "break-matched");
        desk.posted(
                file(
                        desk,
                        "1",
                        "-40.00",
                        "p1,%s,Settled,20.00,0.00,20.00".formatted(charge),
                        "p2,,Settled,20.00,0.00,20.00"));
        var come = desk.breaks("&type=UNKNOWN_EXTERNAL");
        var first = String.valueOf(come.get(0).get("id"));
        var second = String.valueOf(come.get(1).get("id"));

        refused(desk.settle(Map.of("breaks", Set.of(first, missing))), 409, "break-resolved");
        refused(
                desk.settle(Map.of("breaks", Set.of(first), "recovered", Set.of(second))),
                "break-matched");
        // Both are asked for while it stands, and the second one comes too late.
        var other = desk.settle(Map.of("breaks", Set.of(second), "recovered", Set.of(missing)));
        var one = desk.settle(Map.of("breaks", Set.of(first), "recovered", Set.of(missing)));
        desk.approved(one);
        assertThat(desk.books())
                .doesNotContainKey(Kind.LOSSES)
                .containsEntry(Kind.SUSPENSE_UNAPPLIED, 20_00L);
        refused(desk.approver.approve(other.statusCode(202).extract().path("id")), "break-matched");
        refused(
                desk.settle(Map.of("breaks", Set.of(second), "recovered", Set.of(missing))),
                "break-matched");
    }

    /** Beyond what we bear there is whoever has it: a charge that never was is taken back. */
    @Test
    void whatIsTooMuchForUsIsTakenFromWhoeverHasIt() {
        var desk = office.open(Currency.SCR);
        var anna = UUID.randomUUID();
        var charge = desk.topUp(anna, 150_00);
        var body = Map.of("items", Set.of(charge));
        refused(desk.settle(body), "amounts-differ");
        refused(desk.settle(with(body, "losses", null)), "write-off-too-large");
        // It is late, as far as anybody knows, until the processor says otherwise.
        refused(desk.settle(with(body, "wallet", anna)), "item-may-come");
        desk.settled(with(body, "wallet", anna, REFUSAL));
        assertThat(desk.books()).isEmpty();
        var refund = desk.topUp(anna, 10_00);
        var spent = desk.settle(with(Map.of("items", Set.of(refund)), "wallet", anna, REFUSAL));
        var unsettled = desk.refund(anna, 10_00);
        refused(
                desk.settle(with(Map.of("items", Set.of(unsettled)), "wallet", anna)),
                "amounts-differ");
        refused(
                desk.approver.approve(spent.statusCode(202).extract().path("id")),
                "insufficient-funds");
    }

    @Test
    void oneAloneMatchesOnlyWhatIsOfTheSameKindAndDirection() {
        var desk = office.open(Currency.MUR);
        var anna = UUID.randomUUID();
        var one = desk.topUp(anna, 75_00);
        var other = desk.topUp(anna, 75_00);
        var refund = desk.refund(anna, 62_66);
        desk.posted(
                file(
                        desk,
                        "1",
                        "-162.34",
                        "p1,%s,Settled,75.00,0.00,75.00".formatted(one),
                        "p1,%s,Settled,75.00,0.00,75.00".formatted(one),
                        "p3,,Settled,12.34,0.00,12.34"));

        // A duplicate would vanish, and somebody else's charge with it.
        var duplicate = desk.idOf("DUPLICATE_LINE");
        refused(desk.work(duplicate, "match", said(other)), "two-are-needed");
        // Anything can be made of a charge and a refund.
        refused(
                desk.work(desk.idOf("UNKNOWN_EXTERNAL"), "match", said(other, refund)),
                "two-are-needed");
        assertThat(desk.breaks("&state=resolved")).isEmpty();

        desk.approved(
                desk.work(duplicate, "forced-match", said(other))
                        .body("payload.difference", equalTo(0)));
        assertThat(desk.theBreak("DUPLICATE_LINE").get("resolution")).isEqualTo("manual_match");
    }

    @Test
    void noMatchMakesMoneyOfOthersOurs() {
        var desk = office.open(Currency.MVR);
        var charge = desk.topUp(UUID.randomUUID(), 20_00);
        desk.posted(file(desk, "1", "-21.00", "p1,,Settled,21.00,0.00,21.00"));

        refused(
                desk.work(desk.idOf("UNKNOWN_EXTERNAL"), "forced-match", said(charge)),
                "not-a-loss");
    }

    /** It is matched, only the wrong way round: there is nothing loose about it. */
    @Test
    void whatTheBankHasTheWrongWayRoundIsNotMatchedAgain() {
        var desk = office.open(Currency.NPR);
        var anna = UUID.randomUUID();
        var charge = desk.topUp(anna, 10_00);
        desk.topUp(anna, 20_00);
        var refund = desk.refund(anna, 20_00);
        desk.posted(
                file(desk, "1", "-10.00", "p1,%s,Settled,10.00,0.00,10.00".formatted(charge)),
                desk.statement(desk.today(), "0.00", Map.of("BATCH 1", "-10.00")));

        for (var how : List.of("match", "forced-match")) {
            refused(
                    desk.work(desk.idOf("DIRECTION_MISMATCH"), how, said(refund)),
                    "break-holds-none");
        }
    }

    /** Somebody has taken money out of suspense and left the break: it would be taken twice. */
    @Test
    void suspenseThatIsNotWhatBreaksHaveParkedStopsWhateverComesNext() {
        var desk = office.open(Currency.LKR);
        var anna = UUID.randomUUID();
        var charge = desk.topUp(anna, 50_00);
        desk.posted(
                file(
                        desk,
                        "1",
                        "-61.34",
                        "p1,%s,Settled,49.00,0.00,49.00".formatted(charge),
                        "u1,,Settled,12.34,0.00,12.34"));
        String writeOff =
                desk.work(desk.idOf("AMOUNT_MISMATCH"), "write-off", WHY).extract().path("id");
        desk.outOfSuspense(anna, 12_34);

        desk.finance
                .get("/v1/admin/reconciliation/position?currency=LKR")
                .body("difference.minor", equalTo(0))
                .body("unapplied.minor", equalTo(0))
                .body("shortfall.minor", equalTo(-1_00))
                .body("suspenseDifference.minor", equalTo(12_34));
        var before = desk.books();
        desk.approver.approve(writeOff).statusCode(500);
        assertThat(desk.books()).isEqualTo(before);
        assertThatThrownBy(() -> transactions.once(() -> required(desk.currency)))
                .hasStackTraceContaining("suspense not what is parked");
    }

    private Currency required(Currency currency) {
        position.require(currency);
        return currency;
    }

    @Test
    void soMuchIsWrittenOffAtOnceAndSoMuchOnOneDay() {
        var desk = office.open(Currency.BTN);
        var limits = new LossLimits(limits(), database, clock);
        assertThatThrownBy(() -> limits.require(1_51, desk.currency))
                .isInstanceOfSatisfying(
                        Problem.class,
                        it -> assertThat(it.getMessage()).contains("more than two may"));
        var charge = desk.topUp(UUID.randomUUID(), 50_00);
        desk.posted(file(desk, "1", "-49.00", "p1,%s,Settled,49.00,0.00,49.00".formatted(charge)));
        limits.require(1_50, desk.currency);
        desk.approved(desk.work(desk.idOf("AMOUNT_MISMATCH"), "write-off", WHY));
        assertThatThrownBy(() -> limits.require(1_01, desk.currency))
                .hasMessageContaining("left of today");
        limits.require(1_00, desk.currency);
        limits.require(9_00, Currency.LSL);
        assertThatThrownBy(() -> limits.require(9_01, Currency.LSL)).isInstanceOf(Problem.class);
        TestClock.advance(Duration.ofDays(1));
        limits.require(1_50, desk.currency);
    }

    private static ReconcileConfig limits() {
        var values =
                Map.of(
                        "kvit.reconcile.write-off-max", "900",
                        "kvit.reconcile.write-off-day-max", "900",
                        "kvit.reconcile.write-off-max-of.BTN", "150",
                        "kvit.reconcile.write-off-day-max-of.BTN", "200");
        return new SmallRyeConfigBuilder()
                .withMapping(ReconcileConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build()
                .getConfigMapping(ReconcileConfig.class);
    }

    /** One plans, another submits: the first one would be both pairs of eyes. */
    @Test
    void whoeverHasPlannedARunDoesNotApproveItThoughAnotherHasSubmittedIt() {
        var desk = office.open(Currency.SZL);
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        var run =
                desk.planned(
                        file(
                                desk,
                                "1",
                                "-10.00",
                                "p1,%s,Settled,10.00,0.00,10.00".formatted(charge)));
        String approval =
                TestOperator.with(Role.FINANCE)
                        .post("/v1/admin/reconciliation/runs/" + run + "/submission", WHY)
                        .statusCode(202)
                        .extract()
                        .path("id");
        refused(desk.finance.approve(approval), 403, "run-by-planner");
        desk.approver.approve(approval).statusCode(200);
    }

    @Test
    void aRunThatIsCancelledLeavesNoRequestBehind() {
        var desk = office.open(Currency.NAD);
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        var file = file(desk, "1", "-10.00", "p1,%s,Settled,10.00,0.00,10.00".formatted(charge));
        var run = desk.planned(file);
        var approval = desk.submitted(run);
        desk.finance
                .post("/v1/admin/reconciliation/runs/" + run + "/cancellation", WHY)
                .statusCode(200);
        refused(desk.approver.approve(approval), 409, "approval-stale");
        desk.posted(file);
    }

    /** Whoever approves second has before their eyes what is no more. */
    @Test
    void ofTwoThingsAskedOfOneBreakTheSecondIsStale() {
        var desk = office.open(Currency.HNL);
        var anna = UUID.randomUUID();
        var charge = desk.topUp(anna, 50_00);
        var other = desk.topUp(anna, 20_00);
        desk.posted(
                file(
                        desk,
                        "1",
                        "-69.00",
                        "p1,%s,Settled,49.00,0.00,49.00".formatted(charge),
                        "p2,,Settled,20.00,0.00,20.00"));
        var wrong = desk.idOf("AMOUNT_MISMATCH");
        var writeOff = desk.work(wrong, "write-off", WHY);
        var settling = desk.settle(with(Map.of("breaks", Set.of(wrong)), "losses", null));
        desk.approved(writeOff);
        stale(desk, settling);
        var late = desk.work(wrong, "write-off-reversal", WHY);
        desk.approved(late);
        assertThat(desk.books()).doesNotContainKey(Kind.LOSSES);

        var unknown = desk.idOf("UNKNOWN_EXTERNAL");
        var forced = desk.work(unknown, "forced-match", said(other));
        desk.work(unknown, "match", said(other)).statusCode(200);
        stale(desk, forced);
        desk.assertInPlace();
    }

    private static void stale(Desk desk, ValidatableResponse asked) {
        refused(
                desk.approver.approve(asked.statusCode(202).extract().path("id")),
                409,
                "approval-stale");
    }

    /** What was planned by the ones of before is planned anew. */
    @Test
    void otherRulesTakeTwoAndPlansOfBeforeAreStale() {
        var desk = office.open(Currency.PAB);
        var charge = desk.topUp(UUID.randomUUID(), 100_00);
        var file = file(desk, "1", "-99.99", "p1,%s,Settled,99.99,0.00,99.99".formatted(charge));
        var run = desk.planned(file);
        var approval = desk.submitted(run);
        var shipped = desk.finance.get(RULES).statusCode(200).extract().jsonPath();
        List<Map<String, Object>> rules = shipped.getList("rules");
        var tolerant = new ArrayList<Map<String, Object>>();
        for (var rule : rules) {
            var copy = new HashMap<>(rule);
            if (copy.get("by").equals("REFERENCE")) {
                copy.putAll(Map.of("toleranceMinor", 1, "toleranceBp", 1));
            }
            tolerant.add(copy);
        }
        refused(change(desk, List.of(rules.get(0), rules.get(0))), 400, "validation-failed");
        String asked = change(desk, tolerant).statusCode(202).extract().path("id");
        refused(change(desk, tolerant), 409, "approval-pending");
        desk.finance.approve(asked).statusCode(403);
        desk.finance.get(RULES).body("version", equalTo(shipped.getInt("version")));
        desk.approver.approve(asked).statusCode(200);
        try {
            desk.finance
                    .get(RULES)
                    .body("version", equalTo(shipped.getInt("version") + 1))
                    .body("rules.find { it.by == 'REFERENCE' }.toleranceMinor", equalTo(1));
            refused(desk.approver.approve(approval), 409, "approval-stale");
            desk.finance
                    .post("/v1/admin/reconciliation/runs/" + run + "/cancellation", WHY)
                    .statusCode(200);
            desk.posted(file);
            assertThat(desk.breaks("")).isEmpty();
            assertThat(desk.books()).containsEntry(Kind.PROCESSOR_FEES, -1L);
        } finally {
            desk.approved(change(desk, rules));
        }
    }

    private static ValidatableResponse change(Desk desk, List<Map<String, Object>> rules) {
        return desk.finance.post(RULES, Map.of("rules", rules, "reason", "A cent is no break."));
    }

    /** The break that says that it is missing is no word of the processor; a line of it is. */
    @Test
    void whatIsMerelyLateIsTakenFromNobody() {
        var desk = office.open(Currency.GMD);
        var anna = UUID.randomUUID();
        var charge = desk.topUp(anna, 30_00);
        desk.topUp(anna, 50_00);
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        transactions.once(() -> openMissing.missing(desk.currency));
        var missing =
                desk.breaks("&type=MISSING_EXTERNAL").stream()
                        .filter(it -> charge.toString().equals(it.get("item")))
                        .map(it -> it.get("id").toString())
                        .findFirst()
                        .orElseThrow();
        refused(desk.settle(together(missing, "wallet", anna)), "item-may-come");

        desk.posted(file(desk, "1", "1.00", "p1,%s,Refunded,-1.00,0.00,-1.00".formatted(charge)));
        var both = Set.of(missing, desk.idOf("UNKNOWN_EXTERNAL"));
        desk.settled(with(Map.of("breaks", both), "wallet", anna));
        assertThat(desk.books()).containsEntry(Kind.WALLET, 80_00L - 31_00);
    }

    /** Settled, and kept: it has an age, and ends with the file that pays it. */
    @Test
    void whatAProcessorKeepsIsMissingWhenItIsTimeAndIsComparedWhenItComes() {
        var desk = office.open(Currency.GYD);
        var first = desk.topUp(UUID.randomUUID(), 5_00);
        var second = desk.topUp(UUID.randomUUID(), 10_00);
        desk.posted(keeping(desk, "1", first));
        assertPosition(desk, "unpaid", 5_00);
        assertThat(transactions.once(() -> openMissing.missing(desk.currency))).isZero();
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        transactions.once(() -> openMissing.missing(desk.currency));
        transactions.once(openMissing::refusedFiles);
        var missing = desk.breaks("&type=MISSING_EXTERNAL&state=open");
        assertThat(missing).anySatisfy(it -> assertThat(it).containsEntry("source", desk.source));
        var kept = idOfKept(desk);
        refused(desk.settle(Map.of("breaks", Set.of(kept))), "break-holds-none");
        refused(desk.work(kept, "resolution", resolved("void")), "break-holds-money");
        ageing.measure();
        assertThat(
                        metrics.get("kvit.recon.awaited.minor")
                                .tags("where", "unpaid", "currency", "GYD", "bucket", "4-7")
                                .gauge()
                                .value())
                .isEqualTo(5_00);
        desk.finance
                .get("/v1/admin/reconciliation/ageing")
                .body("awaited.find { it.amount.currency == 'GYD' }.amount.minor", equalTo(5_00));

        // It brings on two more than it had left.
        desk.posted(
                file(
                        desk,
                        "2",
                        "-17.00",
                        "p2,%s,Settled,10.00,0.00,10.00".formatted(second),
                        "c2,,Carried,7.00,0.00,7.00"));
        assertPosition(desk, "unpaid", 0);
        assertThat(desk.finance.get(BREAKS + kept).extract().<String>path("resolution"))
                .isEqualTo("late_match");
        var gap = desk.theBreak("BALANCE_GAP");
        assertThat(gap).extracting("parked.minor").isEqualTo(2_00);
        assertThat(desk.books()).containsEntry(Kind.SUSPENSE_UNAPPLIED, 2_00L);
    }

    @Test
    void whatAProcessorKeepsForGoodIsBorneByTwo() {
        var desk = office.open(Currency.LAK);
        var charge = desk.topUp(UUID.randomUUID(), 5_00);
        desk.posted(keeping(desk, "1", charge));
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        transactions.once(() -> openMissing.missing(desk.currency));
        var kept = idOfKept(desk);
        desk.approved(desk.work(kept, "write-off", WHY));
        assertPosition(desk, "unpaid", 0);
        assertThat(desk.books())
                .containsOnly(entry(Kind.WALLET, 5_00L), entry(Kind.LOSSES, -5_00L));

        // And then it pays after all.
        desk.posted(file(desk, "2", "-5.00", "c2,,Carried,5.00,0.00,5.00"));
        desk.settled(Map.of("breaks", Set.of(desk.idOf("BALANCE_GAP")), "recovered", Set.of(kept)));
        assertThat(desk.books())
                .containsOnly(entry(Kind.WALLET, 5_00L), entry(Kind.CARD_CLEARING, -5_00L));
    }

    /** All of it is settled and nothing is paid. */
    private static String keeping(Desk desk, String batch, UUID charge) {
        return file(
                desk,
                batch,
                "0.00",
                "p1,%s,Settled,5.00,0.00,5.00".formatted(charge),
                "c1,,Carried,-5.00,0.00,-5.00");
    }

    private static String idOfKept(Desk desk) {
        return desk.breaks("&type=MISSING_EXTERNAL").stream()
                .filter(it -> it.get("fileId") != null)
                .map(it -> it.get("id").toString())
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> resolved(String how) {
        return Map.of("resolution", how, "reason", "It is nothing.");
    }

    private static void assertPosition(Desk desk, String part, int minor) {
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=" + desk.currency)
                .body(part + ".minor", equalTo(minor));
    }

    /** What nobody could read has no currency, and what is good and waits is no break. */
    @Test
    void whatHasNoCurrencyAndWhatWaitsHaveAnAge() {
        var desk = office.open(Currency.BWP);
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        desk.upload("what,is,this\n" + UUID.randomUUID()).statusCode(422);
        file(desk, "1", "-10.00", "p1,%s,Settled,10.00,0.00,10.00".formatted(charge));
        transactions.once(openMissing::refusedFiles);

        var found = desk.finance.get("/v1/admin/reconciliation/ageing").statusCode(200);
        found.body("items.findAll { it.amount == null }.type", hasItem("UNPARSEABLE"))
                .body("files.find { it.currency == 'BWP' }.bucket", equalTo("0-1"))
                .body("files.find { it.currency == 'BWP' }.count", equalTo(1));
        ageing.measure();
        assertThat(
                        metrics.get("kvit.recon.breaks")
                                .tags("type", "UNPARSEABLE", "currency", "none")
                                .gauges())
                .isNotEmpty();
        assertThat(
                        metrics.get("kvit.recon.files.waiting")
                                .tags("currency", "BWP", "bucket", "0-1")
                                .gauge()
                                .value())
                .isEqualTo(1);
    }

    /** The same account by two sources, one after the other, and one that is at work no more. */
    @Test
    void whatIsAtTheBankCountsOnceAndOnlyOfAccountsThatAreAtWork() {
        var desk = office.open(Currency.ZMW);
        desk.statement(desk.today(), "0.00", Map.of("from before", "1000.00"));
        desk.finance
                .get("/v1/admin/safeguarding?currency=ZMW")
                .body("resource.minor", equalTo(1_000_00))
                .body("truePosition.minor", equalTo(0));
        var bank = desk.source + "-bank";
        desk.register(bank, false);
        desk.finance.get("/v1/admin/safeguarding?currency=ZMW").body("resource.minor", equalTo(0));
        desk.register(bank + "-eu", true);
        desk.finance
                .get("/v1/admin/safeguarding?currency=ZMW")
                .body("resource.minor", equalTo(1_000_00));
        desk.statementOf(bank + "-eu", desk.today(), "1000.00", Map.of("and since then", "100.00"));
        desk.finance
                .get("/v1/admin/safeguarding?currency=ZMW")
                .body("resource.minor", equalTo(1_100_00));
    }

    private static String file(Desk desk, String batch, String payout, String... lines) {
        return desk.taken(desk.csv(desk.today(), batch, List.of(lines), payout));
    }

    private static Map<String, ?> together(String breakId, String to, UUID customer) {
        return with(Map.of("breaks", Set.of(breakId)), to, customer);
    }

    private static Map<String, ?> with(
            Map<String, ?> body, String to, UUID customer, String refusal) {
        var all = new HashMap<String, Object>(body);
        all.put("rest", Map.of("to", to, "customerId", customer, "refusal", refusal));
        return all;
    }

    private static Map<String, ?> with(Map<String, ?> body, String to, UUID customer) {
        var all = new HashMap<String, Object>(body);
        all.put(
                "rest",
                customer == null ? Map.of("to", to) : Map.of("to", to, "customerId", customer));
        return all;
    }

    private static Map<String, Object> payout(String file, int line) {
        return Map.of("fileId", file, "lineNumber", line);
    }

    private static Map<String, Object> said(UUID... items) {
        return Map.of("items", Set.of(items), "reason", "They wrote so.");
    }

    private static void refused(ValidatableResponse answer, String code) {
        refused(answer, 422, code);
    }

    private static void refused(ValidatableResponse answer, int status, String code) {
        answer.statusCode(status).body("code", equalTo(code));
    }
}
