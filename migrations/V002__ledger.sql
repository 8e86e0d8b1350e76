-- The books. Owner class of each table: kvit.ledger.LedgerStore, of hold kvit.ledger.HoldStore.
--
-- Java decides and gives the good error; what stands here is the guarantee, for raw SQL too. The account is
-- the first column of every key and no foreign key leads from one account's rows to another's, which is what
-- lets the same schema be distributed by account one day (docs/decisions/0004-keys-by-account.md).

create table account (
    -- Derived from kind, owner and currency (kvit.ledger.Account): unique without a second key.
    id        uuid        primary key,
    kind      text        not null check (kind in ('WALLET', 'WORLD')),
    owner     uuid,
    currency  text        not null check (currency ~ '^[A-Z]{3}$'),
    balance   bigint      not null default 0,
    held      bigint      not null default 0 check (held >= 0),
    -- The available balance never goes below; null is no floor, and only the world outside has none.
    floor     bigint,
    sequence  bigint      not null default 0 check (sequence >= 0),
    opened_at timestamptz not null,
    -- Time of the last entry; the next one is never earlier, whatever the clocks of the replicas say.
    moved_at  timestamptz not null,
    check (case kind when 'WORLD' then floor is null else floor is not distinct from 0 end),
    check ((kind = 'WORLD') = (owner is null)),
    constraint account_floor check (floor is null or balance - held >= floor),
    -- 2^53 - 1, the largest integer that survives a JavaScript client.
    constraint account_range check (abs(balance) <= 9007199254740991)
);

create index account_owner on account (owner);

create table posting (
    id           uuid        primary key,
    kind         text        not null,
    effective_at timestamptz not null,
    created_at   timestamptz not null,
    reverses     uuid,
    check (reverses <> id)
);

-- A posting is reversed once.
create unique index posting_reverses on posting (reverses) where reverses is not null;

create table entry (
    account       uuid        not null references account (id),
    sequence      bigint      not null check (sequence > 0),
    posting       uuid        not null,
    minor         bigint      not null check (minor <> 0),
    balance_after bigint      not null,
    at            timestamptz not null,
    primary key (account, sequence)
);

create index entry_posting on entry (posting);
create index entry_at on entry (account, at, sequence);

create table hold (
    account    uuid        not null references account (id),
    id         uuid        not null,
    minor      bigint      not null check (minor > 0),
    captured   bigint      not null default 0 check (captured between 0 and minor),
    state      text        not null check (state in ('PENDING', 'CAPTURED', 'RELEASED', 'EXPIRED')),
    created_at timestamptz not null,
    expires_at timestamptz,
    settled_at timestamptz,
    primary key (account, id),
    check ((state = 'CAPTURED') = (captured > 0)),
    check ((state = 'PENDING') = (settled_at is null))
);

create index hold_pending on hold (account) where state = 'PENDING';
create index hold_expiring on hold (expires_at) where state = 'PENDING';

-- All entries of a posting are inserted by one statement: one that ends unbalanced is refused at once.
-- The path is fixed, or a temporary table by the name of account would be asked instead of ours.
create function entries_balance() returns trigger language plpgsql
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
      join account a on a.id = e.account
     group by e.posting, a.currency
    having sum(e.minor) <> 0
     limit 1;
    if found then
        raise exception 'posting % does not sum to zero per currency', broken
            using errcode = 'check_violation', constraint = 'entry_sum';
    end if;

    select e.posting into broken
      from inserted e
      left join entry p on p.account = e.account and p.sequence = e.sequence - 1
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
      join account a on a.id = e.account
     where e.sequence > a.sequence
     limit 1;
    if found then
        raise exception 'posting % moves no balance', broken
            using errcode = 'check_violation', constraint = 'entry_followed';
    end if;
    return null;
end
$$;

create trigger entries_balance after insert on entry
    referencing new table as inserted for each statement execute function entries_balance();

-- A balance is what the last entry left, and held is what the pending holds say: neither can be invented.
create function account_follows_entries() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    broken uuid;
begin
    select n.id into broken
      from changed n
      join former o on o.id = n.id
     where (n.balance, n.sequence) is distinct from (o.balance, o.sequence)
       and (not exists (select from entry e
                         where e.account = n.id and e.sequence = n.sequence and e.balance_after = n.balance)
            or exists (select from entry e where e.account = n.id and e.sequence = n.sequence + 1))
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

create trigger account_follows_entries after update on account
    referencing old table as former new table as changed
    for each statement execute function account_follows_entries();

-- The past stays. Grants refuse the service; these refuse the owner of the tables as well.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: the books are append-only', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger posting_append_only before update or delete or truncate on posting
    for each statement execute function refuse_change();
create trigger entry_append_only before update or delete or truncate on entry
    for each statement execute function refuse_change();
create trigger hold_stays before delete or truncate on hold
    for each statement execute function refuse_change();
create trigger account_stays before delete or truncate on account
    for each statement execute function refuse_change();

create function hold_settles_once() returns trigger language plpgsql as $$
begin
    if old.state <> 'PENDING'
        or (new.account, new.id, new.minor, new.created_at) is distinct from
           (old.account, old.id, old.minor, old.created_at)
        or new.expires_at is distinct from old.expires_at then
        raise exception 'hold % is settled or would become another hold', old.id
            using errcode = 'check_violation', constraint = 'hold_settles_once';
    end if;
    return new;
end
$$;

create trigger hold_settles_once before update on hold
    for each row execute function hold_settles_once();

-- What does not add up, one row per finding; empty in a healthy ledger.
create view books_discrepancy as
    select 'currency-sum' as finding, currency as subject, sum(balance)::text as detail
      from account
     group by currency
    having sum(balance) <> 0
    union all
    select 'balance', a.id::text, format('balance %s, entries %s', a.balance, coalesce(sum(e.minor), 0))
      from account a
      left join entry e on e.account = a.id
     group by a.id
    having a.balance <> coalesce(sum(e.minor), 0)
        or a.sequence <> count(e.account)
        or a.sequence <> coalesce(max(e.sequence), 0)
    union all
    select 'posting-sum', e.posting::text, format('%s %s', sum(e.minor), a.currency)
      from entry e
      join account a on a.id = e.account
     group by e.posting, a.currency
    having sum(e.minor) <> 0
    union all
    select 'posting-missing', e.posting::text, count(*)::text
      from entry e
     where not exists (select from posting p where p.id = e.posting)
     group by e.posting
    union all
    select 'posting-empty', p.id::text, p.kind
      from posting p
     where not exists (select from entry e where e.posting = p.id)
    union all
    select 'chain', e.account::text, format('sequence %s', e.sequence)
      from (select account, sequence, minor, balance_after,
                   lag(balance_after, 1, 0::bigint) over (partition by account order by sequence) as before
              from entry) e
     where e.balance_after <> e.before + e.minor
    union all
    select 'held', a.id::text, format('held %s, holds %s', a.held, coalesce(sum(h.minor), 0))
      from account a
      left join hold h on h.account = a.id and h.state = 'PENDING'
     group by a.id
    having a.held <> coalesce(sum(h.minor), 0);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        -- Columns, not tables: an account is born empty, and what it is never changes.
        execute format('grant select, insert (id, kind, owner, currency, floor, opened_at, moved_at), '
                    || 'update (balance, held, sequence, moved_at) on account to %I', '${appRole}');
        execute format('grant select, insert on posting, entry to %I', '${appRole}');
        execute format('grant select, insert, update (captured, state, settled_at) on hold to %I',
                       '${appRole}');
        execute format('grant select on books_discrepancy to %I', '${appRole}');
    end if;
end
$$;
