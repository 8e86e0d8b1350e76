package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import kvit.money.Currency;
import kvit.settlement.SettlementSource;
import kvit.settlement.SettlementSources;
import kvit.settlement.SourceKind;

/** After how many business days, of which country, a processor settles a currency. */
@ApplicationScoped
class Terms {

    /** Where no source says it: the rule of most processors, by the calendar of no country. */
    private static final Term USUAL = new Term(2, "XX");

    record Term(int days, String country) {}

    private final SettlementSources sources;

    Terms(SettlementSources sources) {
        this.sources = sources;
    }

    /**
     * One that names the currency says more than one that takes any; of several the slowest, so
     * that nothing is called missing which may still come.
     */
    Term of(Currency currency) {
        return sources.all().stream()
                .filter(SettlementSource::active)
                .filter(it -> it.kind() == SourceKind.PROCESSOR)
                .filter(it -> it.currency() == null || it.currency() == currency)
                .min(
                        Comparator.comparing((SettlementSource it) -> it.currency() == null)
                                .thenComparing(
                                        SettlementSource::expectedDays, Comparator.reverseOrder())
                                .thenComparing(SettlementSource::code))
                .map(it -> new Term(it.expectedDays(), it.country()))
                .orElse(USUAL);
    }
}
