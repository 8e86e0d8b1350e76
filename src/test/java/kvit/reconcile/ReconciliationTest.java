package kvit.reconcile;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.ledger.Account.Kind;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.reconcile.Office.Desk;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import org.junit.jupiter.api.Test;

/** Files against the books, through the operators' door. */
@KvitTest
class ReconciliationTest {

    private static final Map<String, String> WHY = Map.of("reason", "To see what happens.");

    @Inject Office office;
    @Inject OpenMissing openMissing;
    @Inject MoneyTransactions transactions;
    @Inject Clock clock;

    /** The example that everybody reckons with, to the cent, and the day after it. */
    @Test
    void theExampleComesToTheCentOnBothDays() {
        var desk = office.open(Currency.BMD);
        var opened = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var anna = UUID.randomUUID();
        var boris = UUID.randomUUID();
        var first = desk.topUp(anna, 100_00);
        var second = desk.topUp(anna, 50_00);
        var third = desk.topUp(boris, 75_00);
        var fourth = desk.topUp(boris, 20_00);
        var refund = desk.refund(anna, 30_00);
        var lines =
                List.of(
                        "psp1,%s,Settled,100.00,1.20,98.80".formatted(first),
                        "psp2,%s,Settled,49.00,0.60,48.40".formatted(second),
                        "psp3,%s,Settled,75.00,0.90,74.10".formatted(third),
                        "psp3,%s,Settled,75.00,0.90,74.10".formatted(third),
                        "psp9,%s,Settled,12.34,0.15,12.19".formatted(UUID.randomUUID()),
                        "psp5,%s,Refunded,-30.00,0.00,-30.00".formatted(refund),
                        ",,Fee,0.00,5.00,-5.00");
        var csv = desk.csv(desk.today(), "42", lines, "-272.59");

        // One amount that is not what its file comes to: nothing of it is taken.
        String bad =
                desk.upload(csv.replace("98.80", "98.81"))
                        .statusCode(422)
                        .body("code", equalTo("settlement-file-refused"))
                        .body("fault", equalTo("BATCH_TOTAL"))
                        .extract()
                        .path("fileId");
        transactions.once(openMissing::refusedFiles);
        var refused = Sql.<UUID>value("select id from recon_break where file = ?::uuid", bad);
        desk.finance
                .get("/v1/admin/reconciliation/breaks/" + refused)
                .body("type", equalTo("BATCH_TOTAL"))
                .body("state", equalTo("open"));

        var file = desk.taken(csv);
        var statement = desk.statement(desk.today(), "0.00", Map.of("BATCH 42", "272.59"));
        desk.upload(csv).statusCode(200).body("id", equalTo(file));

        var before = desk.entries();
        String hash =
                desk.run(true, file, statement)
                        .statusCode(200)
                        .body("id", nullValue())
                        .body("state", equalTo("dry_run"))
                        .body("lines", equalTo(8))
                        .body("matched", equalTo(5))
                        .body("breaks", equalTo(3))
                        .body("expected", equalTo(1))
                        .body("postings", hasSize(4))
                        .body(
                                "postings",
                                hasItems(
                                        posting("bank", "card_clearing", 272_59),
                                        posting("processor_fees", "card_clearing", 8_75),
                                        posting("suspense_shortfall", "card_clearing", 1_00),
                                        posting("card_clearing", "suspense_unapplied", 87_34)))
                        .extract()
                        .path("planSha256");
        desk.run(true, statement, file).body("planSha256", equalTo(hash));
        String run =
                desk.run(false, file, statement)
                        .statusCode(200)
                        .body("state", equalTo("planned"))
                        .body("planSha256", equalTo(hash))
                        .extract()
                        .path("id");
        desk.run(false, file, statement)
                .statusCode(409)
                .body("code", equalTo("run-open"))
                .body("runId", equalTo(run));
        var approval = desk.submitted(run);
        assertThat(desk.entries()).isEqualTo(before);
        assertThat(desk.breaks("")).extracting(it -> it.get("type")).doesNotContain("AMBIGUOUS");

        desk.finance.approve(approval).statusCode(403).body("code", equalTo("approval-by-maker"));
        assertThat(desk.entries()).isEqualTo(before);
        desk.approver.approve(approval).statusCode(200).body("state", equalTo("executed"));
        desk.finance
                .get("/v1/admin/reconciliation/runs/" + run)
                .body("state", equalTo("posted"))
                .body("createdBy", equalTo(desk.finance.email()))
                .body("approvedBy", equalTo(desk.approver.email()));

        assertThat(desk.books())
                .containsOnly(
                        entry(Kind.BANK, -272_59L),
                        entry(Kind.CARD_CLEARING, -20_00L),
                        entry(Kind.PROCESSOR_FEES, -8_75L),
                        entry(Kind.SUSPENSE_SHORTFALL, -1_00L),
                        entry(Kind.SUSPENSE_UNAPPLIED, 87_34L),
                        entry(Kind.WALLET, 215_00L));
        desk.assertInPlace();
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=BMD")
                .body("clearing.minor", equalTo(20_00))
                .body("expected.minor", equalTo(20_00));
        assertThat(desk.breaks("&run=" + run))
                .extracting(it -> it.get("type"), it -> it.get("state"), ReconciliationTest::minor)
                .containsExactlyInAnyOrder(
                        tuple("AMOUNT_MISMATCH", "open", -1_00),
                        tuple("DUPLICATE_LINE", "open", 75_00),
                        tuple("UNKNOWN_EXTERNAL", "open", 12_34),
                        tuple("MISSING_EXTERNAL", "expected", 20_00));

        // The same again.
        desk.run(true, file, statement).body("lines", equalTo(0)).body("postings", hasSize(0));
        desk.run(false, file, statement)
                .statusCode(422)
                .body("code", equalTo("nothing-to-reconcile"));

        desk.finance
                .get("/v1/admin/safeguarding?currency=BMD")
                .statusCode(200)
                .body("customers.minor", equalTo(215_00))
                .body("unallocated.minor", equalTo(12_34))
                .body("requirement.minor", equalTo(227_34))
                .body("resource.minor", equalTo(272_59))
                .body("headline.minor", equalTo(45_25))
                .body("parts", hasSize(4))
                .body(
                        "parts",
                        hasItems(
                                part("duplicate_owed_to_processor", 74_10),
                                part("fees_from_client_money", -7_85),
                                part("amount_mismatches", -1_00),
                                part("not_yet_settled", -20_00)))
                .body("truePosition.minor", equalTo(-28_85))
                .body("state", equalTo("red"));

        theDayAfter(desk, fourth, run);
        writeOff(desk);
        closedDay(desk, anna, opened);
    }

