package kvit.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import kvit.operate.Role;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The books as those see them who answer for them. */
@KvitTest
class BooksTest {

    private static final String LEDGER = "/v1/admin/ledger";

    @Inject Clock clock;
    @Inject SealBooks sealBooks;
    @Inject DataSource source;
    @Inject BooksConfig config;
    @Inject Ids ids;
    @Inject WholeBooks wholeBooks;

    private TestOperator finance;
    private TestOperator approver;

    @BeforeEach
    void signIn() {
        finance = TestOperator.with(Role.FINANCE);
        approver = TestOperator.with(Role.APPROVER);
    }

    @Test
    void aStatementIsOpeningAndLinesAndClosing() {
        var anna = TestPerson.with(50_00, "USD");
        var boris = TestPerson.fresh();
        var transfer = anna.send(boris, 12_00, "USD", "k").extract().path("id").toString();
        var account = wallet(anna, "USD");
        finance.get(LEDGER + "/accounts?owner=" + anna.id())
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].kind", equalTo("WALLET"))
                .body("items[0].balance.minor", equalTo(38_00));

        var path = LEDGER + "/accounts/" + account + "/entries";
        var first = finance.get(path + "?limit=1").statusCode(200).extract().jsonPath();
        assertThat(first.getLong("opening.minor")).isZero();
        assertThat(first.getLong("closing.minor")).isEqualTo(38_00);
        assertThat(first.getLong("items[0].amount.minor")).isEqualTo(50_00);
        var second =
                finance.get(path + "?limit=1&cursor=" + first.getString("nextCursor"))
                        .body("items[0].posting", equalTo(transfer))
                        .body("items[0].balanceAfter.minor", equalTo(38_00))
                        .body("nextCursor", nullValue())
                        .extract()
                        .jsonPath();
        var between = second.getString("items[0].at");
        finance.get(path + "?from=" + between)
                .body("opening.minor", equalTo(50_00))
                .body("closing.minor", equalTo(38_00))
                .body("items", hasSize(1));
        finance.get(path + "?to=" + between)
                .body("opening.minor", equalTo(0))
                .body("closing.minor", equalTo(50_00))
                .body("items", hasSize(1));
        refused(
                finance.get(LEDGER + "/accounts/" + transfer + "/entries"),
                404,
                "account-not-found");

