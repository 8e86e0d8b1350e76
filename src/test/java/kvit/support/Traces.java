package kvit.support;

import java.util.List;
import java.util.UUID;

/** How many rows somebody's money has left; those of others come and go with the clock. */
public final class Traces {

    private Traces() {}

    /** Of transfers that they pay, postings and entries of their accounts, and events of both. */
    public static List<Long> of(UUID person) {
        return List.of(
                Sql.<Long>value("select count(*) from transfer where payer = ?", person),
                Sql.<Long>value(
                        """
                        select count(distinct e.posting)
                          from entry e join account a on a.id = e.account
                         where a.owner = ?
                        """,
                        person),
                Sql.<Long>value(
                        """
                        select count(*)
                          from entry e
                         where e.posting in (select m.posting
                                               from entry m join account a on a.id = m.account
                                              where a.owner = ?)
                        """,
                        person),
                Sql.<Long>value(
                        "select count(*) from outbox where topic like 'Transfer%' and payload like ?",
                        "%" + person + "%"));
    }
}
