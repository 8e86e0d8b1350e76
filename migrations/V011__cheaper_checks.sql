-- The same guarantees for less: what was checked row by row is checked once for a whole list, in the triggers
-- that look at it anyway. Owner classes: kvit.ledger.LedgerStore, kvit.transfer.TransferStore.

-- A trigger's statements are planned once for many lists, by the sizes that were true then. A plan that
-- reads the whole of a table is the best one while that is small, and is still used when it has millions of
-- rows. What stands in a lateral with an aggregate or a limit is looked up by its key for each row, whatever
-- the sizes.

-- An entry without an account is found where the balance is compared; accounts are never deleted
-- (account_stays), so nothing else was asked of the foreign key.
create or replace function entries_balance() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    broken uuid;
begin
    select e.posting into broken
      from inserted e
     group by e.posting
    having count(*) < 2
        or count(distinct e.account) < count(*)
        or count(*) <> (select count(*) from entry x where x.posting = e.posting)
     limit 1;
    if found then
        raise exception 'posting % is one-legged, names an account twice or was written before', broken
            using errcode = 'check_violation', constraint = 'entry_legs';
    end if;

    select e.posting into broken
      from inserted e
     cross join lateral (select currency from account where id = e.account limit 1) a
     group by e.posting, a.currency
    having sum(e.minor) <> 0
     limit 1;
    if found then
        raise exception 'posting % does not sum to zero per currency', broken
            using errcode = 'check_violation', constraint = 'entry_sum';
    end if;

    select e.posting into broken
      from inserted e
      left join lateral (select sequence, balance_after, at
                           from entry
                          where account = e.account and sequence = e.sequence - 1
                          limit 1) p on true
     where e.balance_after <> coalesce(p.balance_after, 0) + e.minor
        or (e.sequence > 1 and p.sequence is null)
        or e.at < p.at
     limit 1;
    if found then
        raise exception 'posting % does not follow the entry before it', broken
            using errcode = 'check_violation', constraint = 'entry_chain';
    end if;

    -- Entries and balances are one statement, so that neither is ever there without the other.
    select e.posting into broken
      from inserted e
      left join lateral (select sequence from account where id = e.account limit 1) a on true
     where a.sequence is null or e.sequence > a.sequence
     limit 1;
    if found then
        raise exception 'posting % moves no balance', broken
            using errcode = 'check_violation', constraint = 'entry_followed';
    end if;
    return null;
end
$$;

create or replace function account_follows_entries() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    broken uuid;
begin
    select n.id into broken
      from changed n
      join former o on o.id = n.id
     cross join lateral (select max(balance_after) filter (where sequence = n.sequence) as last_balance,
                                count(*) filter (where sequence > n.sequence) as later_ones
                           from entry
                          where account = n.id and sequence between n.sequence and n.sequence + 1) e
     where (n.balance, n.sequence) is distinct from (o.balance, o.sequence)
       and (e.last_balance is distinct from n.balance or e.later_ones > 0)
     limit 1;
    if found then
        raise exception 'balance of account % is not what its last entry left', broken
            using errcode = 'check_violation', constraint = 'account_balance';
    end if;

    select n.id into broken
      from changed n
      join former o on o.id = n.id
     where n.held <> o.held
       and n.held <> (select coalesce(sum(h.minor), 0) from hold h
                       where h.account = n.id and h.state = 'PENDING')
     limit 1;
    if found then
        raise exception 'account % holds something else than its pending holds', broken
            using errcode = 'check_violation', constraint = 'account_held';
    end if;
    return null;
end
$$;

alter table entry drop constraint entry_account_fkey;

-- The foreign key locked the one row of the set in effect for every transfer. Sets are never deleted
-- (rule_set_stays) either.
create function transfer_names_rules() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    unknown bigint;
begin
    select t.rule_set into unknown
      from (select distinct rule_set from inserted where rule_set is not null) t
     where not exists (select from rule_set r where r.version = t.rule_set)
     limit 1;
    if found then
        raise exception 'there is no rule set %', unknown
            using errcode = 'check_violation', constraint = 'transfer_rule_set';
    end if;
    return null;
end
$$;

create trigger transfer_names_rules after insert on transfer
    referencing new table as inserted for each statement execute function transfer_names_rules();

alter table transfer drop constraint transfer_rule_set_fkey;

-- Rows that change with every transfer keep room beside them, so that a new version finds place on its page
-- and no index has to hear of it (HOT).
alter table account set (fillfactor = 50);
alter table limit_counter set (fillfactor = 50);

-- Tables that only grow have nothing to clean up. By the defaults they would be vacuumed and analyzed all
-- the time while they are young, each time with a part of the log and the disk that transfers wait for.
alter table transfer set (autovacuum_vacuum_insert_threshold = 500000, autovacuum_analyze_threshold = 50000);
alter table posting set (autovacuum_vacuum_insert_threshold = 500000, autovacuum_analyze_threshold = 50000);
alter table entry set (autovacuum_vacuum_insert_threshold = 1000000, autovacuum_analyze_threshold = 100000);
alter table limit_usage set (autovacuum_vacuum_insert_threshold = 1000000,
                             autovacuum_analyze_threshold = 100000);
alter table outbox set (autovacuum_vacuum_insert_threshold = 500000, autovacuum_analyze_threshold = 50000);
