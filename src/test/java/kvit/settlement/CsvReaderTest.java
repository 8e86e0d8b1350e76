package kvit.settlement;

import static kvit.settlement.Samples.BATCH_42;
import static kvit.settlement.Samples.HEADER;
import static kvit.settlement.Samples.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.settlement.CsvProfile.Amounts;
import kvit.settlement.CsvProfile.Column;
import kvit.settlement.CsvProfile.Signs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {

    /** Good, with one line to spoil and the payout that it leads to. */
    private static final String GOOD =
            HEADER
                    + """
                    1,p1,r1,Settled,100.00,1.20,98.80,EUR,2026-11-20,42
                    2,,,MerchantPayout,,,-98.80,EUR,2026-11-20,42
                    """;

    @Test
    void aFileIsItsLinesAndWhatTheyComeTo() {
        var read = csv(BATCH_42);

        assertThat(read.contents())
                .isEqualTo(
                        new Contents(
                                "42",
                                Currency.EUR,
                                null,
                                LocalDate.of(2026, 11, 20),
                                LocalDate.of(2026, 11, 20),
                                8,
                                List.of(),
                                null));
        assertThat(read.lines()).hasSize(8);
        assertThat(read.lines().get(5))
                .isEqualTo(
                        new SettlementLine(
                                6,
                                LineType.REFUND,
                                "refund_001",
                                "psp5",
                                null,
                                euros(-30_00),
                                euros(0),
                                euros(-30_00),
                                LocalDate.of(2026, 11, 20),
                                null,
                                "42",
                                null));
        assertThat(read.lines().get(6).net()).isEqualTo(euros(-5_00));
        assertThat(read.lines().get(7).gross()).isEqualTo(euros(-272_59));
        assertThat(read.lines().get(7).reference()).isNull();
    }

    @Test
    void aNameThatIsGivenTwiceIsADuplicateAndNoFaultOfTheFile() {
        var lines = csv(BATCH_42).lines();
        var third = lines.get(2).fingerprint("processor");
        assertThat(lines.get(3).fingerprint("processor")).isEqualTo(third).hasSize(32);
        assertThat(lines.get(2).fingerprint("another")).isNotEqualTo(third);
        assertThat(lines.get(1).fingerprint("processor")).isNotEqualTo(third);
        assertThat(lines.get(6).fingerprint("processor")).isNull();
    }

    @Test
    void aPayoutMayBeADebit() {
        var read =
                csv(
                        HEADER
                                + """
                                1,p4,topup_004,Settled,20.00,0.24,19.76,EUR,2026-11-21,43
                                2,p3,topup_003,DepositCorrection,-75.00,-0.90,-74.10,EUR,2026-11-21,43
                                3,,,MerchantPayout,,,54.34,EUR,2026-11-21,43
                                """);
        assertThat(read.lines().get(1).fee()).isEqualTo(euros(-90));
        assertThat(read.contents().batch()).isEqualTo("43");
    }

    /** What it is and is not is for whoever compares it with the books. */
    @Test
    void aLineInAnotherCurrencyIsPartOfNoPayout() {
        var read =
                csv(GOOD.replace("2,,,", "2,p2,r2,Settled,7.00,0.00,7.00,USD,2026-11-20,42\n3,,,"));
        assertThat(read.contents().currency()).isEqualTo(Currency.EUR);
        assertThat(read.lines().get(1).net()).isEqualTo(new Money(7_00, Currency.USD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", "\r"})
    void anyLineEndWillDoAndTheLastLineNeedsNone(String end) {
        var text = GOOD.strip().replace("\n", end);
        assertThat(csv(text).lines()).hasSize(2);
        assertThat(csv("\uFEFF" + text + end + end).lines()).hasSize(2);
    }

    @Test
    void columnsMayStandInAnyOrderAmongOthers() {
        var text =
                """
                "batch";net;x;"type";currency;booked_on;psp_reference
                1;"10.00";"a;""b""
                c";Settled;EUR;2026-11-20;p1

                1;-10.00;;MerchantPayout;EUR;2026-11-20;
                """;
        var columns = Samples.columns();
        columns.keySet()
                .retainAll(
                        Set.of(
                                Column.BATCH,
                                Column.EXTERNAL,
                                Column.NET,
                                Column.TYPE,
                                Column.CURRENCY,
                                Column.BOOKED_ON));
        var profile =
                Samples.profile(
                        Signs.SIGNED, null, Amounts.POINT, "uuuu-MM-dd", ";", "UTF-8", 0, null);
        var read = csv(text, Samples.with(profile, columns));
        assertThat(read.lines().get(0).gross()).isEqualTo(euros(10_00));
        assertThat(read.lines().get(0).fee()).isEqualTo(euros(0));
    }

    @Test
    void amountsMayHaveACommaAndNoSignDaysAnotherOrderAndTheCharsetBeOld() {
        var text =
                """
                Abrechnung für Grün & Söhne

                line;psp_reference;merchant_reference;type;gross;fee;net;currency;booked_on;batch
                1;p1;r1;Settled;1100,00;1,20;1098,80;EUR;20.11.2026;42
                2;p2;r2;Refunded;30,00;0,00;30,00;EUR;20.11.2026;42
                3;;;MerchantPayout;;;1068,80;EUR;20.11.2026;42
                Summe;3;0,00
                """;
        var profile =
                Samples.profile(
                        Signs.BY_TYPE,
                        Set.of(LineType.REFUND, LineType.BANK_TRANSFER),
                        Amounts.COMMA,
                        "dd.MM.uuuu",
                        ";",
                        "ISO-8859-1",
                        2,
                        new CsvProfile.Footer("Summe", 2, 3, null));
        var read = csv(text, profile);
        assertThat(read.lines())
                .extracting(SettlementLine::net)
                .containsExactly(euros(1098_80), euros(-30_00), euros(-1068_80));

        assertRefused(
                csvRefusal(text.replace("Summe;3", "Summe;4"), profile), FileFault.BATCH_TOTAL, 7);
        assertRefused(
                csvRefusal(text.replace("3;0,00\n", "3;0,01\n"), profile),
                FileFault.BATCH_TOTAL,
                7);
        assertRefused(
                csvRefusal(text.replace("Summe;3;0,00\n", ""), profile), FileFault.BATCH_TOTAL, 6);
        assertRefused(
                csvRefusal(text + "4;;;MerchantPayout;;;0,00;EUR;20.11.2026;42\n", profile),
                FileFault.UNPARSEABLE,
                8);
        assertRefused(
                csvRefusal(text.replace(";30,00;0,00", ";-30,00;0,00"), profile),
                FileFault.UNPARSEABLE,
                5);
    }

    @Test
    void amountsMayBeMinorUnitsInColumnsForDebitAndCredit() {
        var text =
                """
                type,debit,credit,currency,booked_on,merchant_reference
                Settled,,1250,KWD,2026-11-20T23:30:00-05:00,r1
                Refunded,50,0,KWD,2026-11-20T12:00:00+00:00,r2
                MerchantPayout,1200,,KWD,2026-11-21T12:00:00+00:00,
                """;
        var columns = Samples.columns();
        columns.keySet()
                .retainAll(
                        Set.of(Column.REFERENCE, Column.TYPE, Column.CURRENCY, Column.BOOKED_ON));
        columns.put(Column.NET_DEBIT, "debit");
        columns.put(Column.NET_CREDIT, "credit");
        var profile =
                Samples.with(
                        Samples.profile(
                                Signs.DEBIT_CREDIT,
                                null,
                                Amounts.MINOR,
                                "uuuu-MM-dd'T'HH:mm:ssxxx",
                                ",",
                                "UTF-8",
                                0,
                                null),
                        columns);
        var read = csv(text, profile);
        assertThat(read.lines())
                .extracting(it -> it.net().minor())
                .containsExactly(1250L, -50L, -1200L);
        assertThat(read.lines().get(0).bookedOn()).isEqualTo(LocalDate.of(2026, 11, 21));
        assertRefused(
                csvRefusal(text.replace(",50,0,", ",50,1,"), profile), FileFault.UNPARSEABLE, 3);
        assertRefused(csvRefusal(text.replace(",50,0,", ",,,"), profile), FileFault.UNPARSEABLE, 3);
        assertRefused(
                csvRefusal(text.replace(",50,0,", ",5.0,,"), profile), FileFault.UNPARSEABLE, 3);
    }

    /** Each of them in place of the gross amount of line 1, which is line 2 of the file. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e3",
                "1E3",
                "+5",
                "1000.000",
                "\"1,000.00\"",
                "\"1000,00\"",
                "",
                " 100.00",
                "100.00 ",
                "100.",
                ".5",
                "00.50",
                "--1",
                "-",
                "NaN",
                "Infinity",
                "0x10",
                "100.001",
                "١٠٠",
                "90071992547409.92",
                "99999999999999999999",
                "1.000000000000000000000",
                "EUR 100"
            })
    void anAmountThatMayMeanSomethingElseIsRefused(String amount) {
        var refusal = csvRefusal(GOOD.replace("100.00", amount));
        assertRefused(refusal, FileFault.UNPARSEABLE, 2);
        assertThat(refusal.errors().get(0).column()).isEqualTo("gross");
    }

    @Test
    void noughtMayHaveASignAndAmountsFewerDecimals() {
        var read = csv(GOOD.replace("100.00,1.20,98.80", "98.8,-0.00,98.8"));
        assertThat(read.lines().get(0).fee()).isEqualTo(euros(0));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-30",
        "2026-13-01",
        "20-11-2026",
        "2026-11-20T00:00",
        "2206-11-20",
        "1999-12-31",
        "''",
        "2026-1-1",
        "0000-00-00"
    })
    void aDayThatThereIsNotIsRefused(String day) {
        var refusal = csvRefusal(GOOD.replace("98.80,EUR,2026-11-20", "98.80,EUR," + day));
        assertRefused(refusal, FileFault.UNPARSEABLE, 2);
        assertThat(refusal.errors().get(0).column()).isEqualTo("booked_on");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    EUR,2026-11-20,42 | eur,2026-11-20,42      | 2 | currency
                    EUR,2026-11-20,42 | ABC,2026-11-20,42      | 2 | currency
                    Settled           | Sold                   | 2 | type
                    Settled           | settled                | 2 | type
                    1,p1              | 2,p1                   | 2 | line
                    1,p1              | ,p1                    | 2 | line
                    2,,,              | 3,,,                   | 3 | line
                    20,42             | 20,42,more             | 2 |
                    20,42             | 20                     | 2 |
                    p1                | "p                     | 2 |
                    p1                | "p1"x                  | 2 |
                    net               | nett                   | 1 | net
                    net               | gross                  | 1 |
                    line,             | line;                  | 1 | line
                    """)
    void aRefusalNamesTheLineAndTheColumn(String good, String bad, int line, String column) {
        var refusal = csvRefusal(GOOD.replaceFirst(Pattern.quote(good), bad));
        assertRefused(refusal, FileFault.UNPARSEABLE, line);
        assertThat(refusal.errors().get(0).column()).isEqualTo(column);
    }

    @Test
    void whatIsNoTextIsRefusedAtItsLine() {
        assertRefused(csvRefusal(GOOD.replace("p1", "p\0")), FileFault.UNPARSEABLE, 2);
        assertRefused(csvRefusal(GOOD.replace("p1", "p\u0007")), FileFault.UNPARSEABLE, 2);
        assertRefused(csvRefusal(GOOD.replace("p1", "\"p\n1\"")), FileFault.UNPARSEABLE, 3);
        assertRefused(csvRefusal(GOOD.replace("p1", "p".repeat(256))), FileFault.UNPARSEABLE, 2);
        assertRefused(csvRefusal(GOOD.replace("p1", "p".repeat(10_001))), FileFault.UNPARSEABLE, 2);
        var latin = GOOD.replace("p1", "pé").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(refusal(latin), FileFault.UNPARSEABLE, 2);
        assertRefused(refusal(GOOD.getBytes(StandardCharsets.UTF_16)), FileFault.UNPARSEABLE, 1);
    }

    @Test
    void aFileOfNothingIsRefused() {
        assertRefused(csvRefusal(""), FileFault.UNPARSEABLE, null);
        assertRefused(csvRefusal("\uFEFF"), FileFault.UNPARSEABLE, null);
        assertRefused(csvRefusal("\n\n"), FileFault.UNPARSEABLE, null);
        assertRefused(csvRefusal(HEADER), FileFault.UNPARSEABLE, 1);
        assertRefused(csvRefusal(HEADER + GOOD), FileFault.UNPARSEABLE, 2);
    }

    @Test
    void whatDoesNotAddUpIsRefused() {
        assertRefused(
                csvRefusal(
                        GOOD.replace("98.80,EUR,2026-11-20,42\n2", "98.81,EUR,2026-11-20,42\n2")),
                FileFault.BATCH_TOTAL,
                2);
        assertRefused(csvRefusal(GOOD.replace("-98.80", "-98.79")), FileFault.BATCH_TOTAL, 3);
        assertRefused(csvRefusal(GOOD.replace("-98.80", "98.80")), FileFault.BATCH_TOTAL, 3);
        assertThat(csvRefusal(GOOD.replace("-98.80", "-98.79")).errors().get(0).message())
                .contains("0.01 EUR more");
        assertRefused(csvRefusal(GOOD.replaceFirst("2,,,.*\n", "")), FileFault.BATCH_TOTAL, 2);
        assertRefused(csvRefusal(GOOD.substring(0, GOOD.length() - 20)), FileFault.UNPARSEABLE, 3);
        assertRefused(
                csvRefusal(GOOD + "3,,,MerchantPayout,,,0.00,USD,2026-11-20,42\n"),
                FileFault.BATCH_TOTAL,
                4);
        assertRefused(
                csvRefusal(GOOD.replace("2026-11-20,42\n2", "2026-11-20,41\n2")),
                FileFault.UNPARSEABLE,
                3);
    }

    @Test
    void theWorstFaultIsTheFilesAndTwentyOfThemAreEnough() {
        var text = new StringBuilder(HEADER);
        for (var i = 1; i <= 1000; i++) {
            text.append(i).append(",p,r,Settled,x,1.20,98.80,EUR,2026-11-20,42\n");
        }
        assertThat(csvRefusal(text.toString()).errors()).hasSize(20);
        var two = GOOD.replace("100.00", "100.01").replace(",,-98.80", ",,-98.8x");
        assertThat(csvRefusal(two).fault()).isEqualTo(FileFault.UNPARSEABLE);
        assertThat(csvRefusal(two).errors()).extracting(FileError::line).containsExactly(2, 3);
    }

    @Test
    void aFileInAnotherCurrencyIsAnothers() {
        var source = Samples.processor(Samples.profile(), Currency.USD);
        var refusal =
                catchThrowableOfType(FileRefused.class, () -> csv(Samples.utf8(GOOD), source));
        assertRefused(refusal, FileFault.WRONG_SOURCE, 3);
    }

    @Test
    void aProfileThatNothingCouldBeReadByIsRefused() {
        var columns = Samples.columns();
        columns.remove(Column.NET);
        assertNone(Samples.with(Samples.profile(), columns));
        columns = Samples.columns();
        columns.put(Column.BATCH, "net");
        assertNone(Samples.with(Samples.profile(), columns));
        columns = Samples.columns();
        columns.put(Column.NET_DEBIT, "debit");
        assertNone(Samples.with(Samples.profile(), columns));
        for (var dates : new String[] {"yyyy-MM-dd", "uu-MM-dd'", "HH:mm", "uuuu-MM", "nonsense"}) {
            assertNone(
                    Samples.profile(
                            Signs.SIGNED, null, Amounts.POINT, dates, ",", "UTF-8", 0, null));
        }
        for (var delimiter : new String[] {"", ",,", "\"", "\n"}) {
            assertNone(
                    Samples.profile(
                            Signs.SIGNED,
                            null,
                            Amounts.POINT,
                            "uuuu-MM-dd",
                            delimiter,
                            "UTF-8",
                            0,
                            null));
        }
        assertNone(
                Samples.profile(
                        Signs.SIGNED, null, Amounts.POINT, "uuuu-MM-dd", ",", "EBCDIC", 0, null));
        assertNone(
                Samples.profile(
                        Signs.BY_TYPE, null, Amounts.POINT, "uuuu-MM-dd", ",", "UTF-8", 0, null));
    }

    /** Then lines could be nothing but unknown, and never be the same line twice. */
    @Test
    void aProfileNamesWhatLinesAreAbout() {
        var columns = Samples.columns();
        columns.keySet().remove(Column.REFERENCE);
        assertThat(CsvForm.of(Samples.with(Samples.profile(), columns))).isNotNull();
        columns.keySet().remove(Column.EXTERNAL);
        assertNone(Samples.with(Samples.profile(), columns));
    }

    private static final String CARRIED =
            """
            line;psp_reference;merchant_reference;type;gross;fee;net;currency;booked_on;batch
            1;p1;r1;Settled;11.00;1.00;10.00;EUR;2026-11-20;42
            2;p2;r2;Refunded;-13.00;0.00;-13.00;EUR;2026-11-20;42
            Sum;2;-3.00
            """;

    /** What is left with the processor is paid with a later batch. */
    @Test
    void aPayoutMayLackWhereTheFooterTellsThatAllIsThere() {
        var profile = carrying(new CsvProfile.Footer("Sum", 2, 3, true));
        var read = csv(CARRIED, profile);
        assertThat(read.lines()).hasSize(2);
        assertThat(read.contents().currency()).isEqualTo(Currency.EUR);

        assertRefused(
                csvRefusal(CARRIED.replace("-3.00", "-3.01"), profile), FileFault.BATCH_TOTAL, 4);
        assertRefused(
                csvRefusal(CARRIED.replace("Sum;2;-3.00\n", ""), profile),
                FileFault.BATCH_TOTAL,
                3);
        assertRefused(
                csvRefusal(CARRIED.replace("-13.00;EUR", "-13.00;USD"), profile),
                FileFault.BATCH_TOTAL,
                4);
        assertRefused(
                csvRefusal(CARRIED, carrying(new CsvProfile.Footer("Sum", 2, 3, null))),
                FileFault.BATCH_TOTAL,
                4);
        assertNone(carrying(new CsvProfile.Footer("Sum", null, 3, true)));
        assertNone(carrying(new CsvProfile.Footer("Sum", 2, null, true)));
    }

    /** With the balance that an earlier batch has left, it is what is paid. */
    @Test
    void aBalanceThatWasCarriedOnIsPartOfThePayout() {
        var profile = carrying(new CsvProfile.Footer("Sum", 2, 3, true));
        var read =
                csv(
                        CARRIED.replace("2;p2;r2;Refunded;-13.00;0.00", "2;c1;;Carried;;")
                                .replace("-13.00", "-3.00")
                                .replace("Sum", "3;;;MerchantPayout;;;-7.00;EUR;2026-11-20;42\nSum")
                                .replace("Sum;2;-3.00", "Sum;3;0.00"),
                        profile);
        assertThat(read.lines())
                .extracting(SettlementLine::type)
                .containsExactly(LineType.CHARGE, LineType.BALANCE_CARRIED, LineType.BANK_TRANSFER);
        assertThat(read.lines().get(1).gross()).isEqualTo(euros(-3_00));
    }

    private static CsvProfile carrying(CsvProfile.Footer footer) {
        var profile =
                Samples.profile(
                        Signs.SIGNED, null, Amounts.POINT, "uuuu-MM-dd", ";", "UTF-8", 0, footer);
        var types = new HashMap<>(profile.types());
        types.put("Carried", LineType.BALANCE_CARRIED);
        return new CsvProfile(
                profile.columns(),
                types,
                profile.signs(),
                null,
                profile.amounts(),
                profile.dateFormat(),
                profile.zone(),
                profile.delimiter(),
                profile.charset(),
                0,
                footer);
    }

    private static void assertNone(CsvProfile profile) {
        assertThatThrownBy(() -> CsvForm.of(profile)).isInstanceOf(Problem.class);
    }

    private static FileRefused csvRefusal(String text) {
        return refusal(Samples.utf8(text));
    }

    private static FileRefused csvRefusal(String text, CsvProfile profile) {
        return catchThrowableOfType(FileRefused.class, () -> csv(text, profile));
    }

    private static FileRefused refusal(byte[] bytes) {
        return catchThrowableOfType(
                FileRefused.class, () -> csv(bytes, Samples.processor(Samples.profile(), null)));
    }

    private static void assertRefused(FileRefused refusal, FileFault fault, Integer line) {
        assertThat(refusal).isNotNull();
        assertThat(refusal.fault()).as(refusal.getMessage()).isEqualTo(fault);
        assertThat(refusal.errors().get(0).line()).as(refusal.getMessage()).isEqualTo(line);
    }

    private static Money euros(long minor) {
        return new Money(minor, Currency.EUR);
    }
}
