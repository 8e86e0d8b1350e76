-- Asking for money. Owner classes: kvit.request.RequestStore, of request_key kvit.request.RequestKeys, and
-- kvit.transfer.TransferStore for what a transfer says of the share that it pays.

create table request (
    id           uuid        primary key,
    asker        uuid        not null references customer (id),
    -- All of it, with what the asker bears.
    minor        bigint      not null check (minor between 1 and 9007199254740991),
    currency     text        not null check (currency ~ '^[A-Z]{3}$'),
    split        text        not null check (split in ('EQUAL', 'AMOUNTS', 'SHARES')),
    note         text        check (char_length(note) <= 280),
    conversation text        check (char_length(conversation) <= 140),
    state        text        not null check (state in ('OPEN', 'SETTLED', 'CANCELLED')),
    created_at   timestamptz not null,
    ended_at     timestamptz,
    constraint request_ended check ((state = 'OPEN') = (ended_at is null))
);

create index request_asker on request (asker, id);

-- What each is to pay; and one row for what the asker bears, which may be nothing.
create table request_share (
    id          uuid        primary key,
    request     uuid        not null references request (id),
    -- In the order in which people were named; the asker comes last.
    position    smallint    not null check (position >= 0),
    payer       uuid        not null references customer (id),
    minor       bigint      not null,
    state       text        not null
        check (state in ('OPEN', 'PAYING', 'PAID', 'DECLINED', 'DIVIDED', 'CANCELLED', 'OWN')),
    -- Which has paid it, or is about to.
    transfer    uuid,
    reminded_at timestamptz,
    -- When its payer is reminded by itself.
    remind_at   timestamptz,
    ended_at    timestamptz,
    constraint request_share_payer unique (request, payer),
    constraint request_share_position unique (request, position),
    constraint request_share_transfer unique (transfer),
    constraint request_share_minor check (minor > 0 or (minor = 0 and state = 'OWN')),
    constraint request_share_paid check ((state in ('PAYING', 'PAID')) = (transfer is not null)),
    constraint request_share_ended check ((state in ('OPEN', 'PAYING')) = (ended_at is null))
);

create index request_share_of on request_share (payer, request) where state <> 'OWN';
create index request_share_due on request_share (remind_at) where state = 'OPEN' and remind_at is not null;

-- After each statement the shares of a request are all of it, whoever wrote them. What was divided is in
-- others by then. And nothing is open of what is over.
create function request_shares_are_all() returns trigger language plpgsql as $$
declare
    wrong uuid;
begin
    select r.id into wrong
      from request r
      join request_share s on s.request = r.id
     where r.id in (select request from changed)
     group by r.id
    having sum(s.minor) filter (where s.state <> 'DIVIDED') is distinct from r.minor
        or count(*) filter (where s.state = 'OWN' and s.payer = r.asker) <> 1
        or count(*) filter (where s.state = 'OWN') <> 1
        or (r.state <> 'OPEN' and bool_or(s.state = 'OPEN'))
     limit 1;
    if wrong is not null then
        raise exception 'the shares of request % are not all of it', wrong
            using errcode = 'check_violation', constraint = 'request_shares_are_all';
    end if;
    return null;
end
$$;

create trigger request_shares_are_all_new after insert on request_share
    referencing new table as changed for each statement execute function request_shares_are_all();
create trigger request_shares_are_all after update on request_share
    referencing new table as changed for each statement execute function request_shares_are_all();

-- A share is of one person for good, changes its amount only while it is open or the asker's, and what has
-- been paid or was declined stays so.
create function request_share_moves() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'transfer', 'ended_at', 'reminded_at', 'remind_at']
        || case when old.state in ('OPEN', 'OWN') and new.state = old.state then array['minor']
                else array[]::text[] end;
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (new.state = old.state and new.transfer is distinct from old.transfer)
        or (new.state <> old.state and not case old.state
            when 'OPEN' then new.state in ('PAYING', 'PAID', 'DECLINED', 'CANCELLED')
            when 'PAYING' then new.state in ('OPEN', 'PAID', 'CANCELLED')
            when 'DECLINED' then new.state = 'DIVIDED'
            else false end)
        or (old.state = 'PAYING' and new.state = 'PAID' and new.transfer <> old.transfer) then
        raise exception 'share % does not become that', old.id
            using errcode = 'check_violation', constraint = 'request_share_moves';
    end if;
    return new;
end
$$;

create trigger request_share_moves before update on request_share
    for each row execute function request_share_moves();

-- What is over stays over, and nothing is open of it then; of one that is settled nothing is being paid.
create function request_ends_once() returns trigger language plpgsql as $$
begin
    if old.state <> 'OPEN'
        or (to_jsonb(new) - array['state', 'ended_at']) <> (to_jsonb(old) - array['state', 'ended_at'])
        or (new.state <> 'OPEN' and exists (
            select from request_share
             where request = new.id
               and (state = 'OPEN' or (state = 'PAYING' and new.state = 'SETTLED')))) then
        raise exception 'request % is over, or is not', old.id
            using errcode = 'check_violation', constraint = 'request_ends_once';
    end if;
    return new;
end
$$;

create trigger request_ends_once before update on request
    for each row execute function request_ends_once();

create trigger request_stays before delete or truncate on request
    for each statement execute function refuse_change();
create trigger request_share_stays before delete or truncate on request_share
    for each statement execute function refuse_change();

-- What somebody has asked for under which key, as the record of the key. Without a request it is a refusal.
create table request_key (
    customer      uuid        not null,
    key           text        not null check (char_length(key) between 1 and 255),
    fingerprint   text        not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    request       uuid        unique references request (id),
    created_at    timestamptz not null,
    answer_status smallint    not null,
    -- The first answer, word for word, for every replay.
    answer        text        not null,
    primary key (customer, key),
    constraint request_key_answer check ((request is not null) = (answer_status = 201))
);

create trigger request_key_stays before update or delete or truncate on request_key
    for each statement execute function refuse_change();

alter table transfer
    -- Of a request for money that it pays, or was to pay.
    add column request uuid,
    add column share   uuid,
    add constraint transfer_share check ((request is null) = (share is null)
                                         and (share is null or refund_of is null));

-- Whatever anybody does, a share is paid once: of all transfers for it one moves money or may yet do so.
create unique index transfer_pays_share on transfer (payer, share)
    where share is not null and state not in ('DECLINED', 'CANCELLED', 'EXPIRED');

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (state, ended_at) on request to %I', '${appRole}');
        execute format('grant select, insert, update (minor, state, transfer, reminded_at, remind_at, '
                    || 'ended_at) on request_share to %I', '${appRole}');
        execute format('grant select, insert on request_key to %I', '${appRole}');
    end if;
end
$$;
