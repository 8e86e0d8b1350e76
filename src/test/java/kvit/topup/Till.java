package kvit.topup;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.card.CardProcessor;
import kvit.card.Cards;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keys;
import kvit.idempotency.TransferKeys;
import kvit.identity.ClientApp;
import kvit.identity.ClientApps;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Sql;
import kvit.support.TestPerson;

/** Cards that can be charged, and top-ups with other processors behind them. */
@Singleton
public class Till {

    private static final ClientApp WEB =
            new ClientApp(ClientApps.WEB, "Kvit", "web", "US", Set.of());

    private final Desk desk;
    private final TopUpStore store;
    private final Keys keys;
    private final TransferKeys transferKeys;
    private final ChargeReturnStore returns;
    private final ReturningMoney returning;
    private final Cards cards;
    private final TopUpRules rules;
    private final TopUpSettlement settlement;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final TopUpConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final Ids ids;

    Till(
            Desk desk,
            TopUpStore store,
            Keys keys,
            TransferKeys transferKeys,
            ChargeReturnStore returns,
            ReturningMoney returning,
            Cards cards,
            TopUpRules rules,
            TopUpSettlement settlement,
            MoneyTransactions transactions,
            Answers answers,
            TopUpConfig config,
            MeterRegistry metrics,
            Clock clock,
            Ids ids) {
        this.desk = desk;
        this.store = store;
        this.keys = keys;
        this.transferKeys = transferKeys;
        this.returns = returns;
        this.returning = returning;
        this.cards = cards;
        this.rules = rules;
        this.settlement = settlement;
        this.transactions = transactions;
        this.answers = answers;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        this.ids = ids;
    }

    /** Tops up with this processor behind it, whatever becomes of it. */
    public void topUp(CardProcessor processor, UUID customer, String key, UUID card, long minor) {
        with(processor).topUp(attempt(customer, key, card, minor));
    }

    /** Has this processor asked what became of it. */
    public void resolve(CardProcessor processor, UUID customer, String key) {
        resolving(processor).resolve(topUp(customer, key));
    }

    public static long balance(UUID customer) {
        return Sql.<Long>value(
                """
                select coalesce(sum(balance), 0)::bigint from account
                 where owner = ? and kind = 'WALLET'
                """,
                customer);
    }

    /** An active card that the simulator treats like that. */
    public UUID card(UUID customer, SimulatedCard behaviour) {
        return desk.card(customer, behaviour);
    }

    /** One that waits for its code. */
    public UUID waitingCard(UUID customer, SimulatedCard behaviour) {
        return desk.waitingCard(customer, behaviour);
    }

    public String reference(UUID card) {
        return Sql.value("select reference from card where id = ?", card);
    }

    TopUpWallet with(CardProcessor processor) {
        return with(processor, clock);
    }

    /** By another clock. */
    TopUpWallet with(CardProcessor processor, Clock clock) {
        return new TopUpWallet(
                store,
                keys,
                transferKeys,
                cards,
                rules,
                settlement,
                processor,
                transactions,
                answers,
                config,
                clock,
                ids);
    }

    ResolveTopUps resolving(CardProcessor processor) {
        return new ResolveTopUps(store, settlement, processor, transactions, config, clock);
    }

    /** Has this processor asked for what goes back to somebody's card. */
    public void refund(CardProcessor processor, UUID customer) {
        UUID topUp = Sql.value("select id from charge_return where customer = ?", customer);
        var charge = store.charge(customer, topUp).orElseThrow();
        returning(processor)
                .giveBack(
                        new ChargeReturn(
                                topUp,
                                customer,
                                Objects.requireNonNull(charge.name()),
                                charge.amount(),
                                null,
                                clock.instant(),
                                1));
    }

    /** Says whether nobody else comes to it: the worker may have been there before. */
    public static boolean leavesRefundToTheTest(UUID customer) {
        return !Sql.column(
                        """
                        update charge_return set due_at = due_at + interval '1 day'
                         where customer = ? and state = 'PENDING' and asked = 0
                        returning id
                        """,
                        customer)
                .isEmpty();
    }

