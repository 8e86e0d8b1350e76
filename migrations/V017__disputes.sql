-- What cardholders contest. Owner classes: kvit.dispute.DisputeStore, kvit.card.Notices of what waits and
-- strays there, kvit.ledger.LedgerStore of the accounts.

-- CHARGEBACKS: what the processor has taken back and nobody has borne yet. LOSSES: what we have borne
-- ourselves, because a wallet did not have it any more. Both below zero, and so without a floor.
alter table account
    drop constraint account_kind,
    drop constraint account_kind_floor,
    add constraint account_kind
        check (kind in ('WALLET', 'WORLD', 'CARD_CLEARING', 'PAYOUT_CLEARING', 'FEES', 'CHARGEBACKS',
                        'LOSSES')),
    add constraint account_kind_floor check (
        case when kind in ('WALLET', 'PAYOUT_CLEARING') then floor is not distinct from 0
             else floor is null end);

create table dispute (
    -- Also the id of the hold on the wallet, and of the posting that takes the money back.
    id          uuid        primary key,
    customer    uuid        not null references customer (id),
    card        uuid        not null references card (id),
    -- What the contested charge was for, and the processor's name for it.
    top_up      uuid        not null,
    charge      text        not null check (charge <> ''),
    processor   text        not null check (processor <> ''),
    -- The processor's name for the dispute.
    name        text        not null check (name <> ''),
    minor       bigint      not null check (minor > 0),
    currency    text        not null check (currency ~ '^[A-Z]{3}$'),
    -- What of it the wallet still had, and is held or gone since.
    held        bigint      not null check (held between 0 and minor),
    reason      text        not null,
    state       text        not null check (state in ('RECEIVED', 'WON', 'LOST')),
    -- When the processor has taken the money, and when we heard of it.
    at          timestamptz not null,
    received_at timestamptz not null,
    -- Until when it may be answered; nobody has won it by then, so it is lost.
    deadline    timestamptz not null,
    lost_at     timestamptz,
    won_at      timestamptz,
    constraint dispute_once unique (processor, name),
    foreign key (customer, top_up) references top_up (customer, id),
    check ((state = 'WON') = (won_at is not null)),
    check (case state when 'LOST' then lost_at is not null when 'RECEIVED' then lost_at is null else true end)
);

create index dispute_open on dispute (deadline) where state = 'RECEIVED';
create index dispute_customer on dispute (customer, id);

-- What is lost may be won late; nothing else comes after an end.
create function dispute_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'lost_at', 'won_at'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or old.state = 'WON' or (old.state = 'LOST' and new.state <> 'WON')
        or (old.lost_at is not null and new.lost_at is distinct from old.lost_at) then
        raise exception 'dispute % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'dispute_ends_once';
    end if;
    return new;
end
$$;

create trigger dispute_ends_once before update on dispute for each row execute function dispute_ends_once();
create trigger dispute_stays before delete or truncate on dispute
    for each statement execute function refuse_change();

-- How a notice about a charge finds it before the charge has a name.
create index top_up_id on top_up (id);

-- A notice that nobody knows anything of yet is looked at again later, and stands in nobody's way.
alter table processor_notice_waiting add column due_at timestamptz;
update processor_notice_waiting set due_at = since;
alter table processor_notice_waiting alter column due_at set not null;
create index processor_notice_waiting_due on processor_notice_waiting (due_at);

-- Those that were about nothing of ours in the end. Somebody may look at them; nothing is dropped.
create table processor_notice_stray (
    processor text        not null,
    id        text        not null,
    at        timestamptz not null,
    primary key (processor, id),
    foreign key (processor, id) references processor_notice
);

create trigger processor_notice_stray_stays before update or delete or truncate on processor_notice_stray
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (state, lost_at, won_at) on dispute to %I',
                       '${appRole}');
        execute format('grant update (due_at) on processor_notice_waiting to %I', '${appRole}');
        execute format('grant select, insert on processor_notice_stray to %I', '${appRole}');
    end if;
end
$$;
