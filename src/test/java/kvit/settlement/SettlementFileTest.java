package kvit.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.RawHttp;
import kvit.support.Sql;
import kvit.support.TestOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KvitTest
class SettlementFileTest {

    private static final String FILES = "/v1/admin/settlement-files";
    private static final AtomicInteger NEXT = new AtomicInteger();

    @Inject SettlementSources sources;

    private TestOperator finance;
    private String processor;
    private String bank;
    private String account;

    /**
     * Sources and an account of its own for each test: what is a duplicate is asked per source, and
     * what follows per account.
     */
    @BeforeEach
    void sources() {
        finance = TestOperator.with(Role.FINANCE);
        processor = "processor-" + NEXT.incrementAndGet();
        bank = "bank-" + NEXT.get();
        sources.register(source(processor, SourceKind.PROCESSOR, Format.CSV, Samples.profile()));
        account = "NL26TEST" + NEXT.get();
        sources.register(source(bank, SourceKind.BANK, Format.CAMT053, null));
    }

    private SettlementSource source(
            String code, SourceKind kind, Format format, CsvProfile profile) {
        var whose = kind == SourceKind.BANK ? account : null;
        return new SettlementSource(
                code, 1, "A source", kind, format, null, whose, profile, 2, "DE", true);
    }

    private ValidatableResponse upload(String source, String text) {
        return upload(finance, source, Samples.utf8(text));
    }

    private static ValidatableResponse upload(TestOperator by, String source, byte[] bytes) {
        return by.request()
                .contentType("application/octet-stream")
                .queryParam("source", source)
                .queryParam("name", "a file.csv")
                .queryParam("reason", "It came today.")
                .body(bytes)
                .post(FILES)
                .then();
    }

    @Test
    void aGoodFileIsKeptWithItsLinesAndOnce() {
        var id =
                upload(processor, Samples.BATCH_42)
                        .statusCode(201)
                        .body("state", equalTo("validated"))
                        .body("batch", equalTo("42"))
                        .body("currency", equalTo("EUR"))
                        .body("lineCount", equalTo(8))
                        .body("uploadedBy", equalTo(finance.email()))
                        .body("opening", nullValue())
                        .extract()
                        .<String>path("id");
        upload(processor, Samples.BATCH_42).statusCode(200).body("id", equalTo(id));

        var first =
                finance.get(FILES + "/" + id + "/lines?limit=5")
                        .statusCode(200)
                        .body("items.number", contains(1, 2, 3, 4, 5))
                        .body("items[1].gross.minor", equalTo(4900))
                        .body("items[1].external", equalTo("psp2"))
                        .body("items[1].reference", equalTo("topup_002"))
                        .extract()
                        .<String>path("nextCursor");
        finance.get(FILES + "/" + id + "/lines?limit=5&cursor=" + first)
                .body("items.number", contains(6, 7, 8))
                .body("nextCursor", nullValue());
        var content = finance.get(FILES + "/" + id + "/content").statusCode(200);
        assertThat(content.extract().asByteArray()).isEqualTo(Samples.utf8(Samples.BATCH_42));
        finance.get(FILES + "?source=" + processor).body("items.id", contains(id));
        assertThat(audited(processor)).isEqualTo(1);
    }

    private static long audited(String source) {
        return Sql.<Long>value(
                "select count(*) from audit where action = 'settlement-files.upload'"
                        + " and resource like ? || '/%' and reason = 'It came today.'",
                source);
    }