    /** Two have written it off, so one does not take it back. */
    private static void takeBack(Desk desk, String writtenOff) {
        desk.work(writtenOff, "reopening", WHY)
                .statusCode(422)
                .body("code", equalTo("two-are-needed"));
        var before = desk.books();
        String asked =
                desk.work(writtenOff, "write-off-reversal", Map.of("reason", "They will pay."))
                        .statusCode(202)
                        .body("payload.amount.minor", equalTo(1_00))
                        .extract()
                        .path("id");
        assertThat(desk.books()).isEqualTo(before);
        desk.finance.approve(asked).statusCode(403);
        desk.approver.approve(asked).statusCode(200);
        desk.approver.approve(asked).statusCode(409);
        var found =
                desk.finance
                        .get("/v1/admin/reconciliation/breaks/" + writtenOff)
                        .body("state", equalTo("reopened"))
                        .extract()
                        .jsonPath();
        // What was written off and what has taken it back are found by its notes for ever.
        String writeOff =
                Sql.value(
                        "select r.reverses::text from posting r where r.kind ="
                                + " 'settlement-reopened' and r.created_at > now() - interval '1 day'"
                                + " and strpos(?, r.id::text) > 0",
                        found.getString("notes[-1].text"));
        assertThat(found.getString("notes[-1].text"))
                .contains(writeOff)
                .contains(desk.finance.email() + ": They will pay.");
    }

