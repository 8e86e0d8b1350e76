-- People, signing in by phone and code, sessions. Owner class of each table: package kvit.identity.
-- Every time comes from the application's clock; SQL never calls now().

create table customer (
    id           uuid        primary key,
    phone        text        not null unique check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    display_name text        check (char_length(display_name) between 1 and 50),
    -- Lower case only, so that @Anna and @anna cannot be two people.
    handle       text        unique check (handle ~ '^[a-z][a-z0-9_]{2,19}$'),
    country      text        not null check (country ~ '^[A-Z]{2}$'),
    birth_date   date,
    locale       text        not null,
    visibility   text        not null check (visibility in ('PRIVATE', 'FRIENDS', 'PUBLIC')),
    -- FROZEN signs in and looks, but moves no money; BLOCKED does not even sign in.
    state        text        not null check (state in ('ACTIVE', 'FROZEN', 'BLOCKED')),
    created_at   timestamptz not null
);

create table sign_in (
    id                uuid        primary key,
    phone             text        not null,
    region            text        not null,
    locale            text,
    address           text        not null,
    -- HMAC of the code; null until it is on its way, and again once it was used or replaced.
    code_mac          bytea       check (octet_length(code_mac) = 32),
    -- A code that was asked for and not handed to the gateway yet.
    code_due          boolean     not null,
    expires_at        timestamptz not null,
    resend_at         timestamptz not null,
    tries             integer     not null check (tries >= 0),
    sends             integer     not null check (sends >= 0),
    created_at        timestamptz not null,
    confirmed_at      timestamptz
);

create index sign_in_phone on sign_in (phone, created_at);
create index sign_in_region on sign_in (region, created_at);
create index sign_in_created on sign_in (created_at);

-- Failures in a row over all codes of a phone: a guesser gains nothing by asking for new codes.
create table phone_guard (
    phone        text        primary key,
    failures     integer     not null check (failures >= 0),
    failed_at    timestamptz not null,
    locked_until timestamptz
);

create table session (
    id           uuid        primary key,
    customer     uuid        not null references customer (id),
    device       text,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    revoked_at   timestamptz
);

create index session_customer on session (customer, created_at);

-- One row per refresh token ever given out and not yet purged. The tokens of a session are a family:
-- one that comes twice means that two parties hold it, and ends the session.
create table refresh_token (
    hash       bytea       primary key check (octet_length(hash) = 32),
    session    uuid        not null references session (id) on delete cascade,
    -- Makes the successor unguessable even to somebody who has this token and the server's key.
    salt       bytea       not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

create index refresh_token_session on refresh_token (session);
create index refresh_token_expires on refresh_token (expires_at);

-- Token buckets of bucket4j: counted here and not in memory, so that limits hold across replicas.
create table rate_bucket (
    id         text   primary key,
    state      bytea,
    expires_at bigint
);

create index rate_bucket_expires on rate_bucket (expires_at);

-- With one role for everything (a first try against an outside database) there is nothing to grant.
do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update on customer, sign_in, phone_guard, session, '
                    || 'refresh_token, rate_bucket to %I', '${appRole}');
        execute format('grant delete on sign_in, phone_guard, refresh_token, rate_bucket to %I',
                       '${appRole}');
    end if;
end
$$;
