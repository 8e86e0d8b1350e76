-- When sessions ended, and when customers were blocked or let in again: replicas learn of it by asking what
-- is new since they asked last. Owner classes: kvit.identity.Sessions and kvit.identity.Customers; read by
-- kvit.identity.AdmissionStore.
--
-- By the database's own clock, here alone: there is one of it. revoked_at is by the clock of whoever wrote
-- it, which in a sandbox is ahead, and by hand is anything.

alter table session  add column ended_at   timestamptz;
alter table customer add column blocked_at timestamptz;

-- Of what has ended before, tokens may still be about; of what ended a day ago there are none.
update session set ended_at = least(revoked_at, clock_timestamp())
 where revoked_at > clock_timestamp() - interval '1 day';
update customer set blocked_at = clock_timestamp() where state = 'BLOCKED';

create index session_ended on session (ended_at) where ended_at is not null;
create index customer_blocked on customer (blocked_at) where blocked_at is not null;

-- At the COMMIT and not at the UPDATE: however long somebody takes in between, what is new to others is of
-- now. With the rights of the owner of the tables: whoever may end sessions or block people, and nothing
-- else, would otherwise be refused at the COMMIT. So nothing in it is up to whoever ends them: the path is
-- fixed, and nobody else makes a trigger of it, by which a table of their own would end anybody's session.
create function session_has_ended() returns trigger language plpgsql
    security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    update session set ended_at = clock_timestamp() where id = new.id;
    return null;
end
$$;

create constraint trigger session_ends after update of revoked_at on session
    deferrable initially deferred for each row
    when (old.revoked_at is null and new.revoked_at is not null)
    execute function session_has_ended();

-- Blocked, or blocked no more.
create function customer_was_blocked() returns trigger language plpgsql
    security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    update customer set blocked_at = clock_timestamp() where id = new.id;
    return null;
end
$$;

create constraint trigger customer_is_blocked after update of state on customer
    deferrable initially deferred for each row
    when ((old.state = 'BLOCKED') <> (new.state = 'BLOCKED'))
    execute function customer_was_blocked();

revoke execute on function session_has_ended(), customer_was_blocked() from public;