        finance.get(LEDGER + "/postings/" + transfer)
                .statusCode(200)
                .body("kind", equalTo("transfer"))
                .body("entries.owner", contains(anna.id().toString(), boris.id().toString()))
                .body("entries.amount.minor", contains(-12_00, 12_00))
                .body("reversedBy", nullValue());
        refused(finance.get(LEDGER + "/postings/" + anna.id()), 404, "posting-not-found");
    }

    @Test
    void listsAccountsByWhatIsAsked() {
        TestPerson.with(1_00, "CZK");
        var kinds =
                finance.get(LEDGER + "/accounts?kind=world&currency=CZK")
                        .statusCode(200)
                        .body("items", hasSize(1))
                        .extract()
                        .jsonPath()
                        .getList("items.kind");
        assertThat(kinds).isEqualTo(List.of("WORLD"));
        var one = finance.get(LEDGER + "/accounts?kind=WALLET&limit=1").extract().jsonPath();
        finance.get(LEDGER + "/accounts?kind=WALLET&limit=1&cursor=" + one.getString("nextCursor"))
                .statusCode(200);
        for (var wrong : List.of("kind=x", "currency=x", "owner=x", "limit=0", "cursor=x")) {
            refused(finance.get(LEDGER + "/accounts?" + wrong), 400, "validation-failed");
        }
    }

    /** With what is sealed and what is not, as of now, of a moment of before, and of no time. */
    @Test
    void aTrialBalanceIsTheSameWhicheverWayItIsAddedUp() {
        var before = now();
        TestPerson.with(70_00, "SEK");
        var between = now();
        var unsealed = trialBalance("");
        sealBooks.seal();
        var sealed = trialBalance("");
        assertThat(wallets(sealed, "SEK")).isEqualTo(wallets(unsealed, "SEK")).isPositive();
        TestPerson.with(5_00, "SEK");
        sealBooks.seal();
        assertThat(wallets(trialBalance("?asOf=" + between), "SEK"))
                .isEqualTo(wallets(sealed, "SEK"));
        assertThat(wallets(trialBalance("?knownAt=" + between), "SEK"))
                .isEqualTo(wallets(sealed, "SEK"));
        assertThat(wallets(trialBalance(""), "SEK")).isEqualTo(wallets(sealed, "SEK") + 5_00);
        assertThat(wallets(trialBalance("?asOf=" + before), "SEK"))
                .isEqualTo(wallets(sealed, "SEK") - 70_00);
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        assertThat(wallets(trialBalance("?asOf=" + today), "SEK"))
                .isEqualTo(wallets(sealed, "SEK") + 5_00);
        assertThat(trialBalance("?asOf=2001-02-03").getList("items")).isEmpty();
        refused(finance.get(LEDGER + "/trial-balance?asOf=x"), 400, "validation-failed");
        refused(finance.get(LEDGER + "/trial-balance?asOf=2026-02-30"), 400, "validation-failed");
        assertThat(
                        Sql.<Long>value(
                                "select sum(balance)::bigint from account"
                                        + " where kind = 'WALLET' and currency = 'SEK'"))
                .isEqualTo(wallets(sealed, "SEK") + 5_00);
    }

    @Test
    void anAdjustmentTakesTwoAndIsPostedOnce() {
        var anna = TestPerson.with(10_00, "GBP");
        var asked = adjust(null, line("LOSSES", null, "debit", 3_00), credit(anna, 3_00));
        var id = asked.statusCode(202).extract().jsonPath();
        var posting = id.getString("payload.posting");
        assertThat(anna.balance("GBP")).isEqualTo(10_00);

        approver.approve(id.getString("id")).statusCode(200).body("state", equalTo("executed"));
        assertThat(anna.balance("GBP")).isEqualTo(13_00);
        finance.get(LEDGER + "/postings/" + posting)
                .body("kind", equalTo("adjustment"))
                .body("entries.kind", contains("LOSSES", "WALLET"));
        refused(approver.approve(id.getString("id")), 409, "approval-settled");
        assertThat(anna.balance("GBP")).isEqualTo(13_00);
    }

    @Test
    void anAdjustmentIsRefusedBeforeAnybodyIsAsked() {
        var anna = TestPerson.with(10_00, "GBP");
        var stranger = Map.<String, Object>of("customer", UUID.randomUUID());
        var losses = line("LOSSES", null, "debit", 3_00);
        refused(adjust("2999-01-01", losses, credit(anna, 3_00)), 400, "validation-failed");
        refused(adjust(null, losses), 400, "validation-failed");
        refused(adjust(null, losses, losses), 400, "validation-failed");
        refused(
                adjust(null, losses, line("WALLET", null, "credit", 3_00)),
                400,
                "validation-failed");
        refused(
                adjust(null, losses, line("FEES", anna.id(), "credit", 3_00)),
                400,
                "validation-failed");
        refused(
                adjust(null, losses, line("FEES", null, "credit", -3_00)),
                400,
                "validation-failed");
        refused(
                adjust(
                        null,
                        losses,
                        line("WALLET", (UUID) stranger.get("customer"), "credit", 4_00)),
                404,
                "account-not-found");
        refused(adjust(null, losses, credit(anna, 4_00)), 422, "posting-unbalanced");

        var more = line("WALLET", anna.id(), "debit", 10_01);
        var id = adjust(null, more, line("FEES", null, "credit", 10_01)).statusCode(202);
        refused(approver.approve(id.extract().path("id")), 422, "insufficient-funds");
        assertThat(anna.balance("GBP")).isEqualTo(10_00);
    }

    @Test
    void aPostingIsTakenBackOnce() {
        var anna = TestPerson.with(10_00, "GBP");
        var asked = adjust(null, line("LOSSES", null, "debit", 3_00), credit(anna, 3_00));
        var posting = asked.extract().jsonPath();
        approver.approve(posting.getString("id")).statusCode(200);
        var path = LEDGER + "/postings/" + posting.getString("payload.posting") + "/reversal";
        var reversal = finance.post(path, reason()).statusCode(202).extract().jsonPath();
        refused(finance.post(path, reason()), 409, "approval-pending");
        approver.approve(reversal.getString("id")).statusCode(200);
        assertThat(anna.balance("GBP")).isEqualTo(10_00);
        finance.get(LEDGER + "/postings/" + posting.getString("payload.posting"))
                .body("reversedBy", equalTo(reversal.getString("payload.reversal")));
        finance.get(LEDGER + "/postings/" + reversal.getString("payload.reversal"))
                .body("reverses", equalTo(posting.getString("payload.posting")))
                .body("kind", equalTo("reversal"));
        refused(finance.post(path, reason()), 422, "already-reversed");
        refused(
                finance.post(LEDGER + "/postings/" + UUID.randomUUID() + "/reversal", reason()),
                404,
                "posting-not-found");
        refused(finance.post(path, Map.of()), 400, "validation-failed");
    }

    /** Its cause would not hear of it, and would be paid or given back once more. */
    @Test
    void whatSomethingElseHasPostedIsNotTakenBackHere() {
        var anna = TestPerson.with(10_00, "GBP");
        var account = wallet(anna, "GBP");
        String funding =
                finance.get(LEDGER + "/accounts/" + account + "/entries")
                        .statusCode(200)
                        .extract()
                        .path("items[0].posting");

        refused(
                finance.post(LEDGER + "/postings/" + funding + "/reversal", reason()),
                422,
                "posting-not-reversible");
        for (var kind : List.of("PAYOUT_CLEARING", "CARD_CLEARING", "SUSPENSE_UNAPPLIED")) {
            refused(
                    adjust(null, line(kind, null, "debit", 1_00), credit(anna, 1_00)),
                    400,
                    "validation-failed");
        }
        assertThat(anna.balance("GBP")).isEqualTo(10_00);
    }

    @Test
    void aClosedDayTakesNothingAnyMoreUntilTwoOpenItAgain() {
        TestClock.advance(Duration.ofDays(3));
        signIn();
        var anna = TestPerson.with(20_00, "GBP");
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        // Over for an hour at least, whatever the time is.
        var day = LocalDate.ofInstant(clock.instant().minus(Duration.ofHours(25)), ZoneOffset.UTC);
        var late = adjustOn(anna, day);
        refused(close(today), 422, "period-not-over");
        refused(finance.post(period(day) + "/closing", Map.of()), 400, "validation-failed");
        refused(finance.post(period(today) + "/reopening", reason()), 422, "period-not-closed");
        finance.get(period(day)).body("closed", equalTo(false)).body("checks", hasSize(3));

        var closing = close(day).statusCode(200).extract().jsonPath();
        assertThat(closing.getString("totals")).contains("WALLET GBP ");
        finance.get(period(day)).body("closed", equalTo(true));
        finance.get(LEDGER + "/periods").body("closedUpTo", equalTo(day.toString()));
        refused(close(day), 422, "period-closed");
        refused(close(day.minusDays(1)), 422, "period-closed");
        refused(
                adjust(day.toString(), line("LOSSES", null, "debit", 1), credit(anna, 1)),
                422,
                "period-closed");
        refused(approver.approve(late), 422, "period-closed");
        assertThatThrownBy(() -> rawPosting(day)).hasStackTraceContaining("which is closed");
        verified().body("clean", equalTo(true));

        var reopening =
                finance.post(period(day) + "/reopening", reason())
                        .statusCode(202)
                        .extract()
                        .path("id")
                        .toString();
        approver.approve(reopening).statusCode(200);
        finance.get(period(day)).body("closed", equalTo(false));
        // It was closed only with the day after it.
        refused(
                adjust(
                        day.minusDays(1).toString(),
                        line("LOSSES", null, "debit", 1),
                        credit(anna, 1)),
                422,
                "period-closed");
        verified().body("clean", equalTo(true));
        approver.approve(late).statusCode(200);
        assertThat(anna.balance("GBP")).isEqualTo(20_00 + 1_00);
        assertThat(close(day).statusCode(200).extract().jsonPath().getString("totals"))
                .isNotEqualTo(closing.getString("totals"));
        sealBooks.seal();
        verified().body("clean", equalTo(true)).body("findings", hasSize(0));
    }

    /** On a replica whose clock is behind; what it writes last is what holds. */
    @Test
    void aDayIsOpenedAgainAlsoByAClockThatIsBehind() {
        TestClock.advance(Duration.ofDays(3));
        signIn();
        var day = LocalDate.ofInstant(clock.instant().minus(Duration.ofHours(25)), ZoneOffset.UTC);
        close(day).statusCode(200);
        var behind = new Clock(() -> clock.instant().minusSeconds(5));
        QuarkusTransaction.requiringNew()
                .run(
                        () ->
                                new Periods(source, config, behind, ids)
                                        .reopen(day, "finance", "approver", "r"));
        finance.get(period(day)).body("closed", equalTo(false));
        verified().body("clean", equalTo(true));
        close(day).statusCode(200);
    }

    @Test
    void aDayThatMayStillChangeIsNotCalledOver() {
        var soon =
                new SmallRyeConfigBuilder()
                        .withMapping(BooksConfig.class)
                        .withDefaultValue("kvit.books.signing-key", "none")
                        .withDefaultValue("kvit.books.close-after", "PT10M59S")
                        .build()
                        .getConfigMapping(BooksConfig.class);
        assertThatThrownBy(() -> new Periods(source, soon, clock, ids).check(new StartupEvent()))
                .hasMessageContaining("kvit.books.close-after");
        new Periods(source, config, clock, ids).check(new StartupEvent());
    }

    /** Nobody could take it away again, and nothing would follow it. */
    @Test
    void aSealOfWhatHasNotEndedIsRefused() throws SQLException {
        TestPerson.with(1_00, "GBP");
        sealBooks.seal();
        try (var connection = Sql.asApp();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            """
                                            insert into seal
                                            select number + 1, last_transaction, last_posting,
                                                   cast('9000000000000000000' as xid8),
                                                   gen_random_uuid(), 1, 2,
                                                   c, digest,
                                                   sha256(convert_to('kvit-seal-1 ' || number + 1
                                                          || E'\\n', 'UTF8') || digest || c),
                                                   sealed_at
                                              from seal, (select decode(repeat('00', 48), 'hex') as c) x
                                             order by number desc limit 1
                                            """))
                    .hasMessageContaining("of a transaction that has not ended");
            connection.rollback();
        }
    }

    /** Beside the service, as its own role. */
    private static void rawPosting(LocalDate day) throws SQLException {
        try (var connection = Sql.asApp();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into posting (id, kind, effective_at, created_at)
                    values (gen_random_uuid(), 'x', '%sT23:59:59.999999Z', '%sT23:59:59.999999Z')
                    """
                            .formatted(day, day));
        }
    }

    private String adjustOn(TestPerson person, LocalDate day) {
        return adjust(day.toString(), line("LOSSES", null, "debit", 1_00), credit(person, 1_00))
                .statusCode(202)
                .extract()
                .path("id");
    }

    @Test
    void theServiceCannotSayWhichTransactionWroteAPosting() throws SQLException {
        try (var connection = Sql.asApp();
                var statement = connection.createStatement()) {
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            """
                                            insert into posting
                                                (id, kind, effective_at, created_at, transaction)
                                            values (gen_random_uuid(), 'x', '2999-01-01',
                                                    '2999-01-01', '3')
                                            """))
                    .hasMessageContaining("permission denied");
            for (var change :
                    List.of(
                            "delete from seal",
                            "update seal set postings = 1",
                            "delete from seal_signature",
                            "delete from period_closing",
                            "delete from book_day")) {
                assertThatThrownBy(() -> statement.execute(change))
                        .as(change)
                        .hasMessageContaining("permission denied");
            }
        }
        for (var change :
                List.of(
                        "delete from seal",
                        "update seal set postings = 1",
                        "truncate seal cascade",
                        "delete from seal_signature",
                        "delete from period_closing",
                        "delete from period",
                        "delete from book_day")) {
            assertThatThrownBy(() -> Sql.run(change)).as(change).hasStackTraceContaining("refused");
        }
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        """
                                        insert into posting
                                            (id, kind, effective_at, created_at, transaction)
                                        values (gen_random_uuid(), 'x', '2999-01-01',
                                                '2999-01-01', '3')
                                        """))
                .hasStackTraceContaining("says to be of another transaction");
    }

    /** What commits late is sealed late, and never left out. */
    @Test
    void whatIsStillBeingWrittenIsWaitedFor() throws SQLException {
        sealBooks.seal();
        var early = UUID.randomUUID();
        try (var connection = Sql.asOwner()) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement("select pg_current_xact_id()")) {
                statement.execute();
            }
            var anna = TestPerson.with(1_00, "GBP");
            var account = wallet(anna, "GBP");
            sealBooks.seal();
            var posting =
                    Sql.<UUID>value("select posting from entry where account = ?::uuid", account);
            finance.get(LEDGER + "/postings/" + posting).body("seal", nullValue());
            try (var statement =
                    connection.prepareStatement(
                            "insert into posting (id, kind, effective_at, created_at)"
                                    + " values (?, 'late', '2999-01-01', '2999-01-01')")) {
                statement.setObject(1, early);
                statement.execute();
            }
            connection.rollback();
            sealBooks.seal();
            finance.get(LEDGER + "/postings/" + posting).body("seal", notNullValue());
        }
    }

    @Test
    void theChainIsVerifiedAndItsHeadsAreSigned() {
        TestPerson.with(1_00, "GBP");
        sealBooks.seal();
        var result = verified().body("clean", equalTo(true)).extract().jsonPath();
        var head = result.getLong("head.number") + ":" + result.getString("head.digest");
        verified("?head=" + head).body("clean", equalTo(true));
        verified("?head=1:" + "00".repeat(32))
                .body("clean", equalTo(false))
                .body("findings.check", contains("head-lost"));
        verified("?head=999999999:" + "00".repeat(32))
                .body("findings.subject[0]", equalTo("999999999"));
        refused(finance.get(LEDGER + "/verification?head=x"), 400, "validation-failed");

        var seal =
                finance.get(LEDGER + "/seals/" + result.getLong("head.number"))
                        .statusCode(200)
                        .body("digest", equalTo(result.getString("head.digest")))
                        .extract()
                        .jsonPath();
        assertThat(seal.getList("content")).hasSize(seal.getInt("postings"));
        refused(finance.get(LEDGER + "/seals/999999999"), 404, "seal-not-found");
        refused(finance.get(LEDGER + "/seals/x"), 404, "seal-not-found");

        var signed = finance.get(LEDGER + "/seals").statusCode(200).extract().jsonPath();
        var base64 = java.util.Base64.getDecoder();
        var read =
                new SignedHead(
                        LocalDate.parse(signed.getString("items[0].day")),
                        new Head(
                                signed.getLong("items[0].number"),
                                signed.getString("items[0].digest")),
                        java.time.Instant.parse(signed.getString("items[0].signedAt")),
                        previous(signed.getString("items[0].words")),
                        base64.decode(signed.getString("items[0].key")),
                        base64.decode(signed.getString("items[0].signature")));
        assertThat(read.isRight()).isTrue();
        verified("?head=" + read.head().number() + ":" + read.head().digest())
                .body("clean", equalTo(true));
    }

    /** The last line of what is signed. */
    private static LocalDate previous(String words) {
        var day = words.lines().skip(5).findFirst().orElseThrow();
        return day.equals("-") ? null : LocalDate.parse(day);
    }

    @Test
    void exportsAreWholeInBothFormats() throws IOException {
        var anna = TestPerson.with(9_00, "NOK");
        var span = "from=" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var account = wallet(anna, "NOK");
        var csv = export("entries?" + span);
        var records =
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get()
                        .parse(new StringReader(csv))
                        .getRecords()
                        .stream()
                        .filter(it -> it.get("account").equals(account))
                        .toList();
        assertThat(records).hasSize(1);
        assertThat(records.get(0).get("minor")).isEqualTo("900");
        assertThat(records.get(0).get("owner")).isEqualTo(anna.id().toString());
        var json =
                export("entries?format=jsonl&" + span)
                        .lines()
                        .filter(it -> it.contains(account))
                        .map(JsonPath::from)
                        .toList();
        assertThat(json).hasSize(1);
        assertThat(json.get(0).getLong("balanceAfter")).isEqualTo(900);
        assertThat(export("accounts")).contains(account);
        assertThat(export("postings?" + span)).contains(records.get(0).get("posting"));
        assertThat(export("postings?to=2001-01-01"))
                .isEqualTo("posting,kind,effectiveAt,createdAt,reverses\r\n");
        assertThat(export("trial-balance")).startsWith("kind,currency,debit").contains("NOK");
        assertThat(export("trial-balance?format=jsonl")).contains("\"currency\":\"NOK\"");
        refused(finance.get(LEDGER + "/exports/secrets"), 404, "not-found");
        refused(finance.get(LEDGER + "/exports/entries?format=pdf"), 400, "validation-failed");
    }

    @Test
    void whoTakesTheBooksOutIsKnownByName() {
        export("entries?format=jsonl&from=2001-01-01&to=2001-01-02");
        export("trial-balance?asOf=2001-02-03");
        refused(finance.get(LEDGER + "/exports/entries?format=pdf"), 400, "validation-failed");
        approver.get("/v1/admin/audit?action=books.export&operator=" + finance.email())
                .body("items.resource", contains("trial-balance", "entries"))
                .body("items.address", everyItem(notNullValue()))
                .body("items[1].after.format", equalTo("JSONL"))
                .body("items[1].after.from", equalTo("2001-01-01T00:00:00Z"))
                .body("items[1].after.to", equalTo("2001-01-03T00:00:00Z"))
                .body("items[0].after.asOf", equalTo("2001-02-04T00:00:00Z"));
    }

    /** However many ask: the connections are for those who send money. */
    @Test
    void soManyTrialBalancesAtOnceAndNoMore() throws Exception {
        var begun = new CountDownLatch(config.readsAtOnce());
        var over = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(config.readsAtOnce());
        try {
            for (var i = 0; i < config.readsAtOnce(); i++) {
                pool.submit(
                        () ->
                                wholeBooks.reading(
                                        WholeBooks.Use.TRIAL_BALANCE,
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(20),
                                        it -> {
                                            begun.countDown();
                                            return await(over);
                                        }));
            }
            await(begun);
            refused(finance.get(LEDGER + "/trial-balance"), 503, "books-busy");
            refused(finance.get(LEDGER + "/exports/trial-balance"), 503, "books-busy");
            // Nobody waits for who does something else.
            assertThat(export("postings?to=2001-01-01")).startsWith("posting");
            verified();
        } finally {
            over.countDown();
            pool.shutdown();
        }
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        trialBalance("");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eachRoleDoesItsOwn() {
        var support = TestOperator.with(Role.SUPPORT);
        support.get(LEDGER + "/trial-balance").statusCode(200);
        support.get(LEDGER + "/accounts").statusCode(200);
        for (var path : List.of("/exports/entries", "/verification", "/seals", "/periods")) {
            support.get(LEDGER + path).statusCode(403);
        }
        for (var path :
                List.of(
                        "/postings",
                        "/postings/" + UUID.randomUUID() + "/reversal",
                        "/periods/2001-01-01/closing",
                        "/periods/2001-01-01/reopening")) {
            approver.post(LEDGER + path, Map.of()).statusCode(403);
            support.post(LEDGER + path, Map.of()).statusCode(403);
        }
        TestPerson.fresh().get(LEDGER + "/accounts").statusCode(403);
    }

    private String export(String path) {
        return finance.get(LEDGER + "/exports/" + path).statusCode(200).extract().asString();
    }

    private ValidatableResponse verified() {
        return verified("");
    }

    private ValidatableResponse verified(String parameters) {
        return finance.get(LEDGER + "/verification" + parameters).statusCode(200);
    }

    private ValidatableResponse close(LocalDate day) {
        return finance.post(period(day) + "/closing", reason());
    }

    private static String period(LocalDate day) {
        return LEDGER + "/periods/" + day;
    }

    private static Map<String, String> reason() {
        return Map.of("reason", "It was booked wrongly.");
    }

    private ValidatableResponse adjust(String effectiveOn, Object... lines) {
        var body = new HashMap<String, Object>(reason());
        body.put("lines", List.of(lines));
        if (effectiveOn != null) {
            body.put("effectiveOn", effectiveOn);
        }
        return finance.post(LEDGER + "/postings", body);
    }

    private static Map<String, Object> credit(TestPerson person, long minor) {
        return line("WALLET", person.id(), "credit", minor);
    }

    private static Map<String, Object> line(String kind, UUID owner, String side, long minor) {
        var line = new HashMap<String, Object>();
        line.put("kind", kind);
        line.put("owner", owner);
        line.put("side", side);
        line.put("amount", TestPerson.money(minor, "GBP"));
        return line;
    }

    private JsonPath trialBalance(String parameters) {
        var read =
                finance.get(LEDGER + "/trial-balance" + parameters)
                        .statusCode(200)
                        .body("balanced", equalTo(true))
                        .body("totals.balance", everyItem(equalTo(0)))
                        .extract()
                        .jsonPath();
        return read;
    }

    private static long wallets(JsonPath balance, String currency) {
        return balance.<Map<String, Object>>getList("items").stream()
                .filter(
                        it ->
                                it.get("kind").equals("WALLET")
                                        && it.get("currency").equals(currency))
                .mapToLong(it -> ((Number) it.get("balance")).longValue())
                .sum();
    }

    private String now() {
        return clock.instant().toString();
    }

    private String wallet(TestPerson person, String currency) {
        return finance.get(LEDGER + "/accounts?currency=" + currency + "&owner=" + person.id())
                .statusCode(200)
                .extract()
                .path("items[0].id");
    }

    private static ValidatableResponse refused(
            ValidatableResponse answer, int status, String code) {
        return answer.statusCode(status).body("code", equalTo(code));
    }
}
