-- Disputes that are won and withdrawn again, and what is held for them. Owner classes:
-- kvit.dispute.DisputeStore, kvit.card.Notices.

-- What was won may be taken once more, and won once more: each time is a row of its own, with its own
-- posting, hold and end. Which round a notice belongs to is told by when it happened at the processor.
alter table dispute
    add column round smallint not null default 1 check (round > 0),
    -- The hold on the wallet: the dispute's own id at first, another one when more could be held.
    add column hold uuid,
    -- When the processor gave the money back, by its clock.
    add column reversed_at timestamptz,
    drop constraint dispute_once,
    add constraint dispute_once unique (processor, name, round),
    add constraint dispute_reversed check (reversed_at is null or state = 'WON');

alter table dispute disable trigger dispute_ends_once;
update dispute set hold = id where held > 0;
alter table dispute enable trigger dispute_ends_once;

alter table dispute add constraint dispute_hold check ((held > 0) = (hold is not null));

-- Those that what comes back from a payout is held for.
create index dispute_lacking on dispute (customer, currency) where state = 'RECEIVED' and held < minor;

-- While it is open, more may come to be held. What is lost may be won late; nothing else comes after an end.
create or replace function dispute_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'lost_at', 'won_at', 'reversed_at']
        || case when old.state = 'RECEIVED' and new.state = 'RECEIVED' then array['held', 'hold']
                else array[]::text[] end;
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or new.held < old.held
        or old.state = 'WON' or (old.state = 'LOST' and new.state <> 'WON')
        or (old.lost_at is not null and new.lost_at is distinct from old.lost_at) then
        raise exception 'dispute % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'dispute_ends_once';
    end if;
    return new;
end
$$;

-- Two notices that say the same of a refund are one. Of a dispute they may be two rounds: that is for
-- whoever acts on them.
drop index processor_notice_once;
create unique index processor_notice_once on processor_notice (processor, kind, name)
    where kind in ('REFUND_SETTLED', 'REFUND_FAILED');

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (held, hold, reversed_at) on dispute to %I', '${appRole}');
    end if;
end
$$;
