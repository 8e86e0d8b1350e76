-- The people who answer for the money, and what two of them have to want. Owner classes: kvit.operate.Operators,
-- kvit.operate.OperatorSessions, kvit.operate.Approvals and kvit.operate.AuditTrail.

create table operator (
    id            uuid        primary key,
    -- In lower case, as people write it differently every time.
    email         text        not null unique check (email = lower(email) and email like '%_@_%'),
    name          text        not null check (name <> ''),
    roles         text[]      not null
        check (cardinality(roles) > 0 and roles <@ array['support', 'finance', 'approver', 'admin']),
    state         text        not null check (state in ('INVITED', 'ACTIVE', 'DISABLED')),
    -- Argon2id with its parameters, PHC format; null until the invitation is taken up.
    password_hash text,
    -- Which secret the codes come from; it is derived and stored nowhere. Null: no second factor, sandbox only.
    totp_version  integer     check (totp_version > 0),
    -- The last time step that a code was taken for: a code counts once.
    totp_step     bigint      not null default 0,
    failures      integer     not null default 0 check (failures >= 0),
    locked_until  timestamptz,
    -- SHA-256 of an invitation, which is 256 random bits and so needs no slow hash.
    invitation    bytea       unique,
    invited_until timestamptz,
    created_at    timestamptz not null,
    check ((state = 'INVITED') = (invitation is not null)),
    check ((invitation is null) = (invited_until is null)),
    check (state <> 'ACTIVE' or password_hash is not null)
);

create table operator_session (
    id           uuid        primary key,
    operator     uuid        not null references operator (id),
    -- SHA-256 of the token; 256 random bits need no slow hash.
    token        bytea       not null unique,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    ended_at     timestamptz
);

create index operator_session_operator on operator_session (operator) where ended_at is null;

-- What one operator has asked for, frozen, until another one decides.
create table approval (
    id             uuid        primary key,
    action         text        not null check (action ~ '^[a-z-]+[.][a-z-]+$'),
    resource       text        not null check (resource <> ''),
    -- As it will be carried out, word for word; the digest is of these words.
    payload        text        not null,
    payload_digest bytea       not null check (payload_digest = sha256(convert_to(payload, 'UTF8'))),
    -- What the resource was when it was asked for: when it has changed since, the request is stale.
    basis          text        not null,
    reason         text        not null check (reason <> ''),
    proposed_by    uuid        not null references operator (id),
    proposed_at    timestamptz not null,
    expires_at     timestamptz not null check (expires_at > proposed_at),
    state          text        not null
        check (state in ('OPEN', 'EXECUTED', 'REJECTED', 'WITHDRAWN', 'STALE', 'EXPIRED')),
    decided_by     uuid        references operator (id),
    decided_at     timestamptz,
    decision_note  text,
    constraint approval_four_eyes
        check (state not in ('EXECUTED', 'REJECTED') or (decided_by is not null and decided_by <> proposed_by)),
    constraint approval_decided check ((state = 'OPEN') = (decided_at is null))
);

create unique index approval_open on approval (action, resource) where state = 'OPEN';

-- What was shown is what is carried out, and what was decided stays decided.
create function approval_stands() returns trigger language plpgsql as $$
declare
    decision constant text[] := array['state', 'decided_by', 'decided_at', 'decision_note'];
begin
    if old.state <> 'OPEN' or (to_jsonb(new) - decision) <> (to_jsonb(old) - decision) then
        raise exception 'approval % is decided once, and otherwise what it was', old.id
            using errcode = 'check_violation', constraint = 'approval_stands';
    end if;
    return new;
end
$$;

create trigger approval_stands before update on approval for each row execute function approval_stands();
create trigger approval_stays before delete or truncate on approval
    for each statement execute function refuse_change();

-- What an operator did alone.
create table audit (
    id       uuid        primary key,
    at       timestamptz not null,
    operator uuid        not null references operator (id),
    action   text        not null check (action ~ '^[a-z-]+[.][a-z-]+$'),
    resource text        not null check (resource <> ''),
    reason   text        not null check (reason <> '')
);

create trigger audit_stays before update or delete or truncate on audit
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update on operator to %I', '${appRole}');
        execute format('grant select, insert, update on operator_session to %I', '${appRole}');
        execute format('grant select, insert on audit to %I', '${appRole}');
        execute format('grant select, insert, update (state, decided_by, decided_at, decision_note) on approval to %I',
                       '${appRole}');
    end if;
end
$$;
