-- Events, stored with the change that caused them. Owner class: kvit.outbox.OutboxStore.

create table outbox (
    -- Whose event it is: a person, a sign-in. First in the key, as everywhere (see V002).
    key          uuid        not null,
    id           uuid        not null,
    topic        text        not null,
    payload      text        not null,
    created_at   timestamptz not null,
    due_at       timestamptz not null,
    attempts     integer     not null default 0,
    delivered_at timestamptz,
    -- Given up after the last attempt; kept for somebody to look at.
    dead_at      timestamptz,
    last_error   text,
    primary key (key, id)
);

create index outbox_due on outbox (due_at) where delivered_at is null and dead_at is null;
-- For the purge alone: rows arrive in this order, and a block range index costs an insert next to nothing.
create index outbox_created on outbox using brin (created_at);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update, delete on outbox to %I', '${appRole}');
    end if;
end
$$;