    @Test
    void aBadFileIsRefusedWithWhatIsWrongAndStaysToBeSeen() {
        var bad = Samples.BATCH_42.replace("48.40", "48.41").replace("-30.00,0.00", "x,0.00");
        var refusal =
                upload(processor, bad)
                        .statusCode(422)
                        .body("code", equalTo("settlement-file-refused"))
                        .body("fault", equalTo("UNPARSEABLE"))
                        .body("errors.line", contains(3, 7))
                        .body("errors.column", contains("net", "gross"))
                        .body("retryable", equalTo(false))
                        .extract();
        String id = refusal.path("fileId");
        upload(processor, bad)
                .statusCode(422)
                .body("fileId", equalTo(id))
                .body("errors", equalTo(refusal.path("errors")));

        finance.get(FILES + "/" + id)
                .statusCode(200)
                .body("state", equalTo("rejected"))
                .body("fault", equalTo("UNPARSEABLE"))
                .body("errors.line", contains(3, 7));
        finance.get(FILES + "/" + id + "/lines").body("items", empty());
        finance.get(FILES + "?state=rejected&source=" + processor).body("items", hasSize(1));
        assertThat(finance.get(FILES + "/" + id + "/content").extract().asString()).isEqualTo(bad);
        assertThat(audited(processor)).isEqualTo(1);
    }

