-- What verification and those who decide could not tell. Owner classes: of period_closing, seal and
-- seal_signature as before in kvit.books; of approval, operator and operator_guard in kvit.operate; of
-- audit_seal kvit.operate.AuditSeals.

-- In the order in which they were written, under the lock on the state. Times are those of whichever replica
-- wrote it, and clocks differ.
alter table period_closing add column number bigint generated always as identity unique;

-- Of which day the signature before it is, and part of what is signed: one that is taken out is missed.
alter table seal_signature
    add column previous date,
    add constraint seal_signature_follows check (previous < day);

-- A link ends with what has ended: nothing can turn up behind it, and no number of the future, which nobody
-- could take out again, ends the chain.
create or replace function seal_follows() returns trigger language plpgsql
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
    if new.last_transaction >= pg_snapshot_xmin(pg_current_snapshot()) then
        raise exception 'seal % is of a transaction that has not ended', new.number
            using errcode = 'check_violation', constraint = 'seal_ended';
    end if;
    return new;
end
$$;

-- Each key has its own seal of a place: after a change of the key, or beside somebody else's.
alter table audit_seal drop constraint audit_seal_pkey, add primary key (number, key);

-- What its maker might do then. Who has lost some of it since is not who was trusted to ask.
alter table approval add column proposed_as text[] not null default '{}';

-- When the token was made that the row is written after: an older one writes nothing any more.
alter table operator add column token_at timestamptz;

-- Wrong passwords and codes by where they come from: a stranger locks themselves out and not the operator.
create table operator_guard (
    operator     uuid        not null references operator (id),
    -- As kvit.throttle.RateLimits names it.
    network      text        not null check (network <> ''),
    failures     integer     not null check (failures > 0),
    locked_until timestamptz,
    failed_at    timestamptz not null,
    primary key (operator, network)
);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (failures, locked_until, failed_at), delete '
                    || 'on operator_guard to %I', '${appRole}');
    end if;
end
$$;
