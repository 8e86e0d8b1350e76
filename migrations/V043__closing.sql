-- Closing an account, what stays of it and for how long, and taking one's data away. Owner classes:
-- kvit.closing.ClosingStore, of personal_export kvit.closing.ExportStore; kvit.identity.FormerCustomers for
-- former_customer, resting_handle and retention_policy.

-- CLOSING signs in and has its money paid out, and nobody finds it. CLOSED is what the books still name.
alter table customer
    drop constraint customer_state_check,
    add constraint customer_state_check check (state in ('ACTIVE', 'FROZEN', 'BLOCKED', 'CLOSING', 'CLOSED')),
    -- Whoever proves a phone later is somebody else: of one who has left it is not here any more.
    alter column phone drop not null,
    add constraint customer_has_phone check (state = 'CLOSED' or phone is not null),
    add constraint customer_erased check (
        state <> 'CLOSED' or (num_nonnulls(phone, display_name, handle, birth_date) = 0
                              and visibility = 'PRIVATE'));

create function customer_stays_closed() returns trigger language plpgsql as $$
begin
    raise exception 'customer % is closed', old.id
        using errcode = 'check_violation', constraint = 'customer_stays_closed';
end
$$;

create trigger customer_stays_closed before update on customer
    for each row when (old.state = 'CLOSED' and new.state <> 'CLOSED')
    execute function customer_stays_closed();

-- How long it has to be known who somebody was, after the end of the business with them; '*' is every
-- country that is not named.
create table retention_policy (
    country         text     primary key check (country ~ '^([A-Z]{2}|\*)$'),
    years           smallint not null check (years > 0),
    legal_reference text     not null check (legal_reference <> '')
);

insert into retention_policy (country, years, legal_reference)
select country, 5, 'Directive (EU) 2015/849, Art. 40(1) (unchecked)'
  from unnest(array['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE',
                    'IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'])
       country
union all
select 'US', 5, '31 CFR 1010.430(d) (unchecked)'
union all
select 'GB', 5, 'Money Laundering Regulations 2017, reg. 40 (unchecked)'
union all
select '*', 5, 'A product decision.';

-- Who somebody was, apart from what everything else reads. Deleted when the time is over.
create table former_customer (
    customer   uuid        primary key references customer (id),
    phone      text        not null,
    birth_date date,
    closed_at  timestamptz not null,
    keep_until timestamptz not null,
    check (keep_until > closed_at)
);

-- Whoever asks for their money says what their number was. Not unique: one leaves, and another one later.
create index former_customer_phone on former_customer (phone);

-- Handles of people who have left: nobody passes for them with it. Not the handle itself, which would be
-- theirs still; whoever wants one shows it.
create table resting_handle (
    digest bytea       primary key check (octet_length(digest) = 32),
    until  timestamptz not null
);

create index resting_handle_until on resting_handle (until);

create function handle_rests() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    if exists (select from resting_handle where digest = sha256(convert_to(new.handle, 'UTF8'))) then
        raise exception 'the handle was somebody''s until a while ago'
            using errcode = 'unique_violation', constraint = 'handle_rests';
    end if;
    return new;
end
$$;

create trigger handle_rests before insert or update of handle on customer
    for each row when (new.handle is not null) execute function handle_rests();

create table closing (
    customer     uuid        not null references customer (id),
    id           uuid        not null,
    -- OWED is closed, and money has come that is still theirs.
    state        text        not null check (state in ('CLOSING', 'CLOSED', 'OWED', 'WITHDRAWN')),
    asked_at     timestamptz not null,
    -- Until then it can be withdrawn whatever happens, and whatever was on its way has arrived.
    closes_after timestamptz not null,
    closed_at    timestamptz,
    withdrawn_at timestamptz,
    -- When who they were was forgotten.
    forgotten_at timestamptz,
    -- When somebody looks at it again: what is on its way to its end, and whether money has come since.
    due_at       timestamptz,
    primary key (customer, id),
    constraint closing_closed check ((state in ('CLOSED', 'OWED')) = (closed_at is not null)),
    constraint closing_withdrawn check ((state = 'WITHDRAWN') = (withdrawn_at is not null)),
    constraint closing_forgotten check (forgotten_at is null or state = 'CLOSED'),
    constraint closing_looked_after check ((state = 'WITHDRAWN') = (due_at is null))
);

-- One at a time, and a last one.
create unique index closing_standing on closing (customer) where state <> 'WITHDRAWN';
create index closing_due on closing (due_at) where due_at is not null;
create index closing_state on closing (state, id);

create function closing_moves() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'closed_at', 'withdrawn_at', 'forgotten_at', 'due_at'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.closed_at is not null and new.closed_at is distinct from old.closed_at)
        or (old.forgotten_at is not null and new.forgotten_at is distinct from old.forgotten_at)
        or (new.state <> old.state and not case old.state
            when 'CLOSING' then new.state in ('CLOSED', 'WITHDRAWN')
            when 'CLOSED' then new.state = 'OWED' and old.forgotten_at is null
            when 'OWED' then new.state = 'CLOSED'
            else false end) then
        raise exception 'closing % does not become that', old.id
            using errcode = 'check_violation', constraint = 'closing_moves';
    end if;
    return new;
end
$$;

create trigger closing_moves before update on closing for each row execute function closing_moves();
create trigger closing_stays before delete or truncate on closing
    for each statement execute function refuse_change();

-- That somebody has taken their data away, and through what.
create table personal_export (
    customer uuid        not null references customer (id),
    id       uuid        not null,
    session  uuid        not null,
    client   text        not null,
    at       timestamptz not null,
    primary key (customer, id)
);

create trigger personal_export_stays before update or delete or truncate on personal_export
    for each statement execute function refuse_change();

-- What is in the way of closing is found by whose it is. All partial: what is made at once is in none.
create index transfer_waiting_of on transfer (payer)
    where state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED');
create index claim_open on claim (transfer) where state in ('RECEIVED', 'INVESTIGATING');
create index payout_under_way on payout (customer) where state = 'IN_TRANSIT';

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select on retention_policy to %I', '${appRole}');
        execute format('grant select, insert, delete on former_customer, resting_handle to %I', '${appRole}');
        execute format('grant select, insert, '
                    || 'update (state, closed_at, withdrawn_at, forgotten_at, due_at) on closing to %I',
                       '${appRole}');
        execute format('grant select, insert on personal_export to %I', '${appRole}');
        execute format('grant delete on pin to %I', '${appRole}');
    end if;
end
$$;
