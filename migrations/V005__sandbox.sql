-- Used in sandbox mode only.

-- How far the sandbox's clock is ahead. In the database, so that replicas and restarts agree on the time.
create table sandbox_clock (
    only_row boolean primary key default true check (only_row),
    ahead_ms bigint  not null check (ahead_ms >= 0)
);

insert into sandbox_clock (ahead_ms) values (0);

-- The sandbox's telephone. The text is sealed: a code is readable in no file of the database, here neither.
create table inbox_message (
    id      uuid        primary key,
    phone   text        not null,
    sealed  bytea       not null,
    sent_at timestamptz not null
);

create index inbox_message_phone on inbox_message (phone, id);
create index inbox_message_sent on inbox_message (sent_at);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, update (ahead_ms) on sandbox_clock to %I', '${appRole}');
        execute format('grant select, insert, delete on inbox_message to %I', '${appRole}');
    end if;
end
$$;
