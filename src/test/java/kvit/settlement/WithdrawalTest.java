package kvit.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.operate.Role;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.RawHttp;
import kvit.support.Sql;
import kvit.support.TestOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is good in form and wrong in fact, and what a bank will never send. */
@KvitTest
class WithdrawalTest {

    private static final String FILES = "/v1/admin/settlement-files";
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final Map<String, String> REASON = Map.of("reason", "It is another's.");

    @Inject SettlementSources sources;

    private TestOperator finance;
    private TestOperator approver;
    private String processor;
    private String bank;
    private String account;

    @BeforeEach
    void sources() {
        finance = TestOperator.with(Role.FINANCE, Role.APPROVER);
        approver = TestOperator.with(Role.APPROVER);
        processor = "withdrawing-" + NEXT.incrementAndGet();
        bank = processor + "-bank";
        account = "NL26BACK" + NEXT.get();
        register(processor, Samples.profile());
        sources.register(
                new SettlementSource(
                        bank,
                        1,
                        "A bank",
                        SourceKind.BANK,
                        Format.CAMT053,
                        null,
                        account,
                        null,
                        2,
                        "DE",
                        true));
    }

    private void register(String code, CsvProfile profile) {
        sources.register(
                new SettlementSource(
                        code,
                        1,
                        "A processor",
                        SourceKind.PROCESSOR,
                        Format.CSV,
                        null,
                        null,
                        profile,
                        2,
                        "DE",
                        true));
    }

    private ValidatableResponse upload(String source, String text) {
        return finance.request()
                .contentType("application/octet-stream")
                .queryParam("source", source)
                .queryParam("name", "a file")
                .queryParam("reason", "It came today.")
                .body(Samples.utf8(text))
                .post(FILES)
                .then();
    }

    /** For several at once. */
    private int raced(String source, String text) throws Exception {
        return RawHttp.send(
                        RawHttp.request(FILES + "?name=f&reason=r&source=" + source)
                                .header("Authorization", "Bearer " + finance.token())
                                .header("Content-Type", "text/csv")
                                .POST(BodyPublishers.ofString(text)))
                .statusCode();
    }

    private String taken(String source, String text) {
        return upload(source, text).statusCode(201).extract().path("id");
    }

    private ValidatableResponse withdraw(String file) {
        return finance.post(FILES + "/" + file + "/withdrawal", REASON);
    }

    private void withdrawn(String file) {
        approver.approve(withdraw(file).statusCode(202).extract().path("id")).statusCode(200);
    }

    private String day(int number, String opening, String closing) {
        return CamtReaderTest.document("08", CamtReaderTest.statement(""))
                .replace("NL26VAYB8060476890", account)
                .replace("<ElctrncSeqNb>7", "<ElctrncSeqNb>" + number)
                .replace(">280.00<", ">" + closing + "<")
                .replace(">10.00<", ">" + opening + "<");
    }

    @Test
    void twoWithdrawAFileAndItsBatchIsFree() {
        var wrong = taken(processor, Samples.BATCH_42);
        var right = Samples.BATCH_42.replace("topup_002", "topup_003");
        upload(processor, right).statusCode(422).body("fault", equalTo("BATCH_REPEATED"));
        String request = withdraw(wrong).statusCode(202).extract().path("id");
        finance.approve(request).statusCode(403);
        finance.get(FILES + "/" + wrong)
                .body("state", equalTo("validated"))
                .body("withdrawal", nullValue());

        approver.approve(request).statusCode(200);

        finance.get(FILES + "/" + wrong)
                .body("state", equalTo("withdrawn"))
                .body("batch", equalTo("42"))
                .body("withdrawal.proposedBy", equalTo(finance.email()))
                .body("withdrawal.approvedBy", equalTo(approver.email()))
                .body("withdrawal.reason", equalTo("It is another's."));
        finance.get(FILES + "?state=withdrawn&source=" + processor).body("items", hasSize(1));
        assertThat(finance.get(FILES + "/" + wrong + "/content").extract().asString())
                .isEqualTo(Samples.BATCH_42);
        finance.get(FILES + "/" + wrong + "/lines").body("items", hasSize(8));
        upload(processor, right).statusCode(201);
        assertThat(
                        Sql.<String>column(
                                "select step from audit where action = 'settlement-files.withdraw'"
                                        + " and resource = ? order by id",
                                wrong))
                .containsExactly("PROPOSED", "EXECUTED");
        withdraw(wrong).statusCode(422).body("code", equalTo("settlement-file-does-not-count"));
    }

