-- Webhooks of front ends: where what concerns their customers is sent to, what was sent, and what waits.
-- Owner classes in kvit.webhook: EndpointStore, LaneStore and DeliveryStore; scheduled_tasks is
-- db-scheduler's (docs/decisions/0044-webhooks.md).

create table webhook_endpoint (
    id               uuid        primary key,
    client           text        not null references client_app (id),
    url              text        not null check (char_length(url) between 1 and 500),
    -- Of notices; none is all of them.
    types            text[]      not null check (array_position(types, null) is null),
    -- NEW has no secret yet, so nothing is kept for it.
    state            text        not null check (state in ('NEW', 'ACTIVE', 'DISABLED')),
    disabled_because text        check (disabled_because in ('OPERATOR', 'GONE', 'FAILING')),
    -- Half of what makes the secret; the other half is in no database.
    salt             bytea       check (octet_length(salt) = 32),
    previous_salt    bytea       check (octet_length(previous_salt) = 32),
    previous_ends_at timestamptz,
    -- Until when a new secret, to which two have agreed, may be drawn; and whether the old one ends then.
    draw_until       timestamptz,
    draw_leaked      boolean     not null default false,
    -- Of all notices up to this number, what is for it has been put into its lanes.
    place            bigint      not null check (place >= 0),
    -- In a row; and since when nothing has arrived.
    failures         integer     not null default 0 check (failures >= 0),
    failing_since    timestamptz,
    -- Not called before.
    quiet_until      timestamptz,
    created_at       timestamptz not null,
    constraint webhook_endpoint_disabled check ((state = 'DISABLED') = (disabled_because is not null)),
    constraint webhook_endpoint_signed check (state <> 'ACTIVE' or salt is not null),
    constraint webhook_endpoint_previous check (
        (previous_salt is null) = (previous_ends_at is null) and previous_salt <> salt),
    constraint webhook_endpoint_failing check ((failures = 0) = (failing_since is null))
);

create index webhook_endpoint_client on webhook_endpoint (client, id);

-- What one customer's notices wait in on their way to one endpoint: in it they go one after the other, and
-- beside it others go on.
create table webhook_lane (
    customer uuid        not null,
    endpoint uuid        not null references webhook_endpoint (id),
    -- Deliveries of it that are PENDING; the next one is the one with the lowest number.
    pending  integer     not null check (pending >= 0),
    due_at   timestamptz,
    -- Somebody is sending; and how often somebody has begun to, so that whoever comes back late finds that
    -- it is not their turn any more.
    held     boolean     not null default false,
    turn     bigint      not null default 0,
    primary key (customer, endpoint),
    constraint webhook_lane_due check ((pending = 0) = (due_at is null))
);

create index webhook_lane_due on webhook_lane (endpoint, due_at) where due_at is not null and not held;
create index webhook_lane_held on webhook_lane (endpoint) where held;

create table webhook_delivery (
    customer   uuid        not null,
    endpoint   uuid        not null references webhook_endpoint (id),
    -- The notice's.
    number     bigint      not null,
    -- What the receiver knows it by: the same however often it is sent.
    id         uuid        not null unique,
    type       text        not null,
    -- Word for word, so that whatever is sent again is the same.
    body       text        not null,
    state      text        not null check (state in ('PENDING', 'DELIVERED', 'DEAD')),
    attempts   integer     not null default 0 check (attempts >= 0),
    -- Of the last attempt.
    tried_at   timestamptz,
    status     integer,
    error      text,
    created_at timestamptz not null,
    primary key (customer, endpoint, number),
    constraint webhook_delivery_tried check ((attempts = 0) = (tried_at is null)),
    constraint webhook_delivery_ended check (state = 'PENDING' or attempts > 0 or error is not null)
);

create index webhook_delivery_pending on webhook_delivery (customer, endpoint, number)
    where state = 'PENDING';
create index webhook_delivery_dead on webhook_delivery (endpoint, number) where state = 'DEAD';
create index webhook_delivery_endpoint on webhook_delivery (endpoint, number);
create index webhook_delivery_created on webhook_delivery using brin (created_at) with (autosummarize = on);

-- Those that have failed; of one that has arrived the delivery says all there is to say.
create table webhook_attempt (
    customer uuid        not null,
    endpoint uuid        not null,
    number   bigint      not null,
    at       timestamptz not null,
    -- HTTP's, if there was one.
    status   integer,
    error    text        not null,
    millis   integer     not null check (millis >= 0),
    primary key (customer, endpoint, number, at),
    foreign key (customer, endpoint, number) references webhook_delivery on delete cascade
);

-- db-scheduler's, as it wants it.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);

create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

-- Through which front ends somebody has ever come.
create index session_through on session (customer, client);

-- The service switches an endpoint off by itself, and nobody else is to blame.
alter table audit
    drop constraint audit_by_somebody,
    add constraint audit_by_somebody check (operator is not null or who in ('unknown', 'console', 'kvit'));

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update on webhook_endpoint to %I', '${appRole}');
        execute format('grant select, insert, update, delete on webhook_lane, webhook_delivery, '
                    || 'webhook_attempt, scheduled_tasks to %I', '${appRole}');
    end if;
end
$$;
