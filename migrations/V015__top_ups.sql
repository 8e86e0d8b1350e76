-- Money from a card into the wallet. Owner classes: kvit.topup.TopUpStore, kvit.topup.ChargeReturnStore,
-- kvit.idempotency.Keys, and kvit.ledger.LedgerStore for the account of the card processor.

-- What card processors owe us: like the world nobody's, and without a floor, because it is money that is
-- elsewhere. It falls with each charge and rises when the processor pays.
alter table account
    drop constraint account_kind_check,
    drop constraint account_check,
    drop constraint account_check1,
    add constraint account_kind check (kind in ('WALLET', 'WORLD', 'CARD_CLEARING')),
    add constraint account_kind_floor check (
        case when kind in ('WORLD', 'CARD_CLEARING') then floor is null
             else floor is not distinct from 0 end),
    add constraint account_kind_owner check ((kind in ('WORLD', 'CARD_CLEARING')) = (owner is null));

create table top_up (
    -- Also the id of the posting and the processor's idempotency key: one top-up, one charge, one posting.
    id            uuid        not null,
    customer      uuid        not null references customer (id),
    key           text        not null check (char_length(key) between 1 and 255),
    fingerprint   text        not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    card          uuid        not null references card (id),
    minor         bigint      not null check (minor > 0),
    currency      text        not null check (currency ~ '^[A-Z]{3}$'),
    state         text        not null check (state in ('PENDING', 'COMPLETED', 'DECLINED')),
    decline_code  text        check (decline_code <> ''),
    -- What the processor is told besides: its name for the card. None where it is told nothing.
    reference     text        check (reference <> ''),
    -- When the last call that may have carried it was about to be made; none where nothing was sent for sure.
    sent_at       timestamptz,
    -- Who was about to make it: a new id for each call.
    sent_by       uuid,
    -- The processor's name for the charge.
    name          text        check (name <> ''),
    -- What the rules of countries said, and by which set.
    ruling        jsonb,
    created_at    timestamptz not null,
    completed_at  timestamptz,
    -- When somebody has to ask the processor what became of it, and how often that was done. Of one that
    -- we have given up by ourselves, too: whoever was to send it may have slept, and send it later.
    due_at        timestamptz,
    asked         integer     not null default 0 check (asked >= 0),
    -- The first answer, word for word; none until one was given.
    answer_status smallint,
    answer        text,
    primary key (customer, id),
    constraint top_up_key unique (customer, key),
    constraint top_up_completed check ((state = 'COMPLETED') = (completed_at is not null)),
    constraint top_up_declined check ((state = 'DECLINED') = (decline_code is not null)),
    -- What is pending is looked after, and could be told the processor again.
    constraint top_up_pending check (
        case when state = 'PENDING' then num_nonnulls(due_at, reference) = 2
             else due_at is null or (state = 'DECLINED' and reference is not null) end),
    constraint top_up_sent check ((sent_at is null) = (sent_by is null)),
    -- A charge that we know of has a name there.
    constraint top_up_charged check (state <> 'COMPLETED' or num_nonnulls(name, reference) = 2),
    constraint top_up_answer check ((answer_status is null) = (answer is null))
);

-- One charge at the processor is one top-up; and how a notice about a charge finds it.
create unique index top_up_name on top_up (name) where name is not null;
create index top_up_due on top_up (due_at) where due_at is not null;
-- What counts for limits already, though it has not moved.
create index top_up_pending on top_up (customer, currency) where state = 'PENDING';

-- What was intended never changes, it ends once, and it is answered once.
create function top_up_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := case when old.state = 'PENDING'
        then array['state', 'decline_code', 'sent_at', 'sent_by', 'name', 'ruling', 'completed_at', 'due_at',
                   'asked', 'answer_status', 'answer']
        else array['due_at', 'asked', 'answer_status', 'answer'] end;
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.answer is not null and (new.answer, new.answer_status)
                                       is distinct from (old.answer, old.answer_status)) then
        raise exception 'top-up % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'top_up_ends_once';
    end if;
    return new;
end
$$;

create trigger top_up_ends_once before update on top_up for each row execute function top_up_ends_once();
create trigger top_up_stays before delete or truncate on top_up
    for each statement execute function refuse_change();

-- Charges that are no top-up: the card was charged though we had given it up. Their money goes back.
create table charge_return (
    -- The top-up that was given up.
    id           uuid        not null,
    customer     uuid        not null,
    -- The id of the refund at the processor. It follows from the top-up's, so one charge is given back once.
    refund       uuid        not null unique,
    -- The processor's name for the charge, and for the refund once it has one.
    charge       text        not null unique check (charge <> ''),
    refund_name  text        check (refund_name <> ''),
    state        text        not null check (state in ('PENDING', 'RETURNED', 'FAILED')),
    -- The processor's word for why it cannot be given back. Somebody has to do it by hand.
    failure      text        check (failure <> ''),
    created_at   timestamptz not null,
    ended_at     timestamptz,
    due_at       timestamptz,
    asked        integer     not null default 0 check (asked >= 0),
    primary key (customer, id),
    foreign key (customer, id) references top_up (customer, id),
    constraint charge_return_due check ((state = 'PENDING') = (due_at is not null)),
    constraint charge_return_ended check ((state = 'PENDING') = (ended_at is null)),
    constraint charge_return_failed check ((state = 'FAILED') = (failure is not null)),
    constraint charge_return_named check (state <> 'RETURNED' or refund_name is not null)
);

create index charge_return_due on charge_return (due_at) where state = 'PENDING';

create function charge_return_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := case
        when old.state = 'PENDING' then
            array['refund_name', 'state', 'failure', 'ended_at', 'due_at', 'asked']
        -- A refund may fail days after it was done; the money is with us again.
        when old.state = 'RETURNED' and new.state = 'FAILED' then array['state', 'failure', 'ended_at']
        else array[]::text[] end;
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change) then
        raise exception 'the return of % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'charge_return_ends_once';
    end if;
    return new;
end
$$;

create trigger charge_return_ends_once before update on charge_return
    for each row execute function charge_return_ends_once();
create trigger charge_return_stays before delete or truncate on charge_return
    for each statement execute function refuse_change();

-- Keys of what moves money and is no transfer: a key is one for all that a customer does, and transfers ask
-- about all of these with one look-up.
create table used_key (
    customer uuid not null references customer (id),
    key      text not null check (char_length(key) between 1 and 255),
    -- What it stands for.
    id       uuid not null,
    primary key (customer, key)
);

create trigger used_key_stays before update or delete or truncate on used_key
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (state, decline_code, sent_at, sent_by, name, ruling, '
                    || 'completed_at, due_at, asked, answer_status, answer) on top_up to %I', '${appRole}');
        execute format('grant select, insert, update (refund_name, state, failure, ended_at, due_at, asked) '
                    || 'on charge_return to %I', '${appRole}');
        execute format('grant select, insert on used_key to %I', '${appRole}');
    end if;
end
$$;
