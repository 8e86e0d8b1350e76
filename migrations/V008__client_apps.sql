-- How front ends prove who they are, what they may do and whether they are switched off; and how well we
-- know a customer. Owner classes: kvit.identity.ClientApps and kvit.identity.Customers.

alter table client_app
    -- Keeps a secret, as RFC 6749 (section 2.1) has it: a server does, a page that people load does not.
    add column confidential            boolean     not null default false,
    -- SHA-256 of what it shows: 256 random bits, which nobody guesses however fast the hash is.
    add column secret_hash             bytea       check (octet_length(secret_hash) = 32),
    -- The one before, which goes on for a while, so that a secret is replaced without a pause.
    add column previous_secret_hash    bytea       check (octet_length(previous_secret_hash) = 32),
    add column previous_secret_ends_at timestamptz,
    -- What sessions that are opened through it may do; the one that is there already may do all.
    add column scopes                  text[]      not null
        default array['profile', 'wallet', 'transfers.read', 'transfers.send'],
    add column state                   text        not null default 'ACTIVE'
        check (state in ('ACTIVE', 'DISABLED'));

-- From here on whoever registers one says which.
alter table client_app alter column confidential drop default, alter column scopes drop default,
    alter column state drop default;

alter table client_app
    -- A confidential one without a secret would let in everybody; a public one with one, nobody.
    add constraint client_app_proof check (confidential = (secret_hash is not null)),
    add constraint client_app_previous_secret check (
        (previous_secret_hash is null) = (previous_secret_ends_at is null)
        and (previous_secret_hash is null or confidential)
        and previous_secret_hash <> secret_hash),
    -- An array that holds a null is contained in none.
    add constraint client_app_scopes check (
        scopes <@ array['profile', 'wallet', 'transfers.read', 'transfers.send']),
    -- The classes that rules know.
    add constraint client_app_carries check (
        carries <@ array['PAYMENT_DOCUMENT', 'PERSONAL_DATA', 'TRANSFER_DATA', 'PAYMENT_DETAILS',
                         'ACCOUNT_DATA']),
    -- Rules name platforms, and a name that looks the same has to be the same.
    add constraint client_app_platform check (platform ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    add constraint client_app_name check (char_length(name) between 1 and 80),
    -- What somebody comes through who names nothing, and so proves nothing.
    add constraint client_app_web check (id <> 'web' or not confidential);

-- PHONE has proved to have a phone; of VERIFIED, documents have been seen.
alter table customer
    add column tier text not null default 'PHONE' check (tier in ('PHONE', 'VERIFIED'));

-- Whose product it is and whether it keeps a secret decide what rules and doors say: another platform or
-- kind is another front end.
do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (name, scopes, carries, state, secret_hash, previous_secret_hash, '
                    || 'previous_secret_ends_at) on client_app to %I', '${appRole}');
    end if;
end
$$;
