package kvit.reconcile;

import java.util.Locale;
import kvit.ledger.Account;
import kvit.ledger.Account.Kind;
import kvit.money.Currency;

/** Between which two accounts reconciliation moves money; a run writes one posting of each. */
enum Leg {
    /** What has arrived at the bank. */
    BANK(Kind.BANK, Kind.CARD_CLEARING),
    /** What the processor has kept for its work. */
    FEES(Kind.PROCESSOR_FEES, Kind.CARD_CLEARING),
    /** What is less than it should be. */
    SHORTFALL(Kind.SUSPENSE_SHORTFALL, Kind.CARD_CLEARING),
    /** What nobody knows the owner of. */
    UNAPPLIED(Kind.SUSPENSE_UNAPPLIED, Kind.CARD_CLEARING),
    BANK_FEES(Kind.PROCESSOR_FEES, Kind.BANK),
    BANK_SHORTFALL(Kind.SUSPENSE_SHORTFALL, Kind.BANK),
    BANK_UNAPPLIED(Kind.SUSPENSE_UNAPPLIED, Kind.BANK);

    private final Kind account;
    private final Kind counter;

    Leg(Kind account, Kind counter) {
        this.account = account;
        this.counter = counter;
    }

    /** Where money is parked whose place is not known: too much, or too little. */
    static Leg suspense(long parked, boolean isOfBank) {
        if (isOfBank) {
            return parked > 0 ? BANK_UNAPPLIED : BANK_SHORTFALL;
        }
        return parked > 0 ? UNAPPLIED : SHORTFALL;
    }

    Account account(Currency currency) {
        return new Account(account, null, currency);
    }

    Account counter(Currency currency) {
        return new Account(counter, null, currency);
    }

    /** What its postings are called; all that reconciliation writes begins like this. */
    String kind() {
        return "settlement-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