    /** A day that is closed takes nothing any more; the next one does. */
    private void closedDay(Desk desk, UUID customer, LocalDate opened) {
        TestClock.advance(Duration.ofDays(1));
        desk.signIn();
        var path = "/v1/admin/ledger/periods/" + opened;
        desk.finance.post(path + "/closing", WHY).statusCode(200);
        desk.finance.get(path).body("closed", equalTo(true));
        var before = desk.books();

        desk.finance
                .post("/v1/admin/ledger/postings", correction(customer, opened))
                .statusCode(422)
                .body("code", equalTo("period-closed"));
        assertThat(desk.books()).isEqualTo(before);
        var asked =
                desk.finance
                        .post("/v1/admin/ledger/postings", correction(customer, opened.plusDays(1)))
                        .statusCode(202)
                        .extract()
                        .jsonPath();
        desk.approver.approve(asked.getString("id")).statusCode(200);
        desk.finance
                .get("/v1/admin/ledger/postings/" + asked.getString("payload.posting"))
                .body("effectiveAt", startsWith(opened.plusDays(1).toString()));
        assertThat(desk.books()).containsEntry(Kind.WALLET, 215_00L + 5);
        desk.assertInPlace();

        // As it was, for whoever comes after.
        desk.approver
                .approve(desk.finance.post(path + "/reopening", WHY).extract().path("id"))
                .statusCode(200);
    }

    private static Map<String, Object> correction(UUID customer, LocalDate day) {
        return Map.of(
                "effectiveOn",
                day.toString(),
                "lines",
                List.of(line("LOSSES", null, "debit"), line("WALLET", customer, "credit")),
                "reason",
                "A correction.");
    }

    private static Map<String, Object> line(String kind, UUID owner, String side) {
        var line = new HashMap<String, Object>();
        line.put("kind", kind);
        line.put("owner", owner);
        line.put("side", side);
        line.put("amount", money(5, "BMD"));
        return line;
    }

    private void theDayAfter(Desk desk, UUID fourth, String run) {
        var next = desk.nextBusinessDay();
        TestClock.advance(Duration.ofDays(ChronoUnit.DAYS.between(desk.today(), next)));
        desk.signIn();
        var file =
                desk.taken(
                        desk.csv(
                                next,
                                "43",
                                List.of(
                                        "psp4,%s,Settled,20.00,0.24,19.76".formatted(fourth),
                                        "psp3,,DepositCorrection,-75.00,-0.90,-74.10"),
                                "54.34"));
        var statement = desk.statement(next, "272.59", Map.of("BATCH 43", "-54.34"));
        desk.posted(file, statement);

        assertThat(desk.books())
                .containsOnly(
                        entry(Kind.BANK, -218_25L),
                        entry(Kind.PROCESSOR_FEES, -8_09L),
                        entry(Kind.SUSPENSE_SHORTFALL, -1_00L),
                        entry(Kind.SUSPENSE_UNAPPLIED, 12_34L),
                        entry(Kind.WALLET, 215_00L));
        assertThat(desk.breaks("&run=" + run))
                .extracting(it -> it.get("type"), it -> it.get("state"), it -> it.get("resolution"))
                .contains(
                        tuple("MISSING_EXTERNAL", "resolved", "late_match"),
                        tuple("DUPLICATE_LINE", "resolved", "psp_corrected"));
        assertThat(desk.breaks("&state=open"))
                .hasSize(2)
                .allSatisfy(it -> assertThat(it.get("age")).isEqualTo(1));
        assertThat(desk.breaks("&ageFrom=1")).hasSize(4);
        assertThat(desk.breaks("&ageFrom=2")).isEmpty();
        desk.finance
                .get("/v1/admin/safeguarding?currency=BMD")
                .body("headline.minor", equalTo(-9_09))
                .body("truePosition.minor", equalTo(-9_09))
                .body("parts", hasSize(2));
    }