    @Test
    void theSameBytesMayComeAgain() {
        var first = taken(processor, Samples.BATCH_42);
        withdrawn(first);

        String second =
                upload(processor, Samples.BATCH_42)
                        .statusCode(201)
                        .body("id", not(equalTo(first)))
                        .extract()
                        .path("id");

        upload(processor, Samples.BATCH_42).statusCode(200).body("id", equalTo(second));
        withdrawn(second);
        upload(processor, Samples.BATCH_42).statusCode(201);
    }

    @Test
    void aWrongStatementGivesUpItsPlaceInTheChain() {
        taken(bank, day(1, "10.00", "280.00"));
        var wrong = taken(bank, day(2, "280.00", "550.00"));
        var behind = taken(bank, day(3, "550.00", "820.00"));
        withdraw(wrong)
                .statusCode(422)
                .body("code", equalTo("settlement-file-continued"))
                .body("fileId", equalTo(behind));
        withdrawn(behind);
        withdrawn(wrong);

        upload(bank, day(3, "550.00", "820.00")).statusCode(422);
        upload(bank, day(2, "280.00", "550.00").replace("S1", "S2")).statusCode(201);
        upload(bank, day(3, "550.00", "820.00")).statusCode(201);
        assertThat(places()).containsExactly("1/1", "1/2", "1/3");
    }

    private List<String> places() {
        return Sql.column(
                "select chain || '/' || sequence from settlement_statement where account = ?"
                        + " order by chain, sequence",
                account);
    }

    /**
     * Of a statement that comes on top of one that is being withdrawn one of the two is refused.
     */
    @Test
    void whatIsWithdrawnIsNeverGoneOnFrom() throws Exception {
        taken(bank, day(1, "10.00", "280.00"));
        var last = taken(bank, day(2, "280.00", "550.00"));
        String request = withdraw(last).statusCode(202).extract().path("id");
        List<Callable<Integer>> both =
                List.of(
                        () ->
                                Http.post(
                                                approver.token(),
                                                "/v1/admin/approvals/" + request + "/approval",
                                                null,
                                                "{}")
                                        .statusCode(),
                        () -> raced(bank, day(3, "550.00", "820.00")));
        assertThat(Race.run(2, both)).isIn(List.of(200, 422), List.of(422, 201));
        assertThat(places()).isIn(List.of("1/1"), List.of("1/1", "1/2", "1/3"));
    }

    @Test
    void statementsBeginAnewWithWhatTwoHaveSaid() {
        taken(bank, day(1, "10.00", "280.00"));
        var after = day(9, "900.00", "1170.00");
        String early =
                upload(bank, after)
                        .statusCode(422)
                        .body("fault", equalTo("BALANCE_GAP"))
                        .extract()
                        .path("fileId");
        String request = begin(bank, 900_00, "EUR").statusCode(202).extract().path("id");
        finance.approve(request).statusCode(403);
        approver.approve(request).statusCode(200);

        upload(bank, day(2, "280.00", "550.00"))
                .statusCode(422)
                .body("fault", equalTo("BALANCE_GAP"))
                .body(
                        "errors[0].message",
                        equalTo(
                                "opens with 280.00 EUR, where the account's statements begin anew"
                                        + " with 900.00 EUR"));
        upload(bank, after).statusCode(201).body("id", equalTo(early));
        upload(bank, day(10, "1170.00", "1440.00")).statusCode(201);
        assertThat(places()).containsExactly("1/1", "2/1", "2/2");
    }

