-- What operators did, in a chain: who did what to what, what it was before and after, and a digest that
-- covers the row before. Owner classes in kvit.operate: AuditTrail, AuditSearch, VerifyAudit and AuditSeals.

alter table audit alter column operator drop not null;

alter table audit
    -- As they were called then. 'unknown' for who was not let in, and for whom a replica of before this
    -- migration names by id alone; 'console' for who sits at the machine.
    add column who        text   not null default 'unknown' check (who <> ''),
    add column roles      text[] not null default '{}',
    -- What one does alone is DONE; what takes two is told step by step, under the action that they wanted.
    add column step       text   not null default 'DONE' check (step in (
        'DONE', 'FAILED', 'PROPOSED', 'EXECUTED', 'REJECTED', 'WITHDRAWN', 'STALE', 'EXPIRED')),
    add column before     jsonb,
    add column after      jsonb,
    -- Where the request came from, and the id that the log has of it.
    add column address    text,
    add column request_id text,
    add column approval   uuid   references approval (id),
    -- Somebody has done it, except where nobody was let in and where nobody was there yet to sign in.
    add constraint audit_by_somebody check (operator is not null or who in ('unknown', 'console')),
    add constraint audit_of_two check (step in ('DONE', 'FAILED') = (approval is null));

create index audit_operator on audit (operator, at);
create index audit_action on audit (action, at);
create index audit_resource on audit (resource, at);

-- The chain itself, in the order of COMMIT. The last thing a transaction does is to take the next number, so
-- the lock on the head waits for nobody, and nobody who waits for it has anything left to lock: it cannot be
-- part of a deadlock.
create table audit_link (
    number   bigint primary key check (number > 0),
    audit    uuid   not null unique references audit (id),
    previous bytea,
    digest   bytea  not null check (octet_length(digest) = 32),
    -- The number before, for the foreign key; none before the first.
    follows  bigint generated always as (nullif(number - 1, 0)) stored,
    unique (number, digest),
    constraint audit_link_begins check ((number = 1) = (previous is null)),
    -- A row follows the one before it, and names its digest.
    constraint audit_link_follows foreign key (follows, previous) references audit_link (number, digest)
);

-- Where the chain has got to. One row, which is what those who write queue at.
create table audit_head (
    one    boolean primary key default true check (one),
    number bigint  not null,
    digest bytea,
    check ((number = 0) = (digest is null)),
    foreign key (number, digest) references audit_link (number, digest)
);

insert into audit_head (number) values (0);

-- The head as it was now and then, sealed with a key that no database has: whoever rewrites the chain
-- cannot rewrite these. The log has each of them as well, for who deletes them.
create table audit_seal (
    number bigint      primary key,
    digest bytea       not null,
    at     timestamptz not null,
    mac    bytea       not null check (octet_length(mac) = 32),
    -- Which key, by a few bytes that say nothing else of it: keys are changed, and seals stay.
    key    text        not null check (key ~ '^[0-9a-f]{16}$'),
    foreign key (number, digest) references audit_link (number, digest)
);

-- A value with its length before it, so that no two rows read the same: '5:hello' for hello, '-' for none.
create function audit_field(value text) returns text language sql immutable as $$
    select case when value is null then '-'
                else octet_length(convert_to(value, 'UTF8')) || ':' || value end
$$;

-- kvit.operate.AuditDigest makes the same of it without asking the database.
create function audit_digest(number bigint, previous bytea, it audit) returns bytea language sql stable as $$
    select sha256(coalesce(previous, ''::bytea) || convert_to(
        audit_field(number::text)
        || audit_field(it.id::text)
        || audit_field((extract(epoch from it.at) * 1000000)::bigint::text)
        || audit_field(it.operator::text)
        || audit_field(it.who)
        || audit_field(array_to_string(it.roles, ','))
        || audit_field(it.action)
        || audit_field(it.step)
        || audit_field(it.resource)
        || audit_field(it.reason)
        || audit_field(it.before::text)
        || audit_field(it.after::text)
        || audit_field(it.address)
        || audit_field(it.request_id)
        || audit_field(it.approval::text), 'UTF8'))
$$;

-- As the owner of the tables: the service writes what was done, and has no say in where it stands.
create function audit_links_up() returns trigger language plpgsql
    security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
    head audit_head;
    next bytea;
begin
    select * into strict head from audit_head for update;
    next := audit_digest(head.number + 1, head.digest, new);
    insert into audit_link (number, audit, previous, digest)
    values (head.number + 1, new.id, head.digest, next);
    update audit_head set number = head.number + 1, digest = next;
    return null;
end
$$;

-- What was written before there was a chain, in its order.
alter table audit disable trigger audit_stays;
update audit set who = o.email from operator o where o.id = audit.operator;
alter table audit enable trigger audit_stays;

do $$
declare
    past audit;
    head audit_head;
    next bytea;
begin
    for past in select * from audit order by at, id loop
        select * into strict head from audit_head;
        next := audit_digest(head.number + 1, head.digest, past);
        insert into audit_link (number, audit, previous, digest)
        values (head.number + 1, past.id, head.digest, next);
        update audit_head set number = head.number + 1, digest = next;
    end loop;
end
$$;

-- Nobody else makes a trigger of it, by which a table of their own would go on in the chain.
revoke execute on function audit_links_up() from public;

create constraint trigger audit_links_up after insert on audit
    deferrable initially deferred for each row execute function audit_links_up();

create trigger audit_link_stays before update or delete or truncate on audit_link
    for each statement execute function refuse_change();
create trigger audit_seal_stays before update or delete or truncate on audit_seal
    for each statement execute function refuse_change();
create trigger audit_head_stays before delete or truncate on audit_head
    for each statement execute function refuse_change();

-- The head goes on by one, and never back.
create function audit_head_goes_on() returns trigger language plpgsql as $$
begin
    if new.number <> old.number + 1 then
        raise exception 'the head of the chain goes from % to %', old.number, old.number + 1
            using errcode = 'check_violation', constraint = 'audit_head_goes_on';
    end if;
    return new;
end
$$;

create trigger audit_head_goes_on before insert or update on audit_head
    for each row execute function audit_head_goes_on();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select on audit_link, audit_head to %I', '${appRole}');
        execute format('grant select, insert on audit_seal to %I', '${appRole}');
    end if;
end
$$;