    private static void writeOff(Desk desk) {
        var unknown = String.valueOf(desk.theBreak("UNKNOWN_EXTERNAL").get("id"));
        desk.work(unknown, "write-off", WHY).statusCode(422).body("code", equalTo("not-a-loss"));
        var wrong = String.valueOf(desk.theBreak("AMOUNT_MISMATCH").get("id"));
        desk.work(wrong, "resolution", Map.of("resolution", "void", "reason", "It is small."))
                .statusCode(422)
                .body("code", equalTo("break-holds-money"));
        String approval =
                desk.work(wrong, "write-off", Map.of("reason", "Not worth a letter."))
                        .statusCode(202)
                        .body("payload.amount.minor", equalTo(1_00))
                        .extract()
                        .path("id");
        assertThat(desk.theBreak("AMOUNT_MISMATCH").get("state")).isEqualTo("pending_approval");
        desk.finance.approve(approval).statusCode(403);
        desk.approver.approve(approval).statusCode(200);
        desk.approver.approve(approval).statusCode(409);
        assertThat(desk.books())
                .containsEntry(Kind.LOSSES, -1_00L)
                .doesNotContainKey(Kind.SUSPENSE_SHORTFALL);
        desk.finance
                .get("/v1/admin/reconciliation/breaks/" + wrong)
                .body("state", equalTo("resolved"))
                .body("resolution", equalTo("written_off"))
                .body("notes[-1].by", equalTo(desk.approver.email()))
                .body("notes[-1].text", equalTo(desk.finance.email() + ": Not worth a letter."));
        desk.assertInPlace();

        takeBack(desk, wrong);
        assertThat(desk.books())
                .containsEntry(Kind.SUSPENSE_SHORTFALL, -1_00L)
                .doesNotContainKey(Kind.LOSSES);
        desk.assertInPlace();
        desk.work(wrong, "reopening", WHY)
                .statusCode(409)
                .body("code", equalTo("break-not-resolved"));
    }

    @Test
    void ofTwoWhoRunAtOnceOneWinsAndItIsPostedOnce() throws Exception {
        var desk = office.open(Currency.BBD);
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        var file =
                desk.taken(
                        desk.csv(
                                desk.today(),
                                "1",
                                List.of("p1,%s,Settled,10.00,0.10,9.90".formatted(charge)),
                                "-9.90"));
        var body =
                "{\"currency\": \"BBD\", \"fileIds\": [\"%s\"], \"reason\": \"x\"}".formatted(file);
        var plans =
                Race.run(
                        4,
                        8,
                        () ->
                                Http.post(
                                                desk.finance.token(),
                                                "/v1/admin/reconciliation/runs",
                                                null,
                                                body)
                                        .statusCode());
        assertThat(plans).containsOnly(200, 409).containsOnlyOnce(200);
        String run = Sql.value("select id::text from recon_run where currency = 'BBD'");
        var approval = desk.submitted(run);
        desk.submit(run).statusCode(409).body("code", equalTo("approval-pending"));
        var path = "/v1/admin/approvals/" + approval + "/approval";
        var approvals = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 4; i++) {
            var token = TestOperator.with("approver").token();
            approvals.add(() -> Http.post(token, path, null, "{}").statusCode());
        }
        assertThat(Race.run(4, approvals)).containsOnly(200, 409).containsOnlyOnce(200);
        assertThat(desk.books()).containsEntry(Kind.PROCESSOR_FEES, -10L);
        // The bank has shown nothing: what the processor has paid is on its way.
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=BBD")
                .body("clearing.minor", equalTo(9_90))
                .body("expected.minor", equalTo(0))
                .body("underWay.minor", equalTo(9_90));
        desk.assertInPlace();

