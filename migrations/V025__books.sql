-- The books as those who answer for them need them: what is closed, what is sealed, and totals per day.
-- Owner classes in kvit.books: SealStore, SignatureStore, DayTotals and PeriodStore; of the new column of
-- posting kvit.ledger.LedgerStore.

-- Which database transaction wrote a posting: 64 bits, which never begin anew. Together with the id it is
-- the order in which the chain runs, and the only one in which nothing can turn up behind what was sealed:
-- all below the oldest transaction that still runs has ended (docs/decisions/0029-the-books-are-sealed.md).
-- What was there before has 0, which is constant and so rewrites nothing.
alter table posting add column transaction xid8 not null default '0';
alter table posting alter column transaction set default pg_current_xact_id();

-- New rows come last in it, where an index is cheapest to keep.
create index posting_transaction on posting (transaction, id);

-- Found by their time where a day is not taken as a whole; written in its order, so a few bytes per megabyte
-- do.
create index posting_times on posting using brin (effective_at, created_at) with (autosummarize = on);

-- Up to when postings are refused; one row, and null while no day was ever closed. Docs: decision 0030.
create table period (
    one           boolean     primary key default true check (one),
    closed_before timestamptz check (closed_before = date_trunc('day', closed_before, 'UTC'))
);

insert into period default values;

create trigger period_stays before delete or truncate on period
    for each statement execute function refuse_change();

-- What was closed and opened again, with what the books said then.
create table period_closing (
    id          uuid        primary key,
    day         date        not null,
    action      text        not null check (action in ('CLOSED', 'REOPENED')),
    at          timestamptz not null,
    -- Of whoever closed it; of whoever asked for it and whoever approved it where it was opened again.
    closed_by   text        not null,
    approved_by text,
    reason      text        not null check (reason <> ''),
    -- Debits and credits of all that is effective up to the end of the day, by kind and currency.
    totals      text        not null,
    digest      bytea       not null check (digest = sha256(convert_to(totals, 'UTF8'))),
    check ((action = 'REOPENED') = (approved_by is not null))
);

create index period_closing_day on period_closing (day);

create trigger period_closing_stays before update or delete or truncate on period_closing
    for each statement execute function refuse_change();

-- Once per statement, whatever its length. A posting that says to be of long ago waits for a closing that is
-- under way; all others only look, because a day can be closed only when none of them can be of it any
-- more.
create function posting_is_open() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    closed timestamptz;
    broken uuid;
begin
    select id into broken from inserted where transaction <> pg_current_xact_id() limit 1;
    if found then
        raise exception 'posting % says to be of another transaction', broken
            using errcode = 'check_violation', constraint = 'posting_transaction';
    end if;

    if exists (select from inserted where effective_at < created_at - interval '10 minutes') then
        select closed_before into closed from period for share;
    else
        select closed_before into closed from period;
    end if;
    select id into broken from inserted where effective_at < closed limit 1;
    if found then
        raise exception 'posting % is effective before %, which is closed', broken, closed
            using errcode = 'check_violation', constraint = 'posting_period';
    end if;
    return null;
end
$$;

create trigger posting_is_open after insert on posting
    referencing new table as inserted for each statement execute function posting_is_open();

-- The chain: each row stands for some postings that follow those of the row before.
create table seal (
    number            bigint      primary key check (number > 0),
    -- Begins behind this one, and ends with that one.
    after_transaction xid8        not null,
    after_posting     uuid        not null,
    last_transaction  xid8        not null,
    last_posting      uuid        not null,
    postings          integer     not null check (postings > 0),
    entries           integer     not null check (entries >= 0),
    -- For each posting in order its id, 16 bytes, and the SHA-256 of it and its entries: so whoever finds
    -- something else can say which one it is.
    content           bytea       not null,
    previous          bytea       not null check (length(previous) = 32),
    digest            bytea       not null,
    sealed_at         timestamptz not null,
    unique (last_transaction, last_posting),
    check (length(content) = 48 * postings),
    constraint seal_digest check (
        digest = sha256(convert_to('kvit-seal-1 ' || number || E'\n', 'UTF8') || previous || content)),
    constraint seal_order check (
        (last_transaction, last_posting) > (after_transaction, after_posting))
);

create function seal_follows() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    before record;
begin
    select * into before from seal where number = new.number - 1;
    if new.number > 1 and not found
        or new.previous <> coalesce(before.digest, decode(repeat('00', 32), 'hex'))
        or (new.after_transaction, new.after_posting) is distinct from
           (coalesce(before.last_transaction, '0'),
            coalesce(before.last_posting, '00000000-0000-0000-0000-000000000000')) then
        raise exception 'seal % does not follow the one before', new.number
            using errcode = 'check_violation', constraint = 'seal_follows';
    end if;
    return new;
end
$$;

create trigger seal_follows before insert on seal for each row execute function seal_follows();
create trigger seal_stays before update or delete or truncate on seal
    for each statement execute function refuse_change();

-- One head of the chain per day, with a signature that others can check who have no access to this database.
create table seal_signature (
    day       date        primary key,
    number    bigint      not null references seal (number),
    digest    bytea       not null,
    signed_at timestamptz not null,
    -- Ed25519, its public key as X.509 and the signature.
    key       bytea       not null,
    signature bytea       not null
);

create trigger seal_signature_stays before update or delete or truncate on seal_signature
    for each statement execute function refuse_change();

-- What is sealed, by the day that it counts for and the day on which it was written: kept so that nobody adds
-- up millions of entries for a trial balance. Verification adds them up and compares.
create table book_day (
    booked_on   date   not null,
    recorded_on date   not null,
    kind        text   not null,
    currency    text   not null,
    debit       bigint not null check (debit >= 0),
    credit      bigint not null check (credit >= 0),
    entries     bigint not null check (entries > 0),
    primary key (booked_on, recorded_on, kind, currency)
);

create trigger book_day_stays before delete or truncate on book_day
    for each statement execute function refuse_change();

-- What this part of the service reads of the ledger's tables, and all that it reads of them.
create view book_account as select * from account;
create view book_posting as select * from posting;
create view book_entry as select * from entry;
create view book_hold as select * from hold;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        -- The transaction is the database's to say.
        execute format('revoke insert on posting from %I', '${appRole}');
        execute format('grant insert (id, kind, effective_at, created_at, reverses) on posting to %I',
                       '${appRole}');
        execute format('grant select, update (closed_before) on period to %I', '${appRole}');
        execute format('grant select, insert on period_closing, seal, seal_signature to %I', '${appRole}');
        execute format('grant select, insert, update (debit, credit, entries) on book_day to %I',
                       '${appRole}');
        execute format('grant select on book_account, book_posting, book_entry, book_hold to %I',
                       '${appRole}');
    end if;
end
$$;
