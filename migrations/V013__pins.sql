-- PINs, and how what fails within a customer's own sessions counts. Owner classes: kvit.identity.PinStore and
-- kvit.identity.GuardStore.

create table pin (
    customer           uuid        primary key references customer (id),
    -- Argon2id in PHC format, with its parameters and salt, of what the pepper has made of the PIN. The form
    -- is checked, so that neither a PIN nor a fast hash of it ever gets here by mistake.
    hash               text        not null
        check (hash ~ '^\$argon2id\$v=[0-9]+\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$'),
    -- Which pepper it was; says nothing of the pepper. While one is replaced there are hashes of two.
    pepper             text        not null check (pepper ~ '^[0-9a-f]{8}$'),
    set_at             timestamptz not null,
    -- The session of the last reset, which resets no second time: a late duplicate changes nothing.
    reset_by           uuid,
    -- After a reset nothing may be paid out to a card for a while: whoever it was may not be the owner.
    -- Asked by whoever pays out; it says nothing of transfers.
    payouts_held_until timestamptz
);

alter table phone_guard
    -- What fails within the customer's own sessions, by what was guessed at: a success takes back failures
    -- of its own kind, so that neither whoever has the phone can go on guessing the PIN, nor the other way
    -- round. `failures` are those of sign-ins; a replica of the version before counts all codes there.
    add column confirmation_failures  integer     not null default 0 check (confirmation_failures >= 0),
    add column confirmation_failed_at timestamptz not null default 'epoch',
    add column pin_failures           integer     not null default 0 check (pin_failures >= 0),
    add column pin_failed_at          timestamptz not null default 'epoch',
    add column card_failures          integer     not null default 0 check (card_failures >= 0),
    add column card_failed_at         timestamptz not null default 'epoch',
    -- Until when nothing is looked at that is asked within the own sessions; `locked_until` is of sign-ins.
    add column own_locked_until       timestamptz;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (hash, pepper, set_at, reset_by, payouts_held_until) '
                    || 'on pin to %I', '${appRole}');
    end if;
end
$$;