        TestClock.advance(Duration.ofDays(5));
        desk.signIn();
        transactions.once(() -> openMissing.missing(Currency.BBD));
        assertThat(desk.theBreak("MISSING_EXTERNAL"))
                .containsEntry("state", "open")
                .containsEntry("fileId", file);
        desk.posted(desk.statement(desk.today(), "0.00", Map.of("no batch here", "9.90")));
        assertThat(desk.books())
                .containsOnly(
                        entry(Kind.BANK, -9_90L),
                        entry(Kind.PROCESSOR_FEES, -10L),
                        entry(Kind.WALLET, 10_00L));
        assertThat(desk.theBreak("MISSING_EXTERNAL")).containsEntry("resolution", "late_match");
    }

    @Test
    void aPlanIsStaleWhenTheWorldHasChanged() {
        var desk = office.open(Currency.KYD);
        var customer = UUID.randomUUID();
        var late = UUID.randomUUID();
        var file =
                desk.taken(
                        desk.csv(
                                desk.today(),
                                "1",
                                List.of("p1,%s,Settled,10.00,0.00,10.00".formatted(late)),
                                "-10.00"));
        var run = desk.planned(file);
        // Another charge is none of its business.
        desk.topUp(customer, 1_00);
        var approval = desk.submitted(run);
        transactions.once(
                () -> {
                    office.late(late, customer, 10_00, Currency.KYD);
                    return late;
                });
        desk.approver.approve(approval).statusCode(409).body("code", equalTo("approval-stale"));
        desk.finance
                .post("/v1/admin/reconciliation/runs/" + run + "/cancellation", WHY)
                .statusCode(200)
                .body("state", equalTo("cancelled"));
        desk.submit(run).statusCode(409).body("code", equalTo("run-settled"));
        desk.posted(file);
        // Of the other one nothing has come yet, and need not have.
        assertThat(desk.breaks("")).extracting(it -> it.get("state")).containsExactly("expected");
    }

    @Test
    void whatNoRuleFindsSomebodyFinds() {
        var desk = office.open(Currency.BSD);
        var customer = UUID.randomUUID();
        var one = desk.topUp(customer, 10_00);
        var two = desk.topUp(customer, 20_00);
        var three = desk.topUp(customer, 30_00);
        var file =
                desk.taken(
                        desk.csv(
                                desk.today(),
                                "1",
                                List.of(
                                        "a1,,Settled,10.00,0.00,10.00",
                                        "=cmd(),,Settled,19.50,0.00,19.50",
                                        "a3,%s,Settled,-30.00,0.00,-30.00".formatted(three)),
                                "0.50"));
        desk.posted(file);
        var unknown = desk.breaks("&type=UNKNOWN_EXTERNAL");
        assertThat(unknown).hasSize(2);
        // What is there and wrong is not missing, and so there is no other break.
        assertThat(desk.breaks("")).hasSize(5);
        var ten = withMinor(unknown, 10_00);
        var almost = withMinor(unknown, 19_50);

        desk.work(ten, "match", said(two)).statusCode(422).body("code", equalTo("amounts-differ"));
        desk.work(ten, "match", said(UUID.randomUUID()))
                .statusCode(422)
                .body("code", equalTo("item-not-expected"));
        desk.work(ten, "match", said(one))
                .statusCode(200)
                .body("resolution", equalTo("manual_match"));
        desk.assertInPlace();
        desk.work(ten, "match", said(one)).statusCode(409).body("code", equalTo("break-resolved"));
        desk.work(ten, "reopening", WHY).statusCode(422).body("code", equalTo("break-matched"));

        String approval =
                desk.work(almost, "forced-match", said(two))
                        .statusCode(202)
                        .body("payload.difference", equalTo(-50))
                        .extract()
                        .path("id");
        desk.approver.approve(approval).statusCode(200);
        assertThat(desk.books()).containsEntry(Kind.LOSSES, -50L);
        desk.assertInPlace();

        var wrongWay = String.valueOf(desk.theBreak("DIRECTION_MISMATCH").get("id"));
        desk.work(wrongWay, "assignment", Map.of("reason", "Mine."))
                .body("state", equalTo("investigating"))
                .body("owner", equalTo(desk.finance.email()));
        desk.work(wrongWay, "raising", WHY).body("notes", hasSize(2));
        desk.finance
                .post(
                        "/v1/admin/reconciliation/breaks/bulk",
                        Map.of(
                                "ids",
                                Set.of(wrongWay, almost),
                                "action",
                                "ASSIGN",
                                "reason",
                                "All mine."))
                .statusCode(409)
                .body("code", equalTo("break-resolved"));
        desk.finance
                .post(
                        "/v1/admin/reconciliation/breaks/bulk",
                        Map.of(
                                "ids",
                                Set.of(wrongWay, almost),
                                "action",
                                "NOTE",
                                "reason",
                                "Both seen."))
                .statusCode(200)
                .body("changed", equalTo(2));
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from audit where resource = ? and action like"
                                        + " 'reconciliation.%'",
                                wrongWay))
                .isEqualTo(2);
        assertThat(desk.breaks("&owner=" + desk.finance.email())).hasSize(1);
        desk.finance
                .get("/v1/admin/reconciliation/ageing")
                .statusCode(200)
                .body(
                        "items.findAll { it.amount?.currency == 'BSD' }.type",
                        hasItems("DIRECTION_MISMATCH"));
        var sheet =
                desk.finance
                        .request()
                        .get("/v1/admin/reconciliation/breaks.csv?currency=BSD&owner=x")
                        .then()
                        .statusCode(200)
                        .contentType(startsWith("text/csv"))
                        .extract()
                        .asString();
        assertThat(sheet).startsWith("id,type,state,").hasLineCount(1);
    }

    @Test
    void aTableForASpreadsheetHasNoFormulas() {
        assertThat(BreakSheet.safe("=1+1")).isEqualTo("'=1+1");
        assertThat(BreakSheet.safe("@x")).isEqualTo("'@x");
        assertThat(BreakSheet.safe("-1+1")).isEqualTo("'-1+1");
        assertThat(BreakSheet.safe(-100)).isEqualTo("-100");
        assertThat(BreakSheet.safe(null)).isEmpty();
    }

    @Test
    void whatIsWrittenDownOfBreaksAndRunsStays() {
        for (var sql :
                List.of(
                        "DELETE of recon_break is refused: delete from recon_break",
                        "DELETE of recon_note is refused: delete from recon_note",
                        "UPDATE of recon_item is refused: update recon_item set match = item",
                        "DELETE of recon_line is refused: delete from recon_line",
                        "UPDATE of recon_rule_set is refused: update recon_rule_set set reason = 'x'")) {
            var parts = sql.split(": ", 2);
            assertThatThrownBy(() -> Sql.run(parts[1])).hasStackTraceContaining(parts[0]);
        }
    }

    /** Those of a page that are of that amount. */
    private static String withMinor(List<Map<String, Object>> breaks, int minor) {
        return breaks.stream()
                .filter(it -> minor(it) == minor)
                .map(it -> String.valueOf(it.get("id")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> said(UUID item) {
        return Map.of("items", Set.of(item), "reason", "They wrote so.");
    }

    private static Map<String, Object> posting(String debit, String credit, int minor) {
        return Map.of("debit", debit, "credit", credit, "amount", money(minor, "BMD"));
    }

    private static Map<String, Object> part(String cause, int minor) {
        return Map.of("cause", cause, "amount", money(minor, "BMD"));
    }

    /** As JSON is read: its numbers are ints. */
    private static Map<String, Object> money(int minor, String currency) {
        return Map.of("minor", minor, "currency", currency);
    }

    @SuppressWarnings("unchecked")
    private static int minor(Map<String, Object> it) {
        return ((Map<String, Integer>) it.get("amount")).get("minor");
    }
}
