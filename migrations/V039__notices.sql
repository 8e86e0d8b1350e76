-- What happened, as each person sees it whom it concerns. Owner classes: kvit.notice.Notices;
-- of outbox_reader kvit.outbox.OutboxStore. Why: docs/decisions/0043-notices.md.

-- Which database transaction stored an event: read by it, and below the oldest that still runs, nothing turns
-- up behind what was read (as with posting.transaction, V025).
-- What was there before has 0, which is constant and so rewrites nothing.
alter table outbox add column transaction xid8 not null default '0';
alter table outbox alter column transaction set default pg_current_xact_id();

-- New rows come last in it, where an index is cheapest to keep.
create index outbox_transaction on outbox (transaction, id);

-- Who reads all events in that order, and the last one that they have read; each locks its row while it
-- works. What they have not read yet is not purged.
create table outbox_reader (
    name        text primary key,
    transaction xid8 not null,
    event       uuid not null
);

create trigger outbox_reader_stays before delete or truncate on outbox_reader
    for each statement execute function refuse_change();

create function outbox_reader_goes_on() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    if (new.transaction, new.event) < (old.transaction, old.event) then
        raise exception '% has read further than that', old.name
            using errcode = 'check_violation', constraint = 'outbox_reader_goes_on';
    end if;
    if new.transaction >= pg_snapshot_xmin(pg_current_snapshot()) then
        raise exception '% reads where events may still turn up', old.name
            using errcode = 'check_violation', constraint = 'outbox_reader_goes_on';
    end if;
    return new;
end
$$;

create trigger outbox_reader_goes_on before update on outbox_reader
    for each row execute function outbox_reader_goes_on();

-- Behind everything that was there before there were notices.
insert into outbox_reader values ('notices', '0', 'ffffffff-ffff-ffff-ffff-ffffffffffff');

create table notice (
    -- Whose it is; first in the key, as everywhere (see V002).
    customer uuid        not null,
    -- In the order of commits, without gaps, by the one that writes them: whoever has read up to a number has
    -- read all that there ever will be up to it.
    number   bigint      not null check (number > 0),
    id       uuid        not null,
    type     text        not null check (type ~ '^[a-z_]+\.[a-z_]+$'),
    at       timestamptz not null,
    -- JSON, as it goes out.
    data     text        not null,
    primary key (customer, number)
);

-- New rows come last in it. Not the primary key, so that the customer is first there.
create unique index notice_number on notice (number);

-- Numbers go on from the last one without gaps, whoever writes. The newest notice is never purged, so there
-- always is one to go on from; the first one of all finds an empty table.
create function notice_follows() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    lowest  bigint;
    highest bigint;
    written bigint;
begin
    select min(number), max(number), count(*) into lowest, highest, written from inserted;
    if written > 0
        and (highest - lowest + 1 <> written
             or (not exists (select from notice where number = lowest - 1)
                 and exists (select from notice where number not between lowest and highest))) then
        raise exception 'notices % to % do not follow the last one', lowest, highest
            using errcode = 'check_violation', constraint = 'notice_follows';
    end if;
    return null;
end
$$;

create trigger notice_follows after insert on notice
    referencing new table as inserted for each statement execute function notice_follows();

create trigger notice_stays before update or truncate on notice
    for each statement execute function refuse_change();

-- Vacuumed and analyzed as the outbox is (V011).
alter table notice set (autovacuum_vacuum_insert_threshold = 500000, autovacuum_analyze_threshold = 50000);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        -- The transaction is the database's to say.
        execute format('revoke insert, update on outbox from %I', '${appRole}');
        execute format('grant insert (key, id, topic, payload, created_at, due_at, attempts, delivered_at), '
                       'update (due_at, attempts, delivered_at, dead_at, last_error) on outbox to %I',
                       '${appRole}');
        execute format('grant select, update (transaction, event) on outbox_reader to %I', '${appRole}');
        execute format('grant select, insert, delete on notice to %I', '${appRole}');
    end if;
end
$$;