    /** As if the processor had been asked for it once more, and nobody knew what it did. */
    public static void askedForRefund(UUID customer) {
        Sql.run("update charge_return set asked = asked + 1 where customer = ?", customer);
    }

    ReturnCharges returning(CardProcessor processor) {
        return new ReturnCharges(
                returns, returning, processor, transactions, config, metrics, clock);
    }

    TopUpWallet.Attempt attempt(UUID customer, String key, UUID card, long minor) {
        return new TopUpWallet.Attempt(
                customer,
                WEB,
                IdempotencyKey.parse(key),
                "a-test",
                new TopUpWallet.Order(card, new Money(minor, Currency.USD)));
    }

    /** The top-up that a key stands for. */
    TopUp topUp(UUID customer, String key) {
        UUID id = Sql.value("select id from top_up where customer = ? and key = ?", customer, key);
        return store.find(customer, id).orElseThrow();
    }

    /** As after the time in which what was sent arrives or never will. */
    static void letTimePass(UUID customer) {
        Sql.run(
                """
                update top_up set sent_at = sent_at - interval '16 minutes', due_at = created_at
                 where customer = ? and state = 'PENDING'
                """,
                customer);
    }

    /** As a day after that. */
    static void letADayPass(UUID customer) {
        Sql.run(
                """
                update top_up set due_at = created_at
                 where customer = ? and due_at is not null and state = 'DECLINED'
                """,
                customer);
    }

    static long returned(UUID customer) {
        return Sql.<Long>value(
                "select count(*) from charge_return where customer = ? and state = 'RETURNED'",
                customer);
    }

    static long charges(UUID customer) {
        return Sql.<Long>value(
                """
                select count(*) from simulated_operation o
                  join card c on c.reference = o.subject
                 where o.kind = 'CHARGE' and o.refusal is null and c.customer = ?
                """,
                customer);
    }

    /** What is at the processor and not here, or here and not there, or not in the books. */
    static List<String> contradictions(Set<UUID> customers) {
        return Sql.column(
                """
                with charged as (
                    -- What was given back is as if it had never been.
                    select o.id, c.customer, o.minor, o.currency
                      from simulated_operation o join card c on c.reference = o.subject
                     where o.kind = 'CHARGE' and o.refusal is null
                       and c.customer = any (cast(? as uuid[]))
                       and not exists (select from simulated_operation r
                                        where r.kind = 'REFUND' and r.refusal is null
                                          and r.subject = o.name and r.minor = o.minor)
                ), completed as (
                    select id, customer, minor, currency from top_up
                     where state = 'COMPLETED' and customer = any (cast(? as uuid[]))
                ), posted as (
                    select p.id, a.owner as customer, e.minor, a.currency
                      from posting p
                      join entry e on e.posting = p.id
                      join account a on a.id = e.account and a.kind = 'WALLET'
                     where p.kind = 'top-up' and a.owner = any (cast(? as uuid[]))
                )
                select 'charge: ' || concat(charged.id, ' ', completed.id)
                  from charged full join completed using (id, customer, minor, currency)
                 where charged.id is null or completed.id is null
                union all
                select 'posting: ' || concat(posted.id, ' ', completed.id)
                  from posted full join completed using (id, customer, minor, currency)
                 where posted.id is null or completed.id is null
                union all
                select 'event: ' || t.id::text
                  from top_up t
                  left join outbox e on e.payload::json ->> 'topUp' = t.id::text
                 where t.customer = any (cast(? as uuid[])) and t.state <> 'PENDING'
                   and t.transfer is null
                 group by t.id
                having count(e.payload) <> 1
                union all
                select 'return: ' || id::text from charge_return
                 where customer = any (cast(? as uuid[])) and state <> 'RETURNED'
                union all
                select 'books: ' || d::text from books_discrepancy d
                """,
                array(customers),
                array(customers),
                array(customers),
                array(customers),
                array(customers));
    }

    private static String array(Set<UUID> customers) {
        return customers.toString().replace('[', '{').replace(']', '}');
    }

    public static Map<String, Object> body(UUID card, long minor) {
        return Map.of("cardId", card, "amount", TestPerson.money(minor, "USD"));
    }
}
