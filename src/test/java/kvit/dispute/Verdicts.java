package kvit.dispute;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import kvit.support.Sql;

/** How disputes end, and whether all of them add up; for tests of other packages, too. */
@Singleton
public class Verdicts {

    private final SettleDisputes settleDisputes;

    Verdicts(SettleDisputes settleDisputes) {
        this.settleDisputes = settleDisputes;
    }

    /** Lets the one dispute of this customer be lost, as at its deadline. */
    public void lose(UUID customer) {
        settleDisputes.lose(Sql.value("select id from dispute where customer = ?", customer));
    }

    /** What does not add up, of all there are. */
    public static List<String> findings() {
        return Sql.column(
                """
                select d::text from books_discrepancy d
                union all
                select 'open'
                 where (select coalesce(sum(balance), 0) from account
                         where kind = 'CHARGEBACKS')
                    <> -(select coalesce(sum(minor), 0) from dispute
                          where state = 'RECEIVED')
                union all
                select 'lost'
                 where (select coalesce(sum(e.minor), 0) from entry e
                          join account a on a.id = e.account and a.kind = 'LOSSES'
                          join posting p on p.id = e.posting
                         where p.kind in ('chargeback-lost', 'chargeback-recovered', 'chargeback-won'))
                    <> -(select coalesce(sum(minor - held), 0) from dispute
                          where state = 'LOST')
                """);
    }
}
