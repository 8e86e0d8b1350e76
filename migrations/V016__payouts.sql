-- Money from the wallet to a card. Owner classes: kvit.payout.PayoutStore, of payout_cancellation
-- kvit.payout.PayoutCancellations, and kvit.ledger.LedgerStore for the accounts.

-- PAYOUT_CLEARING: what has left wallets and nobody knows yet to have arrived. With a floor, so that no more
-- leaves it than came in, whoever asks for it. FEES: what people have paid us for being quick; without a
-- floor, because what accounting takes out of it may be asked back by a payout that was not quick after all.
alter table account
    drop constraint account_kind,
    drop constraint account_kind_floor,
    drop constraint account_kind_owner,
    add constraint account_kind
        check (kind in ('WALLET', 'WORLD', 'CARD_CLEARING', 'PAYOUT_CLEARING', 'FEES')),
    add constraint account_kind_floor check (
        case when kind in ('WORLD', 'CARD_CLEARING', 'FEES') then floor is null
             else floor is not distinct from 0 end),
    add constraint account_kind_owner check ((kind <> 'WALLET') = (owner is null));

create table payout (
    -- Also the id of the posting that takes the money out of the wallet.
    id              uuid        not null,
    customer        uuid        not null references customer (id),
    key             text        not null check (char_length(key) between 1 and 255),
    fingerprint     text        not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    card            uuid        not null references card (id),
    minor           bigint      not null check (minor > 0),
    currency        text        not null check (currency ~ '^[A-Z]{3}$'),
    -- What was taken for being quick, on top of the amount.
    fee             bigint      not null check (fee >= 0),
    asked_speed     text        not null check (asked_speed in ('STANDARD', 'INSTANT')),
    -- Where they differ the processor was not able to be quick, and the fee has been given back.
    speed           text        not null check (speed in ('STANDARD', 'INSTANT')),
    state           text        not null
        check (state in ('IN_TRANSIT', 'PAID', 'RETURNED', 'CANCELLED', 'DECLINED')),
    decline_code    text        check (decline_code <> ''),
    -- What the processor is told besides: its name for the card. None where it is told nothing.
    reference       text        check (reference <> ''),
    -- The processor's idempotency key: the id, and another one from the day on that the first was declined.
    push            uuid        not null,
    -- From when on it is the processor's. Until then its owner may take it back.
    hand_over_at    timestamptz not null,
    -- When the last call that may have carried it was about to be made; none where nothing was sent for sure.
    sent_at         timestamptz,
    -- The processor's name for the push.
    name            text        check (name <> ''),
    estimated_at    timestamptz not null,
    -- What the rules of countries said, and by which set.
    ruling          jsonb,
    created_at      timestamptz not null,
    paid_at         timestamptz,
    -- When the money was given back to the wallet.
    back_at         timestamptz,
    -- When the processor said that what was given back had arrived all the same. Must never be.
    contradicted_at timestamptz,
    -- When somebody has to hand it over or to ask what became of it, and how often that was done.
    due_at          timestamptz,
    asked           integer     not null default 0 check (asked >= 0),
    -- The first answer, word for word.
    answer_status   smallint    not null,
    answer          text        not null,
    primary key (customer, id),
    constraint payout_key unique (customer, key),
    constraint payout_push unique (push),
    constraint payout_name unique (name),
    constraint payout_fee check (fee = 0 or asked_speed = 'INSTANT'),
    -- What is slower than it was meant to be is sent under another id; a push is declined for good.
    constraint payout_speed check (
        (speed = asked_speed) = (push = id) and (speed = asked_speed or speed = 'STANDARD')),
    constraint payout_paid check (case when state = 'PAID' then num_nonnulls(paid_at, name) = 2
                                       else paid_at is null or state = 'RETURNED' end),
    constraint payout_back check ((state in ('RETURNED', 'CANCELLED')) = (back_at is not null)),
    constraint payout_declined check (
        case when state in ('RETURNED', 'DECLINED') then decline_code is not null
             else decline_code is null or state = 'CANCELLED' end),
    -- Nothing that was sent is taken back by a wish of ours alone.
    constraint payout_cancelled check (state <> 'CANCELLED' or num_nonnulls(sent_at, name) = 0),
    constraint payout_told check ((state = 'DECLINED') = (reference is null)),
    -- What is under way is looked after.
    constraint payout_looked_after check (
        case state when 'IN_TRANSIT' then due_at is not null when 'DECLINED' then due_at is null
                   else true end)
);

-- How a notice finds it.
create index payout_id on payout (id);
create index payout_due on payout (due_at) where due_at is not null;

-- What was intended never changes, it ends once, and what has arrived can only come back.
create function payout_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['due_at', 'asked'] || case
        when old.state = 'IN_TRANSIT' then
            array['state', 'decline_code', 'speed', 'push', 'hand_over_at', 'sent_at', 'name', 'estimated_at',
                  'paid_at', 'back_at']
        when old.state = 'PAID' and new.state = 'RETURNED' then array['state', 'decline_code', 'back_at']
        when old.state in ('RETURNED', 'CANCELLED') and old.contradicted_at is null then
            array['contradicted_at']
        else array[]::text[] end;
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.state = 'IN_TRANSIT' and new.state = 'DECLINED')
        or (old.speed <> new.speed and new.speed <> 'STANDARD') then
        raise exception 'payout % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'payout_ends_once';
    end if;
    return new;
end
$$;

create trigger payout_ends_once before update on payout for each row execute function payout_ends_once();
create trigger payout_stays before delete or truncate on payout
    for each statement execute function refuse_change();

-- Wishes to take one back, as the records of their keys.
create table payout_cancellation (
    customer      uuid        not null,
    key           text        not null check (char_length(key) between 1 and 255),
    fingerprint   text        not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    payout        uuid        not null,
    created_at    timestamptz not null,
    answer_status smallint    not null,
    answer        text        not null,
    primary key (customer, key),
    foreign key (customer, payout) references payout (customer, id)
);

create trigger payout_cancellation_stays before update or delete or truncate on payout_cancellation
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (state, decline_code, speed, push, hand_over_at, '
                    || 'sent_at, name, estimated_at, paid_at, back_at, contradicted_at, due_at, asked) '
                    || 'on payout to %I', '${appRole}');
        execute format('grant select, insert on payout_cancellation to %I', '${appRole}');
    end if;
end
$$;
