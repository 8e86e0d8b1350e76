package kvit.money;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The circulating currencies of ISO 4217 with the digits of their minor unit.
 *
 * <p>Our own list and not {@link java.util.Currency}, whose digits follow the version of the JDK:
 * the meaning of an amount in the books must not change with an upgrade.
 */
public enum Currency {
    AED,
    AFN,
    ALL,
    AMD,
    AOA,
    ARS,
    AUD,
    AWG,
    AZN,
    BAM,
    BBD,
    BDT,
    BHD(3),
    BIF(0),
    BMD,
    BND,
    BOB,
    BRL,
    BSD,
    BTN,
    BWP,
    BYN,
    BZD,
    CAD,
    CDF,
    CHF,
    CLP(0),
    CNY,
    COP,
    CRC,
    CUP,
    CVE,
    CZK,
    DJF(0),
    DKK,
    DOP,
    DZD,
    EGP,
    ERN,
    ETB,
    EUR,
    FJD,
    FKP,
    GBP,
    GEL,
    GHS,
    GIP,
    GMD,
    GNF(0),
    GTQ,
    GYD,
    HKD,
    HNL,
    HTG,
    HUF,
    IDR,
    ILS,
    INR,
    IQD(3),
    IRR,
    ISK(0),
    JMD,
    JOD(3),
    JPY(0),
    KES,
    KGS,
    KHR,
    KMF(0),
    KPW,
    KRW(0),
    KWD(3),
    KYD,
    KZT,
    LAK,
    LBP,
    LKR,
    LRD,
    LSL,
    LYD(3),
    MAD,
    MDL,
    MGA,
    MKD,
    MMK,
    MNT,
    MOP,
    MRU,
    MUR,
    MVR,
    MWK,
    MXN,
    MYR,
    MZN,
    NAD,
    NGN,
    NIO,
    NOK,
    NPR,
    NZD,
    OMR(3),
    PAB,
    PEN,
    PGK,
    PHP,
    PKR,
    PLN,
    PYG(0),
    QAR,
    RON,
    RSD,
    RUB,
    RWF(0),
    SAR,
    SBD,
    SCR,
    SDG,
    SEK,
    SGD,
    SHP,
    SLE,
    SOS,
    SRD,
    SSP,
    STN,
    SVC,
    SYP,
    SZL,
    THB,
    TJS,
    TMT,
    TND(3),
    TOP,
    TRY,
    TTD,
    TWD,
    TZS,
    UAH,
    UGX(0),
    USD,
    UYU,
    UZS,
    VED,
    VES,
    VND(0),
    VUV(0),
    WST,
    XAF(0),
    XCD,
    XOF(0),
    XPF(0),
    YER,
    ZAR,
    ZMW,
    ZWG;

    private static final Map<String, Currency> BY_CODE = new HashMap<>();

    static {
        for (var currency : values()) {
            BY_CODE.put(currency.name(), currency);
        }
    }

    private final int digits;

    Currency() {
        this(2);
    }

    Currency(int digits) {
        this.digits = digits;
    }

    /**
     * How many decimal digits the minor unit has: 2 for the cent, 0 for the yen, 3 for the fils.
     */
    public int digits() {
        return digits;
    }

    /** The currency of an ISO 4217 code in capitals; empty for any other text. */
    public static Optional<Currency> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
