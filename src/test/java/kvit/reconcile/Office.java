package kvit.reconcile;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.ledger.Account;
import kvit.ledger.Account.Kind;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.Role;
import kvit.payout.BusinessDays;
import kvit.settlement.CsvProfile;
import kvit.settlement.CsvProfile.Column;
import kvit.settlement.Format;
import kvit.settlement.LineType;
import kvit.settlement.SettlementSource;
import kvit.settlement.SettlementSources;
import kvit.settlement.SourceKind;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Sql;
import kvit.support.TestOperator;

/**
 * A processor and a bank of one currency, and two operators who reconcile them. Each test takes a
 * currency that nobody else uses: what is expected is all that is on its account of card clearing.
 */
@Singleton
class Office {

    static final String COUNTRY = "DE";

    /** One of each currency. */
    static final String IBAN = "NL26VAYB8060476890";

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final SettlementSources sources;
    private final Ledger ledger;
    private final BusinessDays days;
    private final Clock clock;
    private final Ids ids;

    Office(SettlementSources sources, Ledger ledger, BusinessDays days, Clock clock, Ids ids) {
        this.sources = sources;
        this.ledger = ledger;
        this.days = days;
        this.clock = clock;
        this.ids = ids;
    }

    /** What our side hears of after the processor has settled it. */
    void late(UUID id, UUID customer, long minor, Currency currency) {
        ledger.post(
                List.of(Posting.topUp(id, clock.instant(), customer, new Money(minor, currency))));
    }

    /** Opens for a currency. */
    Desk open(Currency currency) {
        var code = "test-" + currency.name().toLowerCase(Locale.ROOT);
        sources.register(
                new SettlementSource(
                        code,
                        1,
                        "A processor",
                        SourceKind.PROCESSOR,
                        Format.CSV,
                        currency,
                        null,
                        profile(),
                        2,
                        COUNTRY,
                        true));
        sources.register(
                new SettlementSource(
                        code + "-bank",
                        1,
                        "A bank",
                        SourceKind.BANK,
                        Format.CAMT053,
                        currency,
                        IBAN,
                        null,
                        2,
                        COUNTRY,
                        true));
        return new Desk(currency, code);
    }

    static CsvProfile profile() {
        var columns = new LinkedHashMap<Column, String>();
        columns.put(Column.LINE, "line");
        columns.put(Column.EXTERNAL, "psp_reference");
        columns.put(Column.REFERENCE, "merchant_reference");
        columns.put(Column.TYPE, "type");
        columns.put(Column.GROSS, "gross");
        columns.put(Column.FEE, "fee");
        columns.put(Column.NET, "net");
        columns.put(Column.CURRENCY, "currency");
        columns.put(Column.BOOKED_ON, "booked_on");
        columns.put(Column.BATCH, "batch");
        return new CsvProfile(
                columns,
                Map.of(
                        "Settled", LineType.CHARGE,
                        "Refunded", LineType.REFUND,
                        "Payout", LineType.PAYOUT,
                        "Chargeback", LineType.CHARGEBACK,
                        "Fee", LineType.FEE,
                        "DepositCorrection", LineType.CORRECTION,
                        "Carried", LineType.BALANCE_CARRIED,
                        "MerchantPayout", LineType.BANK_TRANSFER),
                CsvProfile.Signs.SIGNED,
                null,
                CsvProfile.Amounts.POINT,
                "uuuu-MM-dd",
                "UTC",
                ",",
                "UTF-8",
                0,
                null);
    }

    /** Of one currency. */
    class Desk {

        final Currency currency;
        final String source;
        TestOperator finance;
        TestOperator approver;

        Desk(Currency currency, String source) {
            this.currency = currency;
            this.source = source;
            signIn();
        }

        /** Anew: nobody stays signed in over night. */
        void signIn() {
            finance = TestOperator.with(Role.FINANCE, Role.APPROVER);
            approver = TestOperator.with(Role.APPROVER);
        }

        LocalDate today() {
            return days.dayOf(COUNTRY, clock.instant());
        }

        LocalDate nextBusinessDay() {
            return days.after(COUNTRY, today(), 1);
        }

        UUID topUp(UUID customer, long minor) {
            var id = ids.next();
            post(Posting.topUp(id, clock.instant(), customer, new Money(minor, currency)));
            return id;
        }

        /** Many, as fast as the ledger takes them. */
        List<UUID> topUps(UUID customer, int count, long minor) {
            var postings = new ArrayList<Posting>();
            var all = new ArrayList<UUID>();
            for (var i = 0; i < count; i++) {
                var id = ids.next();
                all.add(id);
                postings.add(
                        Posting.topUp(id, clock.instant(), customer, new Money(minor, currency)));
                if (postings.size() == 500 || i == count - 1) {
                    post(postings.toArray(Posting[]::new));
                    postings.clear();
                }
            }
            return all;
        }

