package kvit.settlement;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.FourEyes.Agreed;
import org.jspecify.annotations.Nullable;

/** The table settlement_chain: where the statements of an account begin anew. */
@ApplicationScoped
class ChainStore {

    /**
     * A beginning that two have agreed on.
     *
     * @param opening what the first statement of it opens with
     */
    record Beginning(int chain, Money opening) {

        /** What is wrong with that statement as the first; null where nothing is. */
        @Nullable String fault(Statement first) {
            return opening.equals(first.opening())
                    ? null
                    : "opens with %s, where the account's statements begin anew with %s"
                            .formatted(first.opening(), opening);
        }
    }

    private final Database database;

    ChainStore(Database database) {
        this.database = database;
    }

    /** What the newest one begins with, whether or not a statement has come since. */
    Optional<Beginning> newest(String account, Currency currency) {
        return database.find(
                """
                select chain, opening_minor from settlement_chain
                 where account = ? and currency = ?
                 order by chain desc
                 limit 1
                """,
                in -> in.text(account).text(currency.name()),
                row -> new Beginning(row.getInt(1), new Money(row.getLong(2), currency)));
    }

    /** The number of the account's newest chain, agreed or begun. */
    int last(String account, Currency currency) {
        return database.query(
                        """
                        select greatest(
                                   (select max(chain) from settlement_statement
                                     where account = ? and currency = ?),
                                   (select max(chain) from settlement_chain
                                     where account = ? and currency = ?),
                                   1)
                        """,
                        in ->
                                in.text(account)
                                        .text(currency.name())
                                        .text(account)
                                        .text(currency.name()),
                        row -> row.getInt(1))
                .get(0);
    }

    /** Of two who begin one at once one fails with a unique violation. */
    @Transactional(MANDATORY)
    void insert(String account, Beginning beginning, Agreed agreed, Instant now) {
        database.update(
                """
                insert into settlement_chain (account, currency, chain, opening_minor, proposed_by,
                                              approved_by, reason, agreed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.text(account)
                                .text(beginning.opening().currency().name())
                                .number(beginning.chain())
                                .number(beginning.opening().minor())
                                .text(agreed.proposedBy())
                                .text(agreed.approvedBy())
                                .text(agreed.reason())
                                .time(now));
    }
}