    /** The last word counts: a beginning that was a mistake is left out. */
    @Test
    void aBeginningThatNobodyUsedIsReplacedByAnother() {
        taken(bank, day(1, "10.00", "280.00"));
        approver.approve(begin(bank, 900_00, "EUR").statusCode(202).extract().path("id"));
        approver.approve(begin(bank, 280_00, "EUR").statusCode(202).extract().path("id"))
                .statusCode(200);
        upload(bank, day(7, "900.00", "1170.00")).statusCode(422);
        // As it would have gone on, but for the number that the bank has left out.
        upload(bank, day(7, "280.00", "550.00")).statusCode(201);
        assertThat(places()).containsExactly("1/1", "3/1");
    }

    @Test
    void whatHasChangedMeanwhileIsAskedForAnew() {
        taken(bank, day(1, "10.00", "280.00"));
        String request = begin(bank, 900_00, "EUR").statusCode(202).extract().path("id");
        taken(bank, day(2, "280.00", "550.00"));
        approver.approve(request).statusCode(409).body("code", equalTo("approval-stale"));
    }

    @Test
    void onlyABankAtWorkBeginsAnew() {
        begin(processor, 1, "EUR")
                .statusCode(422)
                .body("code", equalTo("settlement-source-unknown"));
        begin("nobody", 1, "EUR").statusCode(422);
        finance.post("/v1/admin/settlement-sources/" + bank + "/chains", REASON).statusCode(400);
        withdraw(UUID.randomUUID().toString()).statusCode(404);
        finance.post(FILES + "/" + UUID.randomUUID() + "/withdrawal", Map.of()).statusCode(400);
    }

    private ValidatableResponse begin(String source, long minor, String currency) {
        return finance.post(
                "/v1/admin/settlement-sources/" + source + "/chains",
                Map.of(
                        "opening",
                        Map.of("minor", minor, "currency", currency),
                        "reason",
                        "They have another system."));
    }

    @Test
    void theTablesKeepWhatWasNotWithdrawnByTwo() {
        var good = taken(bank, day(1, "10.00", "280.00"));
        taken(bank, day(2, "280.00", "550.00"));
        var gone = taken(processor, Samples.BATCH_42);
        withdrawn(gone);
        refused(
                "settlement_file_withdrawn",
                "update settlement_file set state = 'WITHDRAWN' where id = '%s'".formatted(good));
        refused(
                "settlement_file_withdrawn_by_two",
                """
                update settlement_file set state = 'WITHDRAWN', withdrawn_at = now(),
                    withdrawal_by = 'a', withdrawn_by = 'a', withdrawal_reason = 'r'
                 where id = '%s'
                """
                        .formatted(good));
        refused(
                "settlement_statement_follows",
                """
                update settlement_file set state = 'WITHDRAWN', withdrawn_at = now(),
                    withdrawal_by = 'a', withdrawn_by = 'b', withdrawal_reason = 'r'
                 where id = '%s'
                """
                        .formatted(good));
        refused(
                "stays what it is",
                """
                update settlement_file set state = 'VALIDATED', withdrawn_at = null,
                    withdrawal_by = null, withdrawn_by = null, withdrawal_reason = null
                 where id = '%s'
                """
                        .formatted(gone));
        refused(
                "a statement of a good file stays",
                "delete from settlement_statement where file = '%s'".formatted(good));
        refused(
                "nobody has said that chain 2",
                """
                insert into settlement_statement (source, account, currency, chain, sequence, file,
                    name, opening_minor, closing_minor, opened_on, closed_on, line_count)
                select source, account, currency, 2, 1, file, name, opening_minor, closing_minor,
                       opened_on, closed_on, line_count
                  from settlement_statement where file = '%s'
                """
                        .formatted(good));
        refused(
                "only good files are posted",
                """
                insert into recon_file (file, run)
                select '%s', id from recon_run limit 1
                """
                        .formatted(gone));
        assertThat(places()).containsExactly("1/1", "1/2");
    }

    private static void refused(String why, String sql) {
        assertThatThrownBy(() -> Sql.run(sql)).as(sql).hasStackTraceContaining(why);
    }

    private static final String MORNING =
            Samples.HEADER
                    + """
                    1,m1,topup_101,Settled,10.00,0.00,10.00,EUR,2026-11-20,
                    2,,,Fee,0.00,1.00,-1.00,EUR,2026-11-20,
                    3,,,MerchantPayout,,,-9.00,EUR,2026-11-20,
                    """;

