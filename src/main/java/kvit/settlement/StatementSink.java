package kvit.settlement;

import java.time.LocalDate;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** Who is told of what stands in a bank's file, while it is read. */
interface StatementSink {

    /** A booked entry, positive where it has come in. */
    void entry(SettlementLine entry, int at);

    /** All entries of it have been told of before. */
    void statement(Draft statement);

    /**
     * A statement as it stands there, whether or not it adds up.
     *
     * @param currency of the account; null where it does not say
     * @param opening null where there is none
     * @param announced how many entries it says that it has; null where it does not
     * @param entries how many it has, with those that are not booked
     * @param at the line where it ends
     */
    record Draft(
            String account,
            @Nullable String currency,
            String name,
            @Nullable Long number,
            @Nullable Dated opening,
            @Nullable Dated closing,
            @Nullable Long announced,
            int entries,
            int at) {}

    /** A balance at the end of a day, or at its beginning. */
    record Dated(Money amount, LocalDate day) {}
}
