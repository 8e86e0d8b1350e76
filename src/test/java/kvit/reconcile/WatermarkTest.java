package kvit.reconcile;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.ledger.Account.Kind;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.reconcile.Office.Desk;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import org.junit.jupiter.api.Test;

/** What is looked at of card clearing, by whom, and what holds up whom. */
@KvitTest
class WatermarkTest {

    @Inject Office office;
    @Inject RunStore runs;
    @Inject OpenMissing openMissing;
    @Inject MoneyTransactions transactions;

    /** One charge that never comes would otherwise have everybody read all entries since. */
    @Test
    void whatDoesNotComeIsWrittenDownAndTheRestIsNotLookedAtAgain() {
        var desk = office.open(Currency.AZN);
        var charges = desk.topUps(UUID.randomUUID(), 5, 10_00);
        desk.posted(file(desk, "1", charges.get(1), charges.get(3)));

        assertThat(watermark(desk)).isEqualTo(4);
        assertThat(laggards(desk)).containsExactly(1L, 3L);
        position(desk, 30_00);

        desk.posted(file(desk, "2", charges.get(0)));
        assertThat(laggards(desk)).containsExactly(3L);
        position(desk, 20_00);

        desk.posted(file(desk, "3", charges.get(2), charges.get(4)));
        assertThat(laggards(desk)).isEmpty();
        assertThat(watermark(desk)).isGreaterThanOrEqualTo(5);
        position(desk, 0);
    }

    /** Each of these, at 10.00, and the payout of them. */
    private static String file(Desk desk, String batch, UUID... charges) {
        var lines =
                Arrays.stream(charges)
                        .map(it -> "p%s,%s,Settled,10.00,0.00,10.00".formatted(it, it))
                        .toList();
        return desk.taken(desk.csv(desk.today(), batch, lines, -10 * charges.length + ".00"));
    }

    private static long watermark(Desk desk) {
        return Sql.<Long>value(
                "select watermark from recon_clearing where currency = ?", desk.currency.name());
    }

    private static List<Long> laggards(Desk desk) {
        return Sql.column(
                "select l.sequence from recon_laggard l join account a on a.id = l.account"
                        + " where a.currency = ? order by 1",
                desk.currency.name());
    }

    private static void position(Desk desk, int expected) {
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=" + desk.currency)
                .body("expected.minor", equalTo(expected))
                .body("difference.minor", equalTo(0));
    }

    /**
     * Whoever charges a card waits for card clearing: it is the last thing that a run locks. Rows
     * that one transaction has changed know which of its statements did.
     */
    @Test
    void cardClearingIsLockedWhenAllElseIsWritten() {
        var desk = office.open(Currency.AWG);
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        var line = "p1,%s,Settled,10.00,0.10,9.90".formatted(charge);
        desk.posted(desk.taken(desk.csv(desk.today(), "1", List.of(line), "-9.90")));
        assertThat(desk.books()).containsEntry(Kind.PROCESSOR_FEES, -10L);
        assertThat(
                        Sql.<Boolean>value(
                                "select cast(cast(a.cmin as text) as int)"
                                        + " > cast(cast(c.cmin as text) as int)"
                                        + " from account a join recon_clearing c"
                                        + " on c.currency = a.currency and c.xmin = a.xmin"
                                        + " where a.kind = 'CARD_CLEARING' and a.currency = ?",
                                desk.currency.name()))
                .isTrue();
    }

    /** Nobody has set up a report of it, so nobody would ever ask. */
    @Test
    void aCurrencyOfWhichNoFileEverCameIsMissingAllTheSame() {
        var desk = office.new Desk(Currency.XCD, "none");
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        assertThat(runs.currencies()).contains(Currency.XCD);
        TestClock.advance(Duration.ofDays(7));
        desk.signIn();
        runs.currencies().stream()
                .filter(it -> it == Currency.XCD)
                .forEach(it -> transactions.once(() -> openMissing.missing(it)));
        assertThat(desk.theBreak("MISSING_EXTERNAL")).containsEntry("item", charge.toString());
    }

