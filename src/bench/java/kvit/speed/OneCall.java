package kvit.speed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.ledger.Account;
import kvit.money.Currency;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;
import kvit.speed.SqlLoad.Script;
import kvit.speed.SqlLoad.Session;

/**
 * What PostgreSQL does alone with one call of a function per transfer: the same rows, in the same
 * tables, under the same constraints and triggers, as the service writes for a transfer that is
 * allowed. It reads less: no people, no rules and no windows of limits; and nothing is parsed,
 * signed or checked outside.
 */
final class OneCall {

    private static final String SCHEMA =
            """
            drop schema if exists bench cascade;
            create schema bench authorization kvit_owner
            """;

    private static final String FUNCTION =
            """
            create or replace function bench.transfer(
                payer_id uuid, payee_id uuid, payer_wallet uuid, payee_wallet uuid, its_key text,
                cents bigint, its_fingerprint text, its_answer text, its_rule_set bigint,
                its_ruling jsonb, its_payload text) returns uuid language plpgsql as $$
            declare
                its_id constant uuid := uuidv7();
                happened_at timestamptz := clock_timestamp();
                sends limit_counter;
                receives limit_counter;
                c limit_counter;
                pays account;
                gets account;
                a account;
            begin
                perform from transfer where payer = payer_id and key = its_key;
                if found then
                    raise exception 'key % is used', its_key;
                end if;
                perform from cancellation where payer = payer_id and key = its_key;

                for attempt in 1..2 loop
                    for c in select * from limit_counter
                              where (customer, currency, operation)
                                    in ((payer_id, 'USD', 'SEND'), (payee_id, 'USD', 'RECEIVE'))
                              order by customer, currency, operation
                                for update loop
                        if c.customer = payer_id then
                            sends := c;
                        else
                            receives := c;
                        end if;
                    end loop;
                    exit when sends.customer is not null and receives.customer is not null;
                    insert into limit_counter (customer, currency, operation, minor, moves, moved_at)
                    select * from (values (payer_id, 'USD', 'SEND', 0, 0, happened_at),
                                          (payee_id, 'USD', 'RECEIVE', 0, 0, happened_at)) k
                     order by 1, 2, 3
                    on conflict do nothing;
                end loop;

                for a in select * from account where id in (payer_wallet, payee_wallet)
                          order by id for update loop
                    if a.id = payer_wallet then
                        pays := a;
                    else
                        gets := a;
                    end if;
                    happened_at := greatest(happened_at, a.moved_at);
                end loop;
                if pays.balance - pays.held - cents < pays.floor then
                    raise exception 'insufficient funds of %', payer_id;
                end if;
                happened_at := greatest(happened_at, sends.moved_at, receives.moved_at);

                insert into posting (id, kind, effective_at, created_at)
                values (its_id, 'transfer', happened_at, happened_at);
                with written as (
                    insert into entry (account, sequence, posting, minor, balance_after, at)
                    values (pays.id, pays.sequence + 1, its_id, -cents, pays.balance - cents,
                            happened_at),
                           (gets.id, gets.sequence + 1, its_id, cents, gets.balance + cents,
                            happened_at)
                )
                update account t
                   set balance = t.balance + m.minor, sequence = t.sequence + 1,
                       moved_at = happened_at
                  from (values (pays.id, -cents), (gets.id, cents)) as m (id, minor)
                 where t.id = m.id;

                insert into limit_usage (customer, currency, operation, moves, minor, at, cause)
                values (payer_id, 'USD', 'SEND', sends.moves + 1, sends.minor + cents, happened_at,
                        its_id),
                       (payee_id, 'USD', 'RECEIVE', receives.moves + 1, receives.minor + cents,
                        happened_at, its_id);
                update limit_counter t
                   set minor = t.minor + cents, moves = t.moves + 1, moved_at = happened_at
                  from (values (payer_id, 'SEND'), (payee_id, 'RECEIVE')) as m (customer, operation)
                 where t.customer = m.customer and t.currency = 'USD'
                   and t.operation = m.operation;

                insert into transfer (id, payer, payee, minor, currency, visibility, state,
                                      created_at, completed_at, key, fingerprint, answer_status,
                                      answer, rule_set, ruling, review)
                values (its_id, payer_id, payee_id, cents, 'USD', 'PRIVATE', 'COMPLETED',
                        happened_at, happened_at, its_key, its_fingerprint, 201,
                        its_answer, its_rule_set, its_ruling, false);
                insert into outbox (key, id, topic, payload, created_at, due_at, delivered_at)
                values (payer_id, uuidv7(), 'TransferCompleted', its_payload, happened_at,
                        happened_at, happened_at);
                return its_id;
            end
            $$
            """;

    /** What the service has stored with a transfer of its own, so that the rows are as long. */
    private record Sample(
            String fingerprint, String answer, long ruleSet, String ruling, String payload) {}

    private final List<UUID> people;
    private final List<UUID> wallets;
    private final Sample sample;
    private final AtomicInteger number = new AtomicInteger();

    private OneCall(List<UUID> people, Sample sample) {
        this.people = people;
        this.wallets = people.stream().map(it -> Account.wallet(it, Currency.USD).id()).toList();
        this.sample = sample;
    }

    /** After the service has carried out a transfer; makes the schema bench, too. */
    static OneCall install(Postgres postgres, List<Person> people) throws SQLException {
        postgres.run(Role.SUPERUSER, SCHEMA);
        postgres.run(Role.OWNER, FUNCTION);
        return new OneCall(
                people.stream().map(it -> UUID.fromString(it.id())).toList(), sample(postgres));
    }

    private static Sample sample(Postgres postgres) throws SQLException {
        try (var connection = postgres.connect(Role.OWNER);
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                """
                                select t.fingerprint, t.answer, t.rule_set, t.ruling, o.payload
                                  from (select * from transfer
                                         where key like 'bench-%' and state = 'COMPLETED'
                                         limit 1) t
                                  join outbox o on o.key = t.payer
                                 where o.topic = 'TransferCompleted'
                                 limit 1
                                """)) {
            if (!row.next()) {
                throw new IllegalStateException("no transfer to be like");
            }
            return new Sample(
                    row.getString(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getString(5));
        }
    }

    /** With keys that no other script has. */
    Script script(Pairs pairs) {
        return connection -> new Call(connection, pairs);
    }

    private final class Call implements Session {

        private final Pairs pairs;
        private final PreparedStatement statement;

        private Call(Connection connection, Pairs pairs) throws SQLException {
            this.pairs = pairs;
            this.statement =
                    connection.prepareStatement(
                            "select bench.transfer(?, ?, ?, ?, ?, 1, ?, ?, ?, cast(? as jsonb),"
                                    + " ?)");
            statement.setString(6, sample.fingerprint);
            statement.setString(7, sample.answer);
            statement.setLong(8, sample.ruleSet);
            statement.setString(9, sample.ruling);
            statement.setString(10, sample.payload);
        }

        @Override
        public void next() throws SQLException {
            var mine = number.getAndIncrement();
            var payer = pairs.payer(mine);
            var payee = pairs.payee(mine);
            statement.setObject(1, people.get(payer));
            statement.setObject(2, people.get(payee));
            statement.setObject(3, wallets.get(payer));
            statement.setObject(4, wallets.get(payee));
            statement.setString(5, "sql-" + mine);
            try (var row = statement.executeQuery()) {
                row.next();
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }
}
