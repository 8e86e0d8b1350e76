-- The books follow the money: what a processor has taken for a payout, and what it keeps of what it has
-- settled. Owner classes: kvit.payout.PayoutTrips, kvit.reconcile.Unpaid, kvit.sandbox.SettlementBooks.

-- A push whose money the processor has taken from what it owes us, and may have given back. Its files say
-- both, by these names, whatever becomes of the payout. Those of before have no row: they were posted when
-- they had arrived.
create table payout_trip (
    customer     uuid        not null,
    payout       uuid        not null,
    push         uuid        not null,
    out_posting  uuid        not null,
    out_name     text        not null check (out_name <> ''),
    out_at       timestamptz not null,
    back_posting uuid,
    back_name    text        check (back_name <> ''),
    back_at      timestamptz,
    primary key (customer, payout, push),
    foreign key (customer, payout) references payout (customer, id),
    constraint payout_trip_back check (num_nonnulls(back_posting, back_name, back_at) in (0, 3))
);

-- How reconciliation finds the names of what it expects.
create index payout_trip_out on payout_trip (out_posting);
create index payout_trip_back on payout_trip (back_posting) where back_posting is not null;

create function payout_trip_ends_once() returns trigger language plpgsql as $$
declare
    outcome constant text[] := array['back_posting', 'back_name', 'back_at'];
begin
    if old.back_at is not null or (to_jsonb(new) - outcome) <> (to_jsonb(old) - outcome) then
        raise exception 'the trip of push % is over or would become another', old.push
            using errcode = 'check_violation', constraint = 'payout_trip_ends_once';
    end if;
    return new;
end
$$;

create trigger payout_trip_ends_once before update on payout_trip
    for each row execute function payout_trip_ends_once();
create trigger payout_trip_stays before delete or truncate on payout_trip
    for each statement execute function refuse_change();

-- What has arrived is away, and what is in the wallet again is not.
create function payout_follows_trip() returns trigger language plpgsql as $$
begin
    if new.state = 'PAID' and not exists (
            select from payout_trip
             where customer = new.customer and payout = new.id and push = new.push and back_at is null)
        or new.state in ('RETURNED', 'CANCELLED') and exists (
            select from payout_trip
             where customer = new.customer and payout = new.id and back_at is null) then
        raise exception 'payout % would be %, and its money is elsewhere', new.id, new.state
            using errcode = 'check_violation', constraint = 'payout_follows_trip';
    end if;
    return new;
end
$$;

create trigger payout_follows_trip before update of state on payout
    for each row when (new.state <> old.state) execute function payout_follows_trip();

-- The simulator settles a push when it takes it, and once more when it brings it back. What had come back
-- before stands in no book.
insert into sandbox_settled (item, batch)
select k.word || o.id, greatest(1, b.number)
  from simulated_operation o
  join payout p on p.push = o.id and p.state = 'RETURNED'
 cross join sandbox_batch b
 cross join (values ('push/'), ('push-returned/')) as k (word)
 where o.kind = 'PUSH' and o.refusal is null and o.later = 'RETURNED'
on conflict do nothing;

-- What a processor has settled and not paid out yet, by its source, and which file has said so last: the
-- balance that the next one has to carry on. Was a sum per currency.
create table recon_unpaid (
    currency text   not null references recon_clearing (currency),
    source   text   not null references settlement_source (code),
    minor    bigint not null,
    file     uuid   not null references settlement_file (id),
    -- Of the last line of that file: from when on it is old.
    since    date   not null,
    primary key (currency, source)
);

insert into recon_unpaid (currency, source, minor, file, since)
select l.currency, f.source, sum(l.gross_minor - l.fee_minor) filter (where l.type <> 'BALANCE_CARRIED'),
       (array_agg(f.id order by l.booked_on desc, f.id desc))[1], max(l.booked_on)
  from recon_file r
  join settlement_file f on f.id = r.file
  join settlement_source s on s.code = f.source and s.kind = 'PROCESSOR'
  join settlement_line l on l.file = f.id and l.currency = f.currency
 group by l.currency, f.source
having sum(l.gross_minor - l.fee_minor) filter (where l.type <> 'BALANCE_CARRIED') <> 0;

alter table recon_clearing drop column unpaid;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (back_posting, back_name, back_at) on payout_trip to %I',
                       '${appRole}');
        execute format('grant select, insert, update (minor, file, since) on recon_unpaid to %I',
                       '${appRole}');
    end if;
end
$$;
