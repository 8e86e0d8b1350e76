package kvit.sandbox;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The tables sandbox_batch, sandbox_settled and sandbox_bank; and what the simulated processor
 * remembers, which is read where it stands, because it is another party's and no code of ours has a
 * say in it.
 */
@ApplicationScoped
@Transactional(MANDATORY)
class SettlementBooks {

    /** What one file has at the most; the rest comes with the next one. */
    static final int ITEMS_MAX = 10_000;

    /**
     * @param statements how many there were
     */
    record Bank(Money balance, long statements) {}

    private final Database database;

    SettlementBooks(Database database) {
        this.database = database;
    }

    /** The last number; nobody else makes files until this transaction has ended. */
    long lockBatch() {
        return database.find(
                        "select number from sandbox_batch for update",
                        in -> {},
                        row -> row.getLong(1))
                .orElseThrow();
    }

    void putBatch(long number) {
        database.update("update sandbox_batch set number = ?", in -> in.number(number));
    }

    /**
     * What was done until then and has stood in no file yet, oldest first: charges, refunds, and
     * pushes when they are taken and when they come back; what cardholders took back, and what was
     * given back of that.
     */
    List<SettlementItem> unsettled(@Nullable Currency currency, Instant until) {
        var code = currency == null ? null : currency.name();
        return database.query(
                """
                select key, type, reference, external, minor, currency
                  from (select 'charge/' || id as key, 'Settled' as type, id as reference,
                               name as external, minor, currency, at
                          from simulated_operation
                         where kind = 'CHARGE' and refusal is null
                        union all
                        select 'refund/' || id, 'Refunded', id, name, -minor, currency, at
                          from simulated_operation
                         where kind = 'REFUND' and refusal is null
                        union all
                        select 'push/' || id, 'Payout', id, name, -minor, currency, at
                          from simulated_operation
                         where kind = 'PUSH' and refusal is null
                        union all
                        select 'push-returned/' || id, 'PayoutReturned', id, name, minor, currency,
                               greatest(at, later_at)
                          from simulated_operation
                         where kind = 'PUSH' and refusal is null and later = 'RETURNED'
                        union all
                        select 'chargeback/' || n.id, 'Chargeback', o.id, n.name, -n.minor,
                               n.currency, n.at
                          from processor_notice n
                          join simulated_operation o on o.name = n.name
                         where n.processor = 'simulated' and n.kind = 'CHARGEBACK'
                        union all
                        select 'chargeback-reversed/' || n.id, 'ChargebackReversed', o.id, n.name,
                               n.minor, n.currency, n.at
                          from processor_notice n
                          join simulated_operation o on o.name = n.name
                         where n.processor = 'simulated' and n.kind = 'CHARGEBACK_REVERSED') i
                 where at <= ? and (cast(? as text) is null or currency = ?)
                   and not exists (select from sandbox_settled s where s.item = i.key)
                 order by at, key
                 limit ?
                """,
                in -> in.time(until).text(code).text(code).number(ITEMS_MAX),
                row ->
                        new SettlementItem(
                                row.getString(1),
                                row.getString(2),
                                row.getObject(3, UUID.class),
                                row.getString(4),
                                new Money(row.getLong(5), Currency.valueOf(row.getString(6)))));
    }

    void settled(Collection<String> items, long batch) {
        database.update(
                "insert into sandbox_settled (item, batch) select item, ? from unnest(?) as i"
                        + " (item)",
                in -> in.number(batch).texts(items));
    }

    Bank bank(Currency currency) {
        return database.find(
                        "select minor, statements from sandbox_bank where currency = ?",
                        in -> in.text(currency.name()),
                        row -> new Bank(new Money(row.getLong(1), currency), row.getLong(2)))
                .orElse(new Bank(Money.zero(currency), 0));
    }

    void putBank(Bank bank) {
        database.update(
                """
                insert into sandbox_bank (currency, minor, statements) values (?, ?, ?)
                on conflict (currency)
                    do update set minor = excluded.minor, statements = excluded.statements
                """,
                in ->
                        in.text(bank.balance().currency().name())
                                .number(bank.balance().minor())
                                .number(bank.statements()));
    }
}