        UUID refund(UUID customer, long minor) {
            var id = ids.next();
            post(
                    new Posting(
                            id,
                            "refund",
                            clock.instant(),
                            List.of(
                                    new Posting.Line(Account.wallet(customer, currency), -minor),
                                    new Posting.Line(Account.cardClearing(currency), minor)),
                            null,
                            null));
            return id;
        }

        private void post(Posting... postings) {
            QuarkusTransaction.requiringNew()
                    .run(
                            () ->
                                    ledger.post(List.of(postings))
                                            .forEach(it -> assertThat(it.refusal()).isNull()));
        }

        /**
         * The lines without their numbers, currency, day and batch, and the payout that ends them.
         */
        String csv(LocalDate day, String batch, List<String> lines, String payout) {
            var text =
                    new StringBuilder(
                            "line,psp_reference,merchant_reference,type,gross,fee,net,currency,"
                                    + "booked_on,batch\n");
            var number = 0;
            for (var line : lines) {
                var isForeign = line.split(",").length > 6;
                text.append(++number)
                        .append(',')
                        .append(line)
                        .append(isForeign ? "" : "," + currency)
                        .append(",%s,%s\n".formatted(day, batch));
            }
            return text.append(
                            "%d,,,MerchantPayout,,,%s,%s,%s,%s\n"
                                    .formatted(number + 1, payout, currency, day, batch))
                    .toString();
        }

        ValidatableResponse upload(String csv) {
            return upload(source, "text/csv", csv);
        }

        private ValidatableResponse upload(String of, String type, String text) {
            return given().header("Authorization", "Bearer " + finance.token())
                    .contentType(type)
                    .queryParam("source", of)
                    .queryParam("name", "file-" + NEXT.incrementAndGet())
                    .queryParam("reason", "The files of the day.")
                    .body(text.getBytes(StandardCharsets.UTF_8))
                    .post("/v1/admin/settlement-files")
                    .then();
        }

        String taken(String csv) {
            return upload(csv).statusCode(201).extract().path("id");
        }

        /** A statement with these entries: amounts by what is written to us. */
        String statement(LocalDate day, String opening, Map<String, String> entries) {
            return statementOf(source + "-bank", day, opening, entries);
        }

        /** Another version of a bank of this currency, wanted by both. */
        void register(String code, boolean isActive) {
            var bank =
                    Map.of(
                            "code",
                            code,
                            "name",
                            "A bank",
                            "kind",
                            "BANK",
                            "format",
                            "CAMT053",
                            "currency",
                            currency.name(),
                            "account",
                            IBAN,
                            "expectedDays",
                            2,
                            "country",
                            COUNTRY,
                            "active",
                            isActive);
            approved(
                    finance.post(
                            "/v1/admin/settlement-sources",
                            Map.of("source", bank, "reason", "They have another name.")));
        }

        String statementOf(
                String bank, LocalDate day, String opening, Map<String, String> entries) {
            var closing = new BigDecimal(opening);
            var text = new StringBuilder();
            for (var entry : entries.entrySet()) {
                var amount = new BigDecimal(entry.getValue());
                closing = closing.add(amount);
                text.append(
                        """
                        <Ntry><Amt Ccy="%s">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts>
                        <BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt>
                        <AcctSvcrRef>%s</AcctSvcrRef><BkTxCd><Prtry><Cd>544</Cd></Prtry></BkTxCd>
                        <NtryDtls><TxDtls><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
                        """
                                .formatted(
                                        currency,
                                        amount.abs(),
                                        side(amount),
                                        day,
                                        day,
                                        "S" + NEXT.incrementAndGet(),
                                        entry.getKey()));
            }
            var xml =
                    """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
                    <GrpHdr><MsgId>M%d</MsgId><CreDtTm>%sT18:00:00+00:00</CreDtTm></GrpHdr>
                    <Stmt><Id>S%d</Id><CreDtTm>%sT18:00:00+00:00</CreDtTm>
                    <Acct><Id><IBAN>%s</IBAN></Id><Ccy>%s</Ccy></Acct>
                    %s%s%s</Stmt></BkToCstmrStmt></Document>
                    """
                            .formatted(
                                    NEXT.incrementAndGet(),
                                    day,
                                    NEXT.get(),
                                    day,
                                    IBAN,
                                    currency,
                                    balance("OPBD", new BigDecimal(opening), day),
                                    balance("CLBD", closing, day),
                                    text);
            return upload(bank, "application/xml", xml).statusCode(201).extract().path("id");
        }

