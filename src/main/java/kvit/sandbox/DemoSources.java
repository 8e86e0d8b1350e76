package kvit.sandbox;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.Map;
import kvit.settlement.CsvProfile;
import kvit.settlement.CsvProfile.Column;
import kvit.settlement.Format;
import kvit.settlement.LineType;
import kvit.settlement.SettlementSource;
import kvit.settlement.SettlementSources;
import kvit.settlement.SourceKind;

/** Whose files the sandbox makes: its processor and its bank. */
@ApplicationScoped
class DemoSources {

    static final String PROCESSOR = "simulated-processor";

    static final String BANK = "simulated-bank";

    private final SettlementSources sources;
    private final Mode mode;

    DemoSources(SettlementSources sources, Mode mode) {
        this.sources = sources;
        this.mode = mode;
    }

    /** Again at each start: what is there already is left alone. */
    void seed(@Observes StartupEvent event) {
        if (!mode.isSandbox()) {
            return;
        }
        sources.register(
                new SettlementSource(
                        PROCESSOR,
                        1,
                        "The simulated processor",
                        SourceKind.PROCESSOR,
                        Format.CSV,
                        null,
                        null,
                        profile(),
                        2,
                        "DE",
                        true));
        sources.register(
                new SettlementSource(
                        BANK,
                        1,
                        "The simulated bank",
                        SourceKind.BANK,
                        Format.CAMT053,
                        null,
                        StatementFile.IBAN,
                        null,
                        2,
                        "DE",
                        true));
    }

    /** The words of the real one that the simulated one is closest to: Adyen's journal types. */
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
                types(),
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

    private static Map<String, LineType> types() {
        var types = new LinkedHashMap<String, LineType>();
        types.put("Settled", LineType.CHARGE);
        types.put("Refunded", LineType.REFUND);
        types.put("RefundedReversed", LineType.CORRECTION);
        types.put("Payout", LineType.PAYOUT);
        types.put("PayoutReturned", LineType.CORRECTION);
        types.put("Chargeback", LineType.CHARGEBACK);
        types.put("SecondChargeback", LineType.CHARGEBACK);
        types.put("ChargebackReversed", LineType.CHARGEBACK_REVERSED);
        types.put("Fee", LineType.FEE);
        types.put("MiscCosts", LineType.FEE);
        types.put("DepositCorrection", LineType.CORRECTION);
        types.put("ManualCorrected", LineType.CORRECTION);
        types.put("InvoiceDeduction", LineType.FEE);
        types.put("MerchantPayout", LineType.BANK_TRANSFER);
        return types;
    }
}