    @Test
    void ofManyWhoBringTheSameFileAtOnceOneDoes() throws Exception {
        var answers =
                Race.run(
                        8,
                        16,
                        () ->
                                RawHttp.send(
                                        RawHttp.request(
                                                        FILES
                                                                + "?name=f&reason=r&source="
                                                                + processor)
                                                .header(
                                                        "Authorization",
                                                        "Bearer " + finance.token())
                                                .header("Content-Type", "text/csv")
                                                .POST(BodyPublishers.ofString(Samples.BATCH_42))));
        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsOnlyOnce(201)
                .containsOnly(200, 201);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.get(0).body());
        assertThat(lines(processor)).isEqualTo(8);
    }

    private static long lines(String source) {
        return Sql.<Long>value(
                "select count(*) from settlement_line l join settlement_file f on f.id = l.file"
                        + " where f.source = ?",
                source);
    }

    @Test
    void aStatementFollowsTheOneBeforeOrWaitsForIt() {
        upload(bank, day(1, "10.00", "280.00"))
                .statusCode(201)
                .body("opening.minor", equalTo(1000));
        String early =
                upload(bank, day(3, "550.00", "820.00"))
                        .statusCode(422)
                        .body("fault", equalTo("BALANCE_GAP"))
                        .extract()
                        .path("fileId");
        upload(bank, day(2, "280.00", "550.00")).statusCode(201).body("lineCount", equalTo(2));
        upload(bank, day(3, "550.00", "820.00"))
                .statusCode(201)
                .body("id", equalTo(early))
                .body("closing.minor", equalTo(82000));
        finance.get(FILES + "/" + early)
                .body("state", equalTo("validated"))
                .body("errors", empty());
        upload(bank, day(3, "550.00", "820.00")).statusCode(200);
        upload(bank, day(2, "820.00", "1090.00"))
                .statusCode(422)
                .body("errors[0].message", equalTo("has the number 2, where the one before has 3"));
    }

    /** What was in the one that lacks may have come and gone: the balances alone do not tell. */
    @Test
    void aStatementWhoseNumberLacksIsMissedThoughItCameToNothing() {
        upload(bank, day(1, "10.00", "280.00")).statusCode(201);
        upload(bank, day(3, "280.00", "550.00"))
                .statusCode(422)
                .body("fault", equalTo("BALANCE_GAP"))
                .body("errors[0].message", equalTo("has the number 3, where the one before has 1"));

        var skipping = bank + "-skipping";
        account = account + "S";
        var source = source(skipping, SourceKind.BANK, Format.CAMT053, null);
        sources.register(
                new SettlementSource(
                        skipping,
                        1,
                        source.name(),
                        source.kind(),
                        source.format(),
                        null,
                        account,
                        null,
                        2,
                        "DE",
                        true,
                        true));
        upload(skipping, day(1, "10.00", "280.00")).statusCode(201);
        upload(skipping, day(3, "280.00", "550.00")).statusCode(201);
        upload(skipping, day(2, "550.00", "820.00")).statusCode(422);
    }

    @Test
    void aStatementOfADayBeforeTheLastOneIsAnOldOneMadeAnew() {
        upload(bank, unnumbered("10.00", "280.00")).statusCode(201);
        var early = unnumbered("280.00", "550.00").replace("2026-11-20", "2026-11-19");
        upload(bank, early)
                .statusCode(422)
                .body("fault", equalTo("BALANCE_GAP"))
                .body(
                        "errors[0].message",
                        equalTo(
                                "closes on 2026-11-19, where the one before has closed on"
                                        + " 2026-11-20"));
        upload(bank, unnumbered("280.00", "550.00")).statusCode(201);
    }

    private String unnumbered(String opening, String closing) {
        return day(1, opening, closing).replace("<ElctrncSeqNb>1</ElctrncSeqNb>", "");
    }

    /** Its payout and its fees have no names: only the batch tells that they are there. */
    @Test
    void aBatchThatComesInOtherBytesIsRefused() {
        String first = upload(processor, Samples.BATCH_42).statusCode(201).extract().path("id");
        var anew = Samples.BATCH_42.replace("\n", "\r\n");
        String second =
                upload(processor, anew)
                        .statusCode(422)
                        .body("fault", equalTo("BATCH_REPEATED"))
                        .body(
                                "errors[0].message",
                                equalTo("batch 42 was explained by the file " + first))
                        .extract()
                        .path("fileId");
        upload(processor, anew).statusCode(422).body("fileId", equalTo(second));
        assertThat(lines(processor)).isEqualTo(8);
        upload(processor, anew.replace(",42", ",43")).statusCode(201);
        upload(processor, Samples.BATCH_42.replace("EUR", "USD")).statusCode(201);
        assertThatThrownBy(() -> again(first)).hasStackTraceContaining("settlement_file_batch");
    }

    /** The same in raw SQL, under another hash. */
    private static void again(String file) {
        Sql.run(
                "insert into settlement_file (id, source, source_version, sha256, name, bytes,"
                        + " received_at, uploaded_by, state, batch, currency, booked_from,"
                        + " booked_to, line_count)"
                        + " select gen_random_uuid(), source, source_version,"
                        + " sha256(uuid_send(gen_random_uuid())), name, bytes, received_at,"
                        + " uploaded_by, state, batch, currency, booked_from, booked_to, line_count"
                        + " from settlement_file where id = '"
                        + file
                        + "'");
    }

    @Test
    void whereNoBatchIsNamedItsDaysTellWhatWasExplained() {
        var text = Samples.BATCH_42.replace(",42\n", ",\n");
        String first = upload(processor, text).statusCode(201).extract().path("id");
        upload(processor, text.replace("\n", "\r\n"))
                .statusCode(422)
                .body("fault", equalTo("BATCH_REPEATED"));
        upload(processor, text.replace("2026-11-20", "2026-11-21")).statusCode(201);
        assertThatThrownBy(() -> again(first)).hasStackTraceContaining("settlement_file_days");
    }

    /** Of two who bring one batch in different bytes, the second is told so. */
    @Test
    void ofManyWhoBringOneBatchAtOnceOneDoes() throws Exception {
        var tasks = new ArrayList<Callable<Integer>>();
        for (var number = 1; number <= 6; number++) {
            var text = Samples.BATCH_42 + "\n".repeat(number);
            tasks.add(
                    () ->
                            RawHttp.send(
                                            RawHttp.request(
                                                            FILES
                                                                    + "?name=f&reason=r&source="
                                                                    + processor)
                                                    .header(
                                                            "Authorization",
                                                            "Bearer " + finance.token())
                                                    .header("Content-Type", "text/csv")
                                                    .POST(BodyPublishers.ofString(text)))
                                    .statusCode());
        }
        assertThat(Race.run(6, tasks)).containsExactlyInAnyOrder(201, 422, 422, 422, 422, 422);
        assertThat(lines(processor)).isEqualTo(8);
    }

    /** Files of it wait to be compared as what it was when they came. */
    @Test
    void whatASourceIsNeverChanges() {
        var draft =
                Map.of(
                        "code",
                        processor,
                        "name",
                        "A bank",
                        "kind",
                        "BANK",
                        "format",
                        "CAMT053",
                        "account",
                        account + "S",
                        "expectedDays",
                        2,
                        "country",
                        "DE",
                        "active",
                        true);
        finance.post(
                        "/v1/admin/settlement-sources",
                        Map.of("source", draft, "reason", "It was a bank."))
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/source/kind"));
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update settlement_source set kind = 'BANK', format ="
                                                + " 'CAMT053', profile = null, account = 'S'"
                                                + " where code = '"
                                                + processor
                                                + "'"))
                .hasStackTraceContaining("stays a PROCESSOR");
    }

    /** One of them is the next; the other one does not follow any more. */
    @Test
    void ofTwoStatementsThatBothFollowOneDoes() throws Exception {
        upload(bank, day(1, "10.00", "280.00")).statusCode(201);
        var tasks = new ArrayList<Callable<Integer>>();
        for (var number : List.of(2, 3, 4, 5)) {
            var text = day(2, "280.00", "550.00") + "<!-- " + number + " -->";
            tasks.add(
                    () ->
                            RawHttp.send(
                                            RawHttp.request(
                                                            FILES
                                                                    + "?name=f&reason=r&source="
                                                                    + bank)
                                                    .header(
                                                            "Authorization",
                                                            "Bearer " + finance.token())
                                                    .header("Content-Type", "application/xml")
                                                    .POST(BodyPublishers.ofString(text)))
                                    .statusCode());
        }
        assertThat(Race.run(4, tasks)).containsExactlyInAnyOrder(201, 422, 422, 422);
    }

    private String day(int number, String opening, String closing) {
        return CamtReaderTest.document("08", CamtReaderTest.statement(""))
                .replace("NL26VAYB8060476890", account)
                .replace("<ElctrncSeqNb>7", "<ElctrncSeqNb>" + number)
                .replace(">280.00<", ">" + closing + "<")
                .replace(">10.00<", ">" + opening + "<");
    }

    @Test
    void aFileMayBeLargerThanAnyJson() {
        var text = new StringBuilder(Samples.HEADER);
        for (var i = 1; i <= 4_500; i++) {
            text.append(i)
                    .append(",p%d,r%d,Settled,1.00,0.00,1.00,EUR,2026-11-20,42\n".formatted(i, i));
        }
        text.append("4501,,,MerchantPayout,,,-4500.00,EUR,2026-11-20,42\n");
        upload(processor, text.toString()).statusCode(201).body("lineCount", equalTo(4501));
        assertThat(lines(processor)).isEqualTo(4501);
        finance.request()
                .body("[" + "1,".repeat(40_000) + "1]")
                .post("/v1/admin/settlement-sources")
                .then()
                .statusCode(413);
    }

    @Test
    void whatIsAskedForIsNeeded() {
        upload("nobody", Samples.BATCH_42)
                .statusCode(422)
                .body("code", equalTo("settlement-source-unknown"));
        finance.request()
                .contentType("text/csv")
                .body(Samples.utf8(Samples.BATCH_42))
                .post(FILES + "?source=" + processor + "&name=x")
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("?reason"));
        finance.get(FILES + "/" + UUID.randomUUID()).statusCode(404);
        finance.get(FILES + "/" + UUID.randomUUID() + "/content").statusCode(404);
        finance.get(FILES + "?state=lost").statusCode(400);
        upload(TestOperator.with(Role.APPROVER), processor, new byte[0]).statusCode(403);
        TestOperator.with(Role.SUPPORT).get(FILES).statusCode(403);
    }

    @Test
    void aSourceIsChangedByTwoAndFilesThatWereRefusedMayBeGoodThen() {
        var german = Samples.BATCH_42.replace("Settled", "Gebucht");
        upload(processor, german).statusCode(422).body("errors[0].column", equalTo("type"));
        var types =
                Map.of(
                        "Gebucht", "CHARGE",
                        "Refunded", "REFUND",
                        "Fee", "FEE",
                        "MerchantPayout", "BANK_TRANSFER");
        propose(types, "It speaks German now.").statusCode(202);
        propose(types, "Once more.").statusCode(409);
        String approval =
                finance.get("/v1/admin/approvals?state=open&limit=100")
                        .extract()
                        .path("items.find { it.resource == '" + processor + "' }.id");
        upload(processor, german).statusCode(422);
        TestOperator.with(Role.APPROVER).approve(approval).statusCode(200);
        upload(processor, german).statusCode(201).body("sourceVersion", equalTo(2));
        finance.get("/v1/admin/settlement-sources")
                .statusCode(200)
                .body("items.code", hasItem(processor))
                .body("items.find { it.code == '" + processor + "' }.version", equalTo(2))
                .body("items.find { it.code == '" + bank + "' }.profile", nullValue());
    }

    @Test
    void aSourceThatNothingCouldBeReadByIsNotAskedFor() {
        propose(Map.of("Settled", "CHARGE"), "No payout.")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/profile/types"));
        propose(null, "No types.").statusCode(400);
        propose(Map.of("Settled", "NONSENSE"), "No type.").statusCode(400);
        TestOperator.with(Role.APPROVER)
                .post("/v1/admin/settlement-sources", Map.of())
                .statusCode(403);
    }

    /** Else the money on it would be counted twice, or money that is not customers' at all. */
    @Test
    void anAccountOfABankIsNamedAndBelongsToOneSource() {
        proposeBank(bank + "-eu", null, null, true)
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/source/account"));
        for (var currency : new String[] {null, "EUR"}) {
            proposeBank(bank + "-eu", account, currency, true)
                    .statusCode(422)
                    .body("code", equalTo("settlement-account-taken"))
                    .body("source", equalTo(bank));
        }
        // Asked for while there was none, and approved when there is one.
        var other = "X" + account;
        var early = proposeBank(bank + "-eu", other, "EUR", true).statusCode(202);
        approve(proposeBank(bank + "-x", other, null, true));
        TestOperator.with(Role.APPROVER)
                .approve(early.extract().path("id"))
                .statusCode(422)
                .body("code", equalTo("settlement-account-taken"));
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update settlement_source set account = '%s' where code = '%s'"
                                                .formatted(account, bank + "-x")))
                .hasStackTraceContaining("settlement_source_owns");
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update settlement_source set account = null"
                                                + " where code = '"
                                                + bank
                                                + "'"))
                .hasStackTraceContaining("settlement_source_account");
    }

    @Test
    void whoTakesTheirPlaceGoesOnWhereTheirStatementsHaveEnded() {
        upload(bank, day(1, "10.00", "280.00")).statusCode(201);
        approve(proposeBank(bank, account, null, false));
        approve(proposeBank(bank + "-eu", account, "EUR", true));

        upload(bank, day(2, "280.00", "550.00")).statusCode(422);
        // The money of before, a second time.
        upload(bank + "-eu", day(1, "10.00", "280.00"))
                .statusCode(422)
                .body("fault", equalTo("BALANCE_GAP"));
        upload(bank + "-eu", day(2, "280.00", "550.00")).statusCode(201);
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from settlement_statement where account = ?"
                                        + " and sequence in (1, 2)",
                                account))
                .isEqualTo(2);
    }

    /** As an upgrade leaves it where two sources had brought an account. */
    @Test
    void ofSeveralChainsTheLastGoesOn() {
        upload(bank, day(1, "10.00", "280.00")).statusCode(201);
        Sql.run(
                "insert into settlement_chain values (?, 'EUR', 2, 1000, 'a', 'b', 'r', now())",
                account);
        Sql.run(
                "insert into settlement_statement (source, account, currency, chain, sequence, file,"
                        + " name, opening_minor, closing_minor, opened_on, closed_on, line_count)"
                        + " select source, account, currency, 2, 1, file, name, opening_minor,"
                        + " 50000, opened_on, closed_on, line_count"
                        + " from settlement_statement where account = ?",
                account);

        upload(bank, day(2, "280.00", "550.00"))
                .statusCode(422)
                .body("fault", equalTo("BALANCE_GAP"));
        upload(bank, day(2, "500.00", "770.00")).statusCode(201);
        assertThat(
                        Sql.<String>column(
                                "select chain || '/' || sequence from settlement_statement"
                                        + " where account = ? order by chain, sequence",
                                account))
                .containsExactly("1/1", "2/1", "2/2");
    }

    private static void approve(ValidatableResponse asked) {
        String id = asked.statusCode(202).extract().path("id");
        TestOperator.with(Role.APPROVER).approve(id).statusCode(200);
    }

    private ValidatableResponse proposeBank(
            String code, String whose, String currency, boolean active) {
        var source = new HashMap<String, Object>();
        source.put("code", code);
        source.put("name", "A bank");
        source.put("kind", "BANK");
        source.put("format", "CAMT053");
        source.put("account", whose);
        source.put("currency", currency);
        source.put("expectedDays", 2);
        source.put("country", "DE");
        source.put("active", active);
        return finance.post(
                "/v1/admin/settlement-sources",
                Map.of("source", source, "reason", "Another bank."));
    }

    private ValidatableResponse propose(Map<String, String> types, String reason) {
        var profile = new HashMap<String, Object>();
        profile.put("columns", Samples.columns());
        profile.put("types", types);
        profile.put("signs", "SIGNED");
        profile.put("amounts", "POINT");
        profile.put("dateFormat", "uuuu-MM-dd");
        profile.put("zone", "UTC");
        profile.put("delimiter", ",");
        profile.put("charset", "UTF-8");
        profile.put("skipLines", 0);
        var source =
                Map.of(
                        "code",
                        processor,
                        "name",
                        "A source",
                        "kind",
                        "PROCESSOR",
                        "format",
                        "CSV",
                        "profile",
                        profile,
                        "expectedDays",
                        2,
                        "country",
                        "DE",
                        "active",
                        true);
        return finance.post(
                "/v1/admin/settlement-sources", Map.of("source", source, "reason", reason));
    }

    @Test
    void theDatabaseKeepsWhatWasSaid() {
        String good = upload(processor, Samples.BATCH_42).statusCode(201).extract().path("id");
        String bad =
                upload(processor, Samples.BATCH_42 + "x").statusCode(422).extract().path("fileId");
        upload(bank, day(1, "10.00", "280.00")).statusCode(201).body("id", notNullValue());
        var stays = "settlement file %s stays what it is";
        refused(
                stays.formatted(good),
                "update settlement_file set name = 'x' where id = '%s'",
                good);
        refused(
                stays.formatted(good),
                "update settlement_file set state = 'REJECTED', fault = 'UNPARSEABLE',"
                        + " errors = '[]', line_count = null where id = '%s'",
                good);
        refused(
                stays.formatted(bad),
                "update settlement_file set sha256 = sha256('') where id = '%s'",
                bad);
        refused(
                "DELETE of settlement_file is refused",
                "delete from settlement_file where id = '%s'",
                bad);
        refused(
                "UPDATE of settlement_line is refused",
                "update settlement_line set net_minor = 1 where file = '%s'",
                good);
        for (var table : List.of("settlement_line", "settlement_content")) {
            refused(
                    "DELETE of " + table + " is refused",
                    "delete from " + table + " where file = '%s'",
                    good);
        }
        refused(
                "settlement_lines_of_good_files",
                """
                insert into settlement_line (file, line_no, type, gross_minor, fee_minor, net_minor,
                                             currency, booked_on)
                values ('%s', 1, 'FEE', 2, 1, 1, 'EUR', '2026-11-20')
                """,
                bad);
        refused(
                "settlement_line_adds_up",
                """
                insert into settlement_line (file, line_no, type, gross_minor, fee_minor, net_minor,
                                             currency, booked_on)
                values ('%s', 99, 'FEE', 3, 1, 1, 'EUR', '2026-11-20')
                """,
                good);
        refused(
                "settlement_statement_follows",
                """
                insert into settlement_statement (source, account, currency, chain, sequence,
                    previous, file, name, opening_minor, closing_minor, opened_on, closed_on, line_count)
                select source, account, currency, chain, 2, 1, file, name, 27999, closing_minor,
                       opened_on, closed_on, line_count
                  from settlement_statement where source = '%s'
                """,
                bank);
        assertThat(lines(processor)).isEqualTo(8);
    }

    private static void refused(String why, String sql, String of) {
        assertThatThrownBy(() -> Sql.run(sql.formatted(of))).as(sql).hasStackTraceContaining(why);
    }
}
