package kvit.payout;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.card.CardProcessor;
import kvit.card.Cards;
import kvit.card.Speed;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.ClientApp;
import kvit.identity.ClientApps;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.jspecify.annotations.Nullable;

/** Payouts with other processors behind them, that nobody hands over before a test does. */
@Singleton
public class Payouts {

    static final ClientApp WEB = new ClientApp(ClientApps.WEB, "Kvit", "web", "US", Set.of());

    /** Instant ones wait, too, so that the service's own worker does not come to them first. */
    private record Waiting(PayoutConfig real) implements PayoutConfig {
        @Override
        public Duration handOverAfter() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration instantHandOverAfter() {
            return Duration.ofHours(1);
        }

        @Override
        public int businessDays() {
            return real.businessDays();
        }

        @Override
        public Duration instantWithin() {
            return real.instantWithin();
        }

        @Override
        public List<String> instantFees() {
            return real.instantFees();
        }

        @Override
        public Duration askFirst() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration askMax() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration askMaxTaken() {
            return Duration.ofHours(1);
        }
    }

    private final PayoutStore store;
    private final PayoutRules rules;
    private final ReturnedMoney returned;
    private final PayoutTimes times;
    private final PayoutSettlement settlement;
    private final MoneyTransactions transactions;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final PayOut payOut;
    private final CancelPayout cancelPayout;

    Payouts(
            PayoutStore store,
            PayoutTrips trips,
            PayoutKeys keys,
            Cards cards,
            PayoutRules rules,
            PayoutFees fees,
            ReturnedMoney returned,
            PayoutMetrics metrics,
            PayoutConfig config,
            BusinessDays days,
            Ledger ledger,
            Outbox outbox,
            MoneyTransactions transactions,
            Answers answers,
            PayoutCancellations cancellations,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.rules = rules;
        this.returned = returned;
        this.times = new PayoutTimes(new Waiting(config), days);
        this.settlement =
                new PayoutSettlement(
                        store, trips, rules, times, returned, metrics, ledger, outbox, clock, ids);
        this.transactions = transactions;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.payOut =
                new PayOut(
                        store,
                        keys,
                        cards,
                        rules,
                        fees,
                        times,
                        metrics,
                        ledger,
                        outbox,
                        transactions,
                        answers,
                        clock,
                        ids);
        this.cancelPayout =
                new CancelPayout(
                        store, cancellations, keys, settlement, transactions, answers, clock);
    }

    PayOut paying() {
        return payOut;
    }

    CancelPayout cancelling() {
        return cancelPayout;
    }

    PayoutSettlement settlement() {
        return settlement;
    }

    CarryOutPayouts carrying(CardProcessor processor) {
        return carrying(processor, clock);
    }

    CarryOutPayouts carrying(CardProcessor processor, Clock clock) {
        return new CarryOutPayouts(
                store, rules, times, settlement, returned, processor, transactions, clock);
    }

    PayOut.Attempt attempt(UUID customer, String key, UUID card, long minor, Speed speed) {
        return new PayOut.Attempt(
                customer,
                WEB,
                IdempotencyKey.parse(key),
                "a-test",
                new PayOut.Order(card, new Money(minor, Currency.USD), speed));
    }

    CancelPayout.Attempt cancellation(UUID customer, String key, UUID payout) {
        return new CancelPayout.Attempt(
                customer, IdempotencyKey.parse(key), "a-test", new CancelPayout.Order(payout));
    }

    /** Asks for a standard one, which has to be allowed. */
    public void payOut(UUID customer, String key, UUID card, long minor) {
        var answer = payOut.payOut(attempt(customer, key, card, minor, Speed.STANDARD));
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
    }

    /** How one stands, for tests of others. */
    public record Standing(String state, boolean isCancellable, @Nullable String declineCode) {}

    public Standing standing(UUID customer, String key) {
        var payout = payout(customer, key);
        return new Standing(payout.state().name(), payout.isCancellable(), payout.declineCode());
    }

    /** Asks for one that may be handed over, which only the test does. */
    public void ask(UUID customer, String key, UUID card, long minor, Speed speed) {
        ripe(customer, key, card, minor, speed);
    }

    /** The next step of one. */
    public void carryOut(CardProcessor processor, UUID customer, String key) {
        carrying(processor).carryOut(payout(customer, key));
    }

    /** One that may be handed over, which only the test does. */
    Payout ripe(UUID customer, String key, UUID card, long minor, Speed speed) {
        var answer = payOut.payOut(attempt(customer, key, card, minor, speed));
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
        ripen(customer);
        return payout(customer, key);
    }

    /** As if they had waited for two days already, so that the simulator knows how they end. */
    static void ripen(UUID customer) {
        Sql.run(
                """
                update payout set hand_over_at = created_at - interval '2 days'
                 where customer = ? and state = 'IN_TRANSIT'
                """,
                customer);
    }

    /** As after the time in which what was sent arrives or never will. */
    public static void letTimePass(UUID customer) {
        Sql.run(
                """
                update payout set sent_at = sent_at - interval '16 minutes'
                 where customer = ? and state = 'IN_TRANSIT'
                """,
                customer);
        Sql.run(
                """
                update simulated_operation set later_at = later_at - interval '2 days'
                 where kind = 'PUSH'
                   and subject in (select reference from card where customer = ?)
                """,
                customer);
    }

