-- Sending money and sending it back. Owner class: kvit.transfer.TransferStore.

create table transfer (
    payer         uuid        not null,
    id            uuid        not null,
    -- The record of the idempotency key is the row that it created: no second table, no expiry.
    key           text        not null check (char_length(key) between 1 and 255),
    fingerprint   text        not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    -- Null where nobody could be found: that refusal is kept, too.
    payee         uuid,
    currency      text        not null check (currency ~ '^[A-Z]{3}$'),
    minor         bigint      not null check (minor > 0),
    note          text        check (char_length(note) <= 280),
    visibility    text        not null check (visibility in ('PRIVATE', 'FRIENDS', 'PUBLIC')),
    reference     text        check (char_length(reference) <= 140),
    conversation  text        check (char_length(conversation) <= 140),
    state         text        not null check (state in ('COMPLETED', 'DECLINED', 'REFUNDED')),
    decline_code  text,
    -- Set on a refund: the transfer whose money it gives back.
    refund_of     uuid,
    refunded      bigint      not null default 0,
    created_at    timestamptz not null,
    completed_at  timestamptz,
    -- The first answer, word for word, for every replay.
    answer_status smallint    not null,
    answer        text        not null,
    primary key (payer, id),
    unique (payer, key),
    constraint transfer_refunded check (refunded between 0 and minor),
    check ((state = 'DECLINED') = (decline_code is not null)),
    check ((state = 'DECLINED') = (completed_at is null)),
    check (state = 'DECLINED' or (payee is not null and payee <> payer)),
    check ((state = 'REFUNDED') = (refunded = minor))
);

create index transfer_id on transfer (id);
create index transfer_payee on transfer (payee, id) where state <> 'DECLINED';

-- Only how much was given back may change, and only upwards.
create function transfer_is_final() returns trigger language plpgsql as $$
begin
    if new.refunded < old.refunded
        or (to_jsonb(new) - 'refunded' - 'state') <> (to_jsonb(old) - 'refunded' - 'state') then
        raise exception 'transfer % is final', old.id
            using errcode = 'check_violation', constraint = 'transfer_is_final';
    end if;
    return new;
end
$$;

create trigger transfer_is_final before update on transfer
    for each row execute function transfer_is_final();
create trigger transfer_stays before delete or truncate on transfer
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (state, refunded) on transfer to %I', '${appRole}');
    end if;
end
$$;