        private String balance(String type, BigDecimal amount, LocalDate day) {
            return """
            <Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="%s">%s</Amt>
            <CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>
            """
                    .formatted(type, currency, amount.abs(), side(amount), day);
        }

        private static String side(BigDecimal amount) {
            return amount.signum() < 0 ? "DBIT" : "CRDT";
        }

        ValidatableResponse run(boolean isDry, String... files) {
            var body =
                    new HashMap<String, Object>(
                            Map.of("currency", currency.name(), "fileIds", List.of(files)));
            body.put("dryRun", isDry);
            body.put("reason", "The close of the day.");
            return finance.post("/v1/admin/reconciliation/runs", body);
        }

        String planned(String... files) {
            return run(false, files).statusCode(200).extract().path("id");
        }

        String submitted(String run) {
            return submit(run).statusCode(202).extract().path("id");
        }

        ValidatableResponse submit(String run) {
            return finance.post(
                    "/v1/admin/reconciliation/runs/" + run + "/submission",
                    Map.of("reason", "It adds up."));
        }

        /** Planned by one and approved by the other. */
        String posted(String... files) {
            var run = planned(files);
            approver.approve(submitted(run)).statusCode(200);
            assertInPlace();
            return run;
        }

        /** Minor units of each account that is not empty, a credit positive. */
        Map<Kind, Long> books() {
            var totals = new EnumMap<Kind, Long>(Kind.class);
            totals.putAll(ledger.totals(currency, null));
            totals.values().removeIf(it -> it == 0);
            assertThat(totals.values().stream().mapToLong(it -> it).sum()).isZero();
            return totals;
        }

        /** Clearing is what is still expected, and suspense what breaks have parked. */
        void assertInPlace() {
            finance.get("/v1/admin/reconciliation/position?currency=" + currency)
                    .statusCode(200)
                    .body("difference.minor", equalTo(0))
                    .body("suspenseDifference.minor", equalTo(0));
            var books = books();
            assertThat(parked(">")).isEqualTo(books.getOrDefault(Kind.SUSPENSE_UNAPPLIED, 0L));
            assertThat(parked("<")).isEqualTo(books.getOrDefault(Kind.SUSPENSE_SHORTFALL, 0L));
        }

        private long parked(String sign) {
            return Sql.<BigDecimal>value(
                            "select coalesce(sum(parked), 0) from recon_break"
                                    + " where currency = ? and state <> 'RESOLVED' and parked "
                                    + sign
                                    + " 0",
                            currency.name())
                    .longValueExact();
        }

        long entries() {
            return Sql.<Long>value(
                    "select count(*) from entry e join account a on a.id = e.account"
                            + " where a.currency = ?",
                    currency.name());
        }

        List<Map<String, Object>> breaks(String query) {
            return finance.get(
                            "/v1/admin/reconciliation/breaks?limit=100&currency="
                                    + currency
                                    + query)
                    .statusCode(200)
                    .extract()
                    .jsonPath()
                    .getList("items");
        }

        Map<String, Object> theBreak(String type) {
            var found = breaks("&type=" + type);
            assertThat(found).hasSize(1);
            return found.get(0);
        }

        String idOf(String type) {
            return String.valueOf(theBreak(type).get("id"));
        }

        /** Asks for these to be settled together. */
        ValidatableResponse settle(Map<String, ?> what) {
            var body = new HashMap<String, Object>(what);
            body.put("currency", currency.name());
            body.put("reason", "They are one thing.");
            return finance.post("/v1/admin/reconciliation/breaks/settlement", body);
        }

        /** Asked for by one and approved by the other. */
        void settled(Map<String, ?> what) {
            approved(settle(what));
        }

        void approved(ValidatableResponse asked) {
            approver.approve(asked.statusCode(202).extract().path("id")).statusCode(200);
            assertInPlace();
        }

        /** What our side has posted is taken back, as nobody should. */
        UUID takeBack(UUID posting) {
            var id = ids.next();
            QuarkusTransaction.requiringNew().run(() -> ledger.reverse(posting, id));
            return id;
        }

        /** What adjustments did before they were kept from it. */
        void outOfSuspense(UUID customer, long minor) {
            post(
                    new Posting(
                            ids.next(),
                            "adjustment",
                            clock.instant(),
                            List.of(
                                    new Posting.Line(
                                            new Account(Kind.SUSPENSE_UNAPPLIED, null, currency),
                                            -minor),
                                    new Posting.Line(Account.wallet(customer, currency), minor)),
                            null,
                            null));
        }

        ValidatableResponse work(String breakId, String action, Object body) {
            return finance.post("/v1/admin/reconciliation/breaks/" + breakId + "/" + action, body);
        }
    }
}
