package kvit.card;

import kvit.rules.Instrument;

/** Where the money of a card comes from, as its processor says. */
public enum Funding {
    DEBIT(Instrument.DEBIT),
    CREDIT(Instrument.CREDIT),
    /** It was loaded before. */
    PREPAID(Instrument.PREPAID),
    /** The processor does not know either. */
    UNKNOWN(Instrument.UNKNOWN);

    private final Instrument instrument;

    Funding(Instrument instrument) {
        this.instrument = instrument;
    }

    /** What the rules of countries call it. */
    public Instrument instrument() {
        return instrument;
    }
}