    Payout payout(UUID customer, String key) {
        UUID id = Sql.value("select id from payout where customer = ? and key = ?", customer, key);
        return store.find(customer, id).orElseThrow();
    }

    public void fund(UUID customer, long minor) {
        var posting =
                Posting.funding(
                        ids.next(), clock.instant(), customer, new Money(minor, Currency.USD));
        transactions.once(() -> ledger.post(List.of(posting)));
    }

    public static long pushes(UUID customer) {
        return Sql.<Long>value(
                """
                select count(*) from simulated_operation o
                  join card c on c.reference = o.subject
                 where o.kind = 'PUSH' and o.refusal is null and c.customer = ?
                """,
                customer);
    }

    static long balance(UUID customer) {
        return Sql.<Long>value(
                """
                select coalesce(sum(balance), 0)::bigint from account
                 where owner = ? and kind = 'WALLET'
                """,
                customer);
    }

    /** What is at the processor and not here, or here and not there, or not in the books. */
    public static List<String> contradictions(Set<UUID> customers) {
        var array = customers.toString().replace('[', '{').replace(']', '}');
        return Sql.column(
                """
                with ours as (
                    select * from payout where customer = any (cast(? as uuid[]))
                ), pushed as (
                    select o.*, c.customer
                      from simulated_operation o join card c on c.reference = o.subject
                     where o.kind = 'PUSH' and c.customer = any (cast(? as uuid[]))
                )
                select 'push of nobody: ' || pushed.id
                  from pushed left join ours on pushed.id in (ours.id, ours.push)
                                            and pushed.minor = ours.minor
                                            and pushed.currency = ours.currency
                                            and pushed.customer = ours.customer
                 where ours.id is null
                union all
                select 'two pushes: ' || ours.id
                  from ours join pushed on pushed.id in (ours.id, ours.push) and pushed.refusal is null
                 group by ours.id having count(*) > 1
                union all
                select 'paid and not pushed: ' || ours.id
                  from ours left join pushed on pushed.id = ours.push and pushed.refusal is null
                                             and pushed.later = 'PAID'
                 where ours.state = 'PAID' and pushed.id is null
                union all
                select 'pushed and not paid: ' || ours.id
                  from ours join pushed on pushed.id in (ours.id, ours.push) and pushed.refusal is null
                 where pushed.later = 'PAID' and ours.state not in ('IN_TRANSIT', 'PAID')
                    or pushed.later = 'RETURNED' and ours.state not in ('IN_TRANSIT', 'RETURNED')
                union all
                select 'debits: ' || ours.id
                  from ours left join posting p on p.id = ours.id
                 where (p.id is null) <> (ours.state = 'DECLINED')
                union all
                select 'given back: ' || ours.id
                  from ours left join posting p on p.reverses = ours.id
                 where (p.id is null) = (ours.state in ('RETURNED', 'CANCELLED'))
                union all
                select 'wallet: ' || a.owner
                  from entry e join posting p on p.id = e.posting
                  join account a on a.id = e.account and a.kind = 'WALLET'
                 where a.owner = any (cast(? as uuid[])) and p.kind like 'payout%'
                 group by a.owner
                having sum(e.minor) <> -(
                        select coalesce(sum(minor + case when speed = asked_speed then fee else 0 end), 0)
                          from ours where customer = a.owner and state in ('IN_TRANSIT', 'PAID'))
                union all
                select 'clearing'
                 where (select coalesce(sum(balance), 0) from account where kind = 'PAYOUT_CLEARING')
                    <> (select coalesce(sum(minor), 0) from payout p
                         where state = 'IN_TRANSIT'
                           and not exists (select from payout_trip t
                                            where t.customer = p.customer and t.payout = p.id
                                              and t.back_at is null))
                union all
                select 'trip: ' || ours.id
                  from ours left join payout_trip t on t.customer = ours.customer
                        and t.payout = ours.id and t.push = ours.push and t.back_at is null
                 where ours.state = 'PAID' and t.push is null
                    or ours.state in ('RETURNED', 'CANCELLED', 'DECLINED') and t.push is not null
                union all
                select 'fees'
                 where (select coalesce(sum(balance), 0) from account where kind = 'FEES')
                    <> (select coalesce(sum(fee), 0) from payout
                         where state in ('IN_TRANSIT', 'PAID') and speed = asked_speed)
                union all
                select 'event: ' || ours.id
                  from ours left join outbox e on e.payload::json ->> 'payout' = ours.id::text
                                              and e.topic not in ('PayoutRequested', 'PayoutSlowed')
                 where ours.state <> 'IN_TRANSIT' and ours.paid_at is null
                 group by ours.id having count(e.payload) <> 1
                union all
                select 'contradicted: ' || ours.id from ours where contradicted_at is not null
                union all
                select 'books: ' || d::text from books_discrepancy d
                """,
                array, array, array);
    }

    static Map<String, Object> body(UUID card, long minor, String speed) {
        return Map.of("cardId", card, "amount", TestPerson.money(minor, "USD"), "speed", speed);
    }
}