    private static final String EVENING =
            Samples.HEADER
                    + """
                    1,m2,topup_102,Settled,20.00,0.00,20.00,EUR,2026-11-20,
                    2,,,Fee,0.00,1.00,-1.00,EUR,2026-11-20,
                    3,,,MerchantPayout,,,-19.00,EUR,2026-11-20,
                    """;

    private static CsvProfile inParts() {
        var profile = Samples.profile();
        return new CsvProfile(
                profile.columns(),
                profile.types(),
                profile.signs(),
                null,
                profile.amounts(),
                profile.dateFormat(),
                profile.zone(),
                profile.delimiter(),
                profile.charset(),
                0,
                null,
                true);
    }

    @Test
    void aDayComesInPartsWhereItsProfileSaysSo() {
        taken(processor, MORNING);
        upload(processor, EVENING).statusCode(422).body("fault", equalTo("BATCH_REPEATED"));

        var parts = processor + "-parts";
        register(parts, inParts());
        var morning = taken(parts, MORNING);
        taken(parts, EVENING);

        // In other bytes, in another order, and with another column.
        repeated(parts, MORNING.replace("\n", "\r\n"), morning);
        repeated(
                parts,
                Samples.HEADER
                        + """
                        1,,,Fee,0.00,1.00,-1.00,EUR,2026-11-20,
                        2,m1,topup_101,Settled,10.00,0.00,10.00,EUR,2026-11-20,
                        3,,,MerchantPayout,,,-9.00,EUR,2026-11-20,
                        """,
                morning);
        // The day as a whole, in which the morning is once more.
        repeated(
                parts,
                Samples.HEADER
                        + """
                        1,m1,topup_101,Settled,10.00,0.00,10.00,EUR,2026-11-20,
                        2,m3,topup_103,Settled,20.00,0.00,20.00,EUR,2026-11-20,
                        3,,,MerchantPayout,,,-30.00,EUR,2026-11-20,
                        """,
                morning);
        // Known by our name alone.
        repeated(parts, MORNING.replace(",m1,", ",,"), morning);
        upload(parts, MORNING.replace("11-20", "11-21")).statusCode(201);
        withdrawn(morning);
        upload(parts, MORNING.replace("\n", "\r\n")).statusCode(201);
    }

    private void repeated(String source, String text, String file) {
        upload(source, text)
                .statusCode(422)
                .body("fault", equalTo("BATCH_REPEATED"))
                .body("errors[0].message", equalTo("was said by the file " + file));
    }

    /** Nothing tells two of them apart, so the second may be the first. */
    @Test
    void aPartOfADayWithoutAnyNameIsTheDay() {
        register(processor + "-parts", inParts());
        var fees =
                Samples.HEADER
                        + """
                        1,,,Fee,1.00,0.00,1.00,EUR,2026-11-20,
                        2,,,MerchantPayout,,,-1.00,EUR,2026-11-20,
                        """;
        taken(processor + "-parts", MORNING);
        upload(processor + "-parts", fees).statusCode(422).body("fault", equalTo("BATCH_REPEATED"));
    }

    @Test
    void ofOnePartThatComesInManyWaysAtOnceOneIsTaken() throws Exception {
        var parts = processor + "-parts";
        register(parts, inParts());
        List<Callable<Integer>> all =
                List.of(
                        () -> raced(parts, MORNING),
                        () -> raced(parts, MORNING.replace("\n", "\r\n")),
                        () -> raced(parts, MORNING.replace(",m1,", ",,")),
                        () -> raced(parts, EVENING));
        assertThat(Race.run(4, all)).containsExactlyInAnyOrder(201, 201, 422, 422);
        refused(
                "settlement_file_days",
                """
                insert into settlement_file (id, source, source_version, sha256, name, bytes,
                    received_at, uploaded_by, state, currency, booked_from, booked_to, line_count,
                    part)
                select gen_random_uuid(), source, 1, sha256(uuid_send(gen_random_uuid())), name,
                       bytes, received_at, uploaded_by, state, currency, booked_from, booked_to,
                       line_count, part
                  from settlement_file where source = '%s' and state = 'VALIDATED' limit 1
                """
                        .formatted(parts));
    }
}
