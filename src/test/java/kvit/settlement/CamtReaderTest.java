package kvit.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import kvit.money.Currency;
import kvit.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CamtReaderTest {

    private static final String IBAN = "NL26VAYB8060476890";

    /** Opens with 10.00, gets 272.59, pays 2.59, closes with 280.00. */
    private static final String GOOD = document("08", statement(""));

    /** All that was told, whether or not it adds up. */
    private static final class Kept implements StatementSink {
        final List<SettlementLine> entries = new ArrayList<>();
        final List<Draft> statements = new ArrayList<>();

        @Override
        public void entry(SettlementLine entry, int at) {
            entries.add(entry);
        }

        @Override
        public void statement(Draft statement) {
            statements.add(statement);
        }
    }

    private static Kept parse(byte[] bytes) {
        var kept = new Kept();
        Samples.camt(bytes, kept);
        return kept;
    }

    @Test
    void whatABankHasPublishedIsRead() {
        var two = parse(Samples.published("camt053.v2.multi.statement.xml"));
        assertThat(two.statements).extracting(StatementSink.Draft::account).containsOnly(IBAN);
        assertThat(two.statements)
                .extracting(it -> it.opening().amount())
                .containsExactly(euros(18_15), euros(27_00));
        assertThat(two.statements)
                .extracting(it -> it.closing().amount())
                .containsExactly(euros(27_00), euros(20_00));
        assertThat(two.statements)
                .extracting(StatementSink.Draft::number)
                .containsExactly(12312L, null);
        assertThat(two.entries)
                .containsExactly(
                        entry(1, "000000001", 8_85, "Transaction Description 1"),
                        entry(2, "000000002", -7_00, "Transaction Description 2"));

        var old = parse(Samples.published("camt053.v2.minimal.xml"));
        assertThat(old.statements.get(0).closing().amount())
                .isEqualTo(new Money(-27_00, Currency.SEK));
        assertThat(old.entries).containsExactly(entry(1, null, 8_85, "4654654654654654"));

        var recent = parse(Samples.published("camt053.v8.xml"));
        assertThat(recent.entries).hasSize(1);
        assertThat(recent.entries.get(0).external()).isEqualTo("AAAASESS-FP-CN_98765/01");
        assertThat(recent.entries.get(0).reference()).isEqualTo("MUELL/FINP/RA12345");
        assertThat(recent.entries.get(0).bookedOn()).isEqualTo(LocalDate.of(2014, 12, 31));
    }

    /**
     * An example of a form need not be right in its figures, and then it is no statement of ours.
     */
    @Test
    void whatABankHasPublishedIsTakenIfItAddsUp() {
        var two =
                Samples.statements(Samples.published("camt053.v2.multi.statement.xml"), anyBank());
        assertThat(two.contents().statements()).hasSize(2);
        assertThat(two.contents().lineCount()).isEqualTo(2);
        assertThat(two.contents().account()).isEqualTo(IBAN);

        var refusal = refusal(Samples.published("camt053.v2.minimal.xml"), anyBank());
        assertThat(refusal.fault()).isEqualTo(FileFault.BATCH_TOTAL);
        assertThat(refusal.errors().get(0).message()).contains("opens in EUR and closes in SEK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "08"})
    void aStatementIsItsEntriesAndTheBalancesAround(String version) {
        var read = read(document(version, statement("")));
        assertThat(read.contents())
                .isEqualTo(
                        new Contents(
                                null,
                                Currency.EUR,
                                IBAN,
                                LocalDate.of(2026, 11, 20),
                                LocalDate.of(2026, 11, 20),
                                2,
                                List.of(
                                        new Statement(
                                                IBAN,
                                                "S1",
                                                7L,
                                                euros(10_00),
                                                euros(280_00),
                                                LocalDate.of(2026, 11, 20),
                                                LocalDate.of(2026, 11, 20),
                                                2)),
                                null));
        assertThat(read.lines().get(0))
                .isEqualTo(
                        new SettlementLine(
                                1,
                                LineType.BANK_TRANSFER,
                                null,
                                "bank-1",
                                null,
                                euros(272_59),
                                euros(0),
                                euros(272_59),
                                LocalDate.of(2026, 11, 20),
                                LocalDate.of(2026, 11, 21),
                                "42",
                                "PAYOUT BATCH 42 OF ACQUIRER"));
        assertThat(read.lines().get(1).net()).isEqualTo(euros(-2_59));
    }

    @Test
    void whatIsNotBookedIsInNoBalance() {
        var text = GOOD.replace("<!--more-->", entryXml("5.00", "CRDT", "PDNG", ""));
        assertThat(read(text).lines()).hasSize(2);
        assertThat(read(text.replace("PDNG", "INFO")).lines()).hasSize(2);
        assertRefused(text.replace("PDNG", "BOOK"), FileFault.BATCH_TOTAL, "285.00 EUR");
    }

    /** The direction is that of the entry; that it takes something back does not turn it round. */
    @Test
    void anEntryThatReversesHasItsOwnDirection() {
        var text = GOOD.replace("<Sts>", "<RvslInd>true</RvslInd><Sts>");
        assertThat(read(text).lines().get(1).net()).isEqualTo(euros(-2_59));
    }

    @Test
    void theClosingBalanceOfTheDayBeforeWillDoForAnOpeningOne() {
        assertThat(read(GOOD.replace("OPBD", "PRCD")).lines()).hasSize(2);
        assertRefused(GOOD.replace("OPBD", "OPAV"), FileFault.UNPARSEABLE, "OPBD");
        assertRefused(GOOD.replace("CLBD", "ITBD"), FileFault.UNPARSEABLE, "CLBD");
    }

    @Test
    void aStatementWithoutEntriesIsOneToo() {
        var text =
                document(
                        "08",
                        statement("")
                                .replaceAll("(?s)<Ntry>.*</Ntry>", "")
                                .replace("280.00", "10.00"));
        var read = read(text);
        assertThat(read.lines()).isEmpty();
        assertThat(read.contents().lineCount()).isZero();
    }

    @Test
    void overdraftsAreBelowNought() {
        var text =
                GOOD.replace(
                                "CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal><Bal>",
                                "DBIT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal><Bal>")
                        .replace("280.00", "260.00");
        assertThat(read(text).contents().statements().get(0).opening()).isEqualTo(euros(-10_00));
    }

    @ParameterizedTest
    @CsvSource({
        "KWD, 10.000, 272.590, 2.590, 280.000, 280000",
        "JPY, 10, 272, 2, 280, 280",
        "EUR, 10.00000, 272.590, 2.59, 280.0, 28000"
    })
    void theMinorUnitIsTheCurrencys(
            String currency, String opening, String in, String out, String closing, long minor) {
        var text =
                GOOD.replace("EUR", currency)
                        .replace(">10.00<", ">" + opening + "<")
                        .replace(">272.59<", ">" + in + "<")
                        .replace(">2.59<", ">" + out + "<")
                        .replace(">280.00<", ">" + closing + "<");
        assertThat(read(text).contents().statements().get(0).closing().minor()).isEqualTo(minor);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "272.591",
                "272,59",
                "-272.59",
                "2e2",
                "",
                "272.590001",
                "NaN",
                "9007199254740993"
            })
    void anAmountThatIsNoneIsRefused(String amount) {
        assertRefused(GOOD.replace("272.59", amount), FileFault.UNPARSEABLE, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252"})
    void anyCharsetWillDoThatTheFileNames(String charset) {
        var text =
                GOOD.replace("PAYOUT", "PAYOUT für")
                        .replace(
                                "encoding='UTF-8'", "encoding='" + charset.replace("LE", "") + "'");
        var bytes =
                (charset.equals("UTF-16LE") ? "\uFEFF" + text : text)
                        .getBytes(Charset.forName(charset));
        var read = Samples.statements(bytes, anyBank());
        assertThat(read.lines().get(0).description()).startsWith("PAYOUT für");
    }

    @Test
    void aByteOrderMarkPrefixesCommentsAndInstructionsChangeNothing() {
        assertThat(read("\uFEFF" + GOOD).lines()).hasSize(2);
        var prefixed = GOOD.replaceAll("<(/?)([A-Z])", "<$1ns2:$2").replace("xmlns=", "xmlns:ns2=");
        assertThat(read(prefixed).lines()).hasSize(2);
        var noisy =
                GOOD.replace("<GrpHdr>", "<!-- <Stmt> --><?print <Ntry> ?><GrpHdr>")
                        .replace("272.59", "272<!-- and -->.<![CDATA[59]]>");
        assertThat(read(noisy).lines().get(0).net()).isEqualTo(euros(272_59));
        var hinted =
                GOOD.replace(
                        "xmlns=",
                        "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                                + " xsi:schemaLocation='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
                                + " http://127.0.0.1:9/camt.053.001.08.xsd' xmlns=");
        assertThat(read(hinted).lines()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "urn:iso:std:iso:20022:tech:xsd:camt.052.001.08",
                "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08",
                "urn:iso:std:iso:20022:tech:xsd:camt.053.001.01",
                "urn:iso:std:iso:20022:tech:xsd:camt.053.001.13",
                "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03",
                "urn:something:else"
            })
    void anotherMessageIsNamedAsThat(String namespace) {
        var text = GOOD.replace("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", namespace);
        assertRefused(text, FileFault.UNPARSEABLE, namespace);
        assertRefused(GOOD.replaceAll(" xmlns='[^']*'", ""), FileFault.UNPARSEABLE, "no namespace");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <Sts>                 | <Status>BOOK</Status><Sts>
                    <MsgId>M1</MsgId>     | <MsgId></MsgId>
                    <Id>S1</Id>           |
                    BOOK                  | BOOKED OR SO AND MORE
                    CRDT                  | CREDIT
                    2026-11-20            | 2026-02-30
                    2026-11-20            | 20.11.2026
                    Ccy="EUR"             | Ccy="eur"
                    Ccy="EUR"             |
                    NL26VAYB8060476890    | not an IBAN
                    <Ntry>                | <Ntry><Ntry/>
                    """)
    void whatTheSchemaMindsIsRefusedWithItsLine(String good, String bad) {
        var refusal = refusal(Samples.utf8(GOOD.replace(good, bad == null ? "" : bad)), anyBank());
        assertThat(refusal.fault()).isEqualTo(FileFault.UNPARSEABLE);
        assertThat(refusal.errors().get(0).line()).isPositive();
    }

    /** A narrower .02 under a name of its own; all else holds that holds of .02. */
    @Test
    void austrianBanksCallItByAnotherName() {
        var iso = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02";
        var austrian = "ISO:camt.053.001.02:APC:STUZZA:payments:003";
        var text = document("02", statement("")).replace(iso, austrian);
        assertThat(read(text)).isEqualTo(read(document("02", statement(""))));
        assertRefused(text.replace("CRDT", "CREDIT"), FileFault.UNPARSEABLE, "CREDIT");
        assertRefused(
                GOOD.replace(iso.replace(".02", ".08"), austrian), FileFault.UNPARSEABLE, "Sts");
        assertRefused(text.replace(":003", ":x"), FileFault.UNPARSEABLE, "no camt.053");
    }

    /** Versions differ in where the status of an entry stands. */
    @Test
    void oneVersionIsNotTheOther() {
        assertRefused(GOOD.replace("053.001.08", "053.001.02"), FileFault.UNPARSEABLE, "Sts");
    }

    @Test
    void aFileThatIsCutOffIsRefused() {
        for (var end = 0; end < GOOD.length() - 12; end += 7) {
            var text = GOOD.substring(0, end);
            assertThat(refusal(Samples.utf8(text), anyBank()).fault())
                    .as(text)
                    .isEqualTo(FileFault.UNPARSEABLE);
        }
    }

    @Test
    @Timeout(20)
    void aBombIsRefusedBeforeItGoesOff() {
        var laughs = new StringBuilder("<!DOCTYPE Document [<!ENTITY a0 'ha'>");
        for (var i = 1; i < 30; i++) {
            laughs.append("<!ENTITY a%d '&a%d;&a%d;&a%d;'>".formatted(i, i - 1, i - 1, i - 1));
        }
        laughs.append("]>");
        var declaration = "<?xml version='1.0' encoding='UTF-8'?>";
        var body = GOOD.substring(declaration.length()).replace("PAYOUT", "&a29;");
        assertRefused(declaration + laughs + body, FileFault.UNPARSEABLE, "DOCTYPE");
        for (var type :
                List.of(
                        "<!DOCTYPE Document [<!ENTITY a29 SYSTEM 'file:///etc/passwd'>]>",
                        "<!DOCTYPE Document SYSTEM 'http://127.0.0.1:9/x.dtd'>",
                        "<!DOCTYPE Document [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'>%x;]>")) {
            assertRefused(declaration + type + body, FileFault.UNPARSEABLE, "DOCTYPE");
        }
        assertRefused(declaration + body, FileFault.UNPARSEABLE, "a29");
        assertRefused(
                GOOD.replace("<Sts>", "<Sts>" + "<a>".repeat(100_000)), FileFault.UNPARSEABLE, "");
        assertRefused(
                GOOD.replace("PAYOUT", "x".repeat(1_000_000)), FileFault.UNPARSEABLE, "more than");
        var xinclude =
                GOOD.replace(
                        "<GrpHdr>",
                        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude'"
                                + " href='file:///etc/passwd' parse='text'/><GrpHdr>");
        assertRefused(xinclude, FileFault.UNPARSEABLE, "include");
    }

    @Test
    void whatIsNoXmlIsRefused() {
        assertRefused("", FileFault.UNPARSEABLE, "");
        assertRefused(Samples.BATCH_42, FileFault.UNPARSEABLE, "");
        assertRefused(GOOD + GOOD, FileFault.UNPARSEABLE, "");
        assertRefused("{\"minor\": 1}", FileFault.UNPARSEABLE, "");
        assertRefused(GOOD.replace("PAYOUT", "PAY\0OUT"), FileFault.UNPARSEABLE, "");
        assertRefused(
                GOOD.replace("encoding='UTF-8'", "encoding='none'"), FileFault.UNPARSEABLE, "");
        var latin = GOOD.replace("PAYOUT", "für").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refusal(latin, anyBank()).fault()).isEqualTo(FileFault.UNPARSEABLE);
        assertThat(refusal(GOOD.getBytes(StandardCharsets.UTF_16LE), anyBank()).fault())
                .isEqualTo(FileFault.UNPARSEABLE);
    }

    @Test
    void whatDoesNotAddUpIsRefused() {
        assertRefused(GOOD.replace("280.00", "280.01"), FileFault.BATCH_TOTAL, "280.00 EUR");
        assertRefused(GOOD.replace(">10.00", ">10.01"), FileFault.BATCH_TOTAL, "280.01 EUR");
        var summed =
                GOOD.replace(
                        "<!--summary-->",
                        "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries></TxsSummry>");
        assertRefused(summed, FileFault.BATCH_TOTAL, "3 entries, and has 2");
        assertThat(read(summed.replace(">3<", ">2<")).lines()).hasSize(2);
        assertRefused(
                GOOD.replace("Ccy=\"EUR\">2.59", "Ccy=\"USD\">2.59"),
                FileFault.UNPARSEABLE,
                "currency");
        assertRefused(
                GOOD.replace("<Ccy>EUR", "<Ccy>USD"), FileFault.BATCH_TOTAL, "account in USD");
        assertRefused(GOOD.replace("\"EUR\"", "\"DEM\""), FileFault.UNPARSEABLE, "ISO 4217");
        assertRefused(
                GOOD.replace("<BookgDt><Dt>2026", "<BookgDt><Dt>2206"),
                FileFault.UNPARSEABLE,
                "our time");
    }

    @Test
    void statementsOfOneFileAreOneChainOfOneAccount() {
        var second =
                statement("")
                        .replace("S1", "S2")
                        .replace("<ElctrncSeqNb>7", "<ElctrncSeqNb>8")
                        .replace(">280.00<", ">550.00<")
                        .replace(">10.00<", ">280.00<");
        assertThat(read(document("08", statement("") + second)).contents().statements()).hasSize(2);
        assertThat(read(document("08", statement("") + second)).lines())
                .extracting(SettlementLine::number)
                .containsExactly(1, 2, 3, 4);
        assertRefused(
                document("08", statement("") + statement("")), FileFault.BALANCE_GAP, "280.00 EUR");
        var others = second.replace(IBAN, "DE89370400440532013000");
        assertRefused(document("08", statement("") + others), FileFault.WRONG_SOURCE, "DE89");
    }

    @Test
    void aStatementOfAnotherAccountIsAnothers() {
        assertThat(Samples.statements(Samples.utf8(GOOD), Samples.bank(IBAN, Currency.EUR)).lines())
                .hasSize(2);
        var other = refusal(Samples.utf8(GOOD), Samples.bank("DE89370400440532013000", null));
        assertThat(other.fault()).isEqualTo(FileFault.WRONG_SOURCE);
        var currency = refusal(Samples.utf8(GOOD), Samples.bank(IBAN, Currency.USD));
        assertThat(currency.fault()).isEqualTo(FileFault.WRONG_SOURCE);
    }

    @Test
    void anAccountMayHaveANumberOfItsBanksOwn() {
        var text = GOOD.replace("<IBAN>" + IBAN + "</IBAN>", "<Othr><Id>12-3456-7</Id></Othr>");
        assertThat(read(text).contents().account()).isEqualTo("12-3456-7");
    }

    @Test
    void ofManyTransactionsInOneEntryNoneNamesIt() {
        var details = "<TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs></TxDtls>";
        var one = GOOD.replace("<NtryDtls>", "<NtryDtls>" + details.formatted("e1"));
        assertThat(read(one).lines().get(0).reference()).isNull();
        var single =
                GOOD.replaceFirst("<TxDtls>", "<TxDtls><Refs><EndToEndId>e1</EndToEndId></Refs>");
        assertThat(read(single).lines().get(0).reference()).isEqualTo("e1");
        assertThat(read(single.replace("e1", "NOTPROVIDED")).lines().get(0).reference()).isNull();
    }

    static String document(String version, String statements) {
        var text =
                "<?xml version='1.0' encoding='UTF-8'?>"
                        + "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.%s'>"
                                .formatted(version)
                        + "<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>"
                        + "<CreDtTm>2026-11-21T06:00:00Z</CreDtTm></GrpHdr>\n"
                        + statements
                        + "</BkToCstmrStmt></Document>\n";
        return version.equals("02")
                ? text.replaceAll("<Sts><Cd>(\\w+)</Cd></Sts>", "<Sts>$1</Sts>")
                : text;
    }

    static String statement(String more) {
        return """
        <Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-11-21T06:00:00Z</CreDtTm>
        <Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ccy>EUR</Ccy></Acct>
        """
                + balance("OPBD", "10.00")
                + balance("CLBD", "280.00")
                + "<!--summary-->\n"
                + entryXml(
                        "272.59",
                        "CRDT",
                        "BOOK",
                        "<RmtInf><Ustrd>PAYOUT BATCH 42</Ustrd><Ustrd>OF ACQUIRER</Ustrd></RmtInf>")
                + entryXml("2.59", "DBIT", "BOOK", "").replace("bank-1", "bank-2")
                + more
                + "<!--more--></Stmt>\n";
    }

    private static String balance(String type, String amount) {
        return ("<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%s</Amt>"
                        + "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>")
                .formatted(type, amount);
    }

    private static String entryXml(String amount, String direction, String status, String details) {
        return """
        <Ntry>
        <Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>%s</Cd></Sts>
        <BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><DtTm>2026-11-21T01:00:00+09:00</DtTm></ValDt>
        <AcctSvcrRef>bank-1</AcctSvcrRef><BkTxCd><Prtry><Cd>544</Cd></Prtry></BkTxCd>
        <NtryDtls><TxDtls>%s</TxDtls></NtryDtls>
        </Ntry>
        """
                .formatted(amount, direction, status, details);
    }

    private static SettlementSource anyBank() {
        return Samples.bank(null, null);
    }

    private static Samples.Read read(String text) {
        return Samples.statements(Samples.utf8(text), anyBank());
    }

    private static FileRefused refusal(byte[] bytes, SettlementSource source) {
        var refusal =
                catchThrowableOfType(FileRefused.class, () -> Samples.statements(bytes, source));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static void assertRefused(String text, FileFault fault, String message) {
        var refusal = refusal(Samples.utf8(text), anyBank());
        assertThat(refusal.fault()).as(refusal.getMessage()).isEqualTo(fault);
        assertThat(refusal.errors().toString()).contains(message);
    }

    private static SettlementLine entry(
            int number, String reference, long minor, String description) {
        return new SettlementLine(
                number,
                LineType.BANK_TRANSFER,
                reference,
                null,
                null,
                euros(minor),
                euros(0),
                euros(minor),
                LocalDate.of(2014, 12, 31),
                LocalDate.of(2015, 1, 2),
                null,
                description);
    }

    private static Money euros(long minor) {
        return new Money(minor, Currency.EUR);
    }
}