    /** The processor writes its last batch into the next file once more. */
    @Test
    void aPayoutThatIsSaidTwiceIsOnItsWayOnce() {
        var desk = office.open(Currency.BZD);
        var charge = desk.topUp(UUID.randomUUID(), 10_00);
        var good = "1,p1,%s,Settled,10.00,0.10,9.90,BZD,%s,".formatted(charge, desk.today());
        var paid = "2,po1,,MerchantPayout,,,-9.90,BZD,%s,".formatted(desk.today());
        var header = desk.csv(desk.today(), "1", List.of(), "0.00").lines().findFirst().get();
        desk.posted(desk.taken("%s\n%s1\n%s1\n".formatted(header, good, paid)));
        desk.posted(desk.taken("%s\n%s2\n%s2\n".formatted(header, good, paid)));

        desk.finance
                .get("/v1/admin/reconciliation/position?currency=BZD")
                .body("underWay.minor", equalTo(9_90));
        assertThat(desk.breaks("")).extracting(it -> it.get("type")).containsOnly("DUPLICATE_LINE");
        assertThat(desk.books())
                .containsEntry(Kind.SUSPENSE_UNAPPLIED, 10_00L)
                .containsEntry(Kind.SUSPENSE_SHORTFALL, -9_90L);

        desk.posted(desk.statement(desk.today(), "0.00", Map.of("BATCH 1", "9.90")));
        desk.finance
                .get("/v1/admin/reconciliation/position?currency=BZD")
                .body("underWay.minor", equalTo(0))
                .body("clearing.minor", equalTo(0));
        assertThat(desk.books()).contains(entry(Kind.BANK, -9_90L));
    }

    /** All of it is in memory at once, on a replica that serves customers meanwhile. */
    @Test
    void aRunOfMoreLinesThanItTakesIsRefusedBeforeAnythingIsRead() {
        var desk = office.open(Currency.CDF);
        var first = huge(desk);
        var second = huge(desk);
        desk.run(true, first, second)
                .statusCode(422)
                .body("code", equalTo("run-too-large"))
                .body("lines", equalTo(400_000))
                .body("max", equalTo(250_000));
        desk.run(true, first).statusCode(200);
    }

    /** Of the lines there are none: only their number counts. */
    private static String huge(Desk desk) {
        var id = UUID.randomUUID();
        Sql.run(
                "insert into settlement_file (id, source, source_version, sha256, name, bytes,"
                        + " received_at, uploaded_by, state, batch, currency, booked_from,"
                        + " booked_to, line_count) values ('%s', '%s', 1, sha256('%s'), 'x', 1,"
                                .formatted(id, desk.source, id)
                        + " '2026-11-20', 'x', 'VALIDATED', '%s', '%s', '2026-11-20', '2026-11-20',"
                                .formatted(id, desk.currency)
                        + " 200000)");
        return id.toString();
    }

    /** What came again in other bytes is refused, and somebody should know. */
    @Test
    void aBatchThatCameTwiceIsABreakWithoutMoney() {
        var desk = office.open(Currency.BIF);
        var csv =
                "line,psp_reference,merchant_reference,type,gross,fee,net,currency,booked_on,batch\n"
                        + "1,p1,,Settled,10,0,10,BIF,%1$s,7\n2,,,MerchantPayout,,,-10,BIF,%1$s,7\n"
                                .formatted(desk.today());
        desk.taken(csv);
        String second = desk.upload(csv + "\n").statusCode(422).extract().path("fileId");
        transactions.once(openMissing::refusedFiles);
        var id = Sql.<UUID>value("select id from recon_break where file = ?::uuid", second);
        desk.finance
                .get("/v1/admin/reconciliation/breaks/" + id)
                .body("type", equalTo("DUPLICATE_LINE"))
                .body("state", equalTo("open"));
    }
}
