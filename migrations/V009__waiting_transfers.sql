-- Transfers that wait: for the payer's code, or for somebody who looks at them. Owner classes:
-- kvit.transfer.TransferStore, kvit.transfer.CancellationStore and kvit.identity.ConfirmationStore.

alter table transfer
    -- Until when it may wait; of one that waits no more, until when it might have.
    add column expires_at    timestamptz,
    -- Whether somebody has to look at it before the money moves.
    add column review        boolean not null default false,
    -- The limits that were known when it was made: the rules are not asked again when it settles.
    add column limits        jsonb,
    add column reviewed_by   text check (reviewed_by <> ''),
    add column review_reason text check (review_reason <> ''),
    drop constraint transfer_state_check,
    drop constraint transfer_check1,
    add constraint transfer_state check (state in ('REQUIRES_CONFIRMATION', 'PENDING', 'COMPLETED',
                                                   'DECLINED', 'CANCELLED', 'EXPIRED', 'REFUNDED')),
    add constraint transfer_completed
        check ((state in ('COMPLETED', 'REFUNDED')) = (completed_at is not null)),
    -- What waits has an end, and the limits that it will be held against.
    add constraint transfer_waits check (state in ('COMPLETED', 'DECLINED', 'REFUNDED')
                                         or (expires_at is not null and limits is not null)),
    add constraint transfer_pending check (state <> 'PENDING' or review),
    -- Money that is given back does not wait.
    add constraint transfer_refund check (refund_of is null or expires_at is null),
    add constraint transfer_reviewed check ((reviewed_by is null) = (review_reason is null)
                                            and (reviewed_by is null or (review and state <> 'PENDING')));

-- The payee sees what is completed, and nothing of what waits or came to nothing.
drop index transfer_payee;
create index transfer_payee on transfer (payee, id) where completed_at is not null;
create index transfer_expiring on transfer (expires_at) where state in ('REQUIRES_CONFIRMATION', 'PENDING');

-- What waits comes to one end; what has come to it changes only by what is given back, and only upwards.
create or replace function transfer_is_final() returns trigger language plpgsql as $$
declare
    waits constant boolean := old.state in ('REQUIRES_CONFIRMATION', 'PENDING');
    may_change constant text[] := case when waits
        then array['state', 'decline_code', 'completed_at', 'expires_at', 'reviewed_by', 'review_reason']
        else array['state', 'refunded'] end;
begin
    if new.refunded < old.refunded
        or (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (new.state <> old.state and not case old.state
            when 'REQUIRES_CONFIRMATION' then
                new.state in ('PENDING', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'PENDING' then new.state in ('COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'COMPLETED' then new.state = 'REFUNDED'
            else false end) then
        raise exception 'transfer % is final', old.id
            using errcode = 'check_violation', constraint = 'transfer_is_final';
    end if;
    return new;
end
$$;

-- What somebody wanted to take back. The record of the idempotency key, as a transfer is of its own.
create table cancellation (
    payer         uuid        not null,
    key           text        not null check (char_length(key) between 1 and 255),
    fingerprint   text        not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    transfer      uuid        not null,
    created_at    timestamptz not null,
    -- The first answer, word for word, for every replay.
    answer_status smallint    not null,
    answer        text        not null,
    primary key (payer, key),
    foreign key (payer, transfer) references transfer (payer, id)
);

-- A transfer is cancelled once.
create unique index cancellation_transfer on cancellation (payer, transfer) where answer_status = 200;

create trigger cancellation_stays before update or delete or truncate on cancellation
    for each statement execute function refuse_change();

-- Codes that confirm one thing each: this amount to this person.
create table confirmation (
    -- Of what is confirmed.
    id           uuid        primary key,
    customer     uuid        not null references customer (id),
    -- As the message names them; the code is bound to both.
    amount       text        not null,
    payee        text        not null,
    -- HMAC of the code; null until it is on its way, and again once it was replaced.
    code_mac     bytea       check (octet_length(code_mac) = 32),
    -- A code that was asked for and not handed to the gateway yet.
    code_due     boolean     not null,
    expires_at   timestamptz not null,
    resend_at    timestamptz not null,
    tries        integer     not null check (tries >= 0),
    sends        integer     not null check (sends >= 0),
    created_at   timestamptz not null,
    confirmed_at timestamptz
);

create index confirmation_created on confirmation (created_at);
-- For the sandbox, whose inbox waits for what is on its way.
create index confirmation_due on confirmation (customer) where code_due;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (decline_code, completed_at, expires_at, reviewed_by, review_reason) '
                    || 'on transfer to %I', '${appRole}');
        execute format('grant select, insert on cancellation to %I', '${appRole}');
        execute format('grant select, insert, delete, '
                    || 'update (code_mac, code_due, expires_at, resend_at, tries, sends, confirmed_at) '
                    || 'on confirmation to %I', '${appRole}');
    end if;
end
$$;
