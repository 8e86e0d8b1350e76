package kvit.settlement;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kvit.money.Currency;
import kvit.settlement.CsvProfile.Amounts;
import kvit.settlement.CsvProfile.Column;
import kvit.settlement.CsvProfile.Signs;

/** Files to be read, and by what. */
final class Samples {

    static final DateSense DATES = new DateSense(LocalDate.of(2026, 11, 22));

    static final String HEADER =
            "line,psp_reference,merchant_reference,type,gross,fee,net,currency,booked_on,batch\n";

    /** As in the example that everybody reckons with. */
    static final String BATCH_42 =
            HEADER
                    + """
                    1,psp1,topup_001,Settled,100.00,1.20,98.80,EUR,2026-11-20,42
                    2,psp2,topup_002,Settled,49.00,0.60,48.40,EUR,2026-11-20,42
                    3,psp3,topup_003,Settled,75.00,0.90,74.10,EUR,2026-11-20,42
                    4,psp3,topup_003,Settled,75.00,0.90,74.10,EUR,2026-11-20,42
                    5,psp9,topup_999,Settled,12.34,0.15,12.19,EUR,2026-11-20,42
                    6,psp5,refund_001,Refunded,-30.00,0.00,-30.00,EUR,2026-11-20,42
                    7,,,Fee,0.00,5.00,-5.00,EUR,2026-11-20,42
                    8,,,MerchantPayout,,,-272.59,EUR,2026-11-20,42
                    """;

    private Samples() {}

    /** What a file has in it, if it is good. */
    record Read(Contents contents, List<SettlementLine> lines) {}

    static Map<Column, String> columns() {
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
        return columns;
    }

    static final Map<String, LineType> TYPES =
            Map.of(
                    "Settled", LineType.CHARGE,
                    "Refunded", LineType.REFUND,
                    "Fee", LineType.FEE,
                    "DepositCorrection", LineType.CORRECTION,
                    "MerchantPayout", LineType.BANK_TRANSFER);

    static CsvProfile profile() {
        return profile(Signs.SIGNED, null, Amounts.POINT, "uuuu-MM-dd", ",", "UTF-8", 0, null);
    }

    static CsvProfile profile(
            Signs signs,
            Set<LineType> negative,
            Amounts amounts,
            String dates,
            String delimiter,
            String charset,
            int skip,
            CsvProfile.Footer footer) {
        return new CsvProfile(
                columns(), TYPES, signs, negative, amounts, dates, "UTC", delimiter, charset, skip,
                footer);
    }

    static CsvProfile with(CsvProfile profile, Map<Column, String> columns) {
        return new CsvProfile(
                new EnumMap<>(columns),
                profile.types(),
                profile.signs(),
                profile.negative(),
                profile.amounts(),
                profile.dateFormat(),
                profile.zone(),
                profile.delimiter(),
                profile.charset(),
                profile.skipLines(),
                profile.footer());
    }

    static SettlementSource processor(CsvProfile profile, Currency currency) {
        return new SettlementSource(
                "processor",
                1,
                "A processor",
                SourceKind.PROCESSOR,
                Format.CSV,
                currency,
                null,
                profile,
                2,
                "DE",
                true);
    }

    static SettlementSource bank(String account, Currency currency) {
        return new SettlementSource(
                "bank",
                1,
                "A bank",
                SourceKind.BANK,
                Format.CAMT053,
                currency,
                account,
                null,
                2,
                "DE",
                true);
    }

    static Read csv(String text) {
        return csv(text, profile());
    }

    static Read csv(String text, CsvProfile profile) {
        return csv(text.getBytes(Charset.forName(profile.charset())), processor(profile, null));
    }

    static Read csv(byte[] bytes, SettlementSource source) {
        var lines = new ArrayList<SettlementLine>();
        try {
            var contents =
                    new CsvReader(source, CsvForm.of(source.profile()), DATES)
                            .read(new ByteArrayInputStream(bytes), lines::add);
            return new Read(contents, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Read statements(byte[] bytes, SettlementSource source) {
        var lines = new ArrayList<SettlementLine>();
        var checks = new StatementChecks(source, DATES, lines::add);
        camt(bytes, checks);
        return new Read(checks.contents(), lines);
    }

    static void camt(byte[] bytes, StatementSink sink) {
        try {
            CamtReader.read(new ByteArrayInputStream(bytes), sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] published(String name) {
        try (var in = Samples.class.getResourceAsStream("/kvit/settlement/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
