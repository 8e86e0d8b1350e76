-- PINs, and how their failures count together with those of codes. Owner classes: kvit.identity.PinStore and
-- kvit.identity.SignIns.

create table pin (
    customer           uuid        primary key references customer (id),
    -- Argon2id in PHC format, with its parameters and salt, of what the pepper has made of the PIN. The form
    -- is checked, so that neither a PIN nor a fast hash of it ever gets here by mistake.
    hash               text        not null
        check (hash ~ '^\$argon2id\$v=[0-9]+\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$'),
    -- Which pepper it was; says nothing of the pepper. While one is replaced there are hashes of two.
    pepper             text        not null check (pepper ~ '^[0-9a-f]{8}$'),
    set_at             timestamptz not null,
    -- After a reset no money leaves for a while: whoever it was may not have been the owner.
    payouts_held_until timestamptz
);

alter table phone_guard
    -- How many of the failures are of PINs: a success takes back those of its own kind, so that neither
    -- whoever has the phone can go on guessing the PIN, nor the other way round. No check against failures:
    -- a replica of the version before counts without it.
    add column pin_failures integer not null default 0 check (pin_failures >= 0);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (hash, pepper, set_at, payouts_held_until) '
                    || 'on pin to %I', '${appRole}');
    end if;
end
$$;
