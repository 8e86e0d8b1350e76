-- Card money that is contested while it waits for its payee, or while it goes back. Owner classes:
-- kvit.dispute.DisputeStore, kvit.topup.ChargeReturnStore, kvit.transfer.TransferStore; of closings
-- kvit.closing.ClosingStore.

-- The processor takes what is contested by itself, so nobody may send it to the card once more.
create function charge_return_uncontested() returns trigger language plpgsql as $$
begin
    if exists (select from dispute
                where customer = new.customer and top_up = new.id and state in ('RECEIVED', 'LOST')) then
        raise exception 'the charge of % is contested, and does not go back', new.id
            using errcode = 'check_violation', constraint = 'charge_return_uncontested';
    end if;
    return new;
end
$$;

create trigger charge_return_uncontested before insert on charge_return
    for each row execute function charge_return_uncontested();

-- Nor may anybody claim it: what it was to pay for has come to nothing in the same transaction.
create function dispute_ends_waiting() returns trigger language plpgsql as $$
begin
    if exists (select from top_up t
                 join transfer o on o.payer = t.customer and o.id = t.transfer
                where t.customer = new.customer and t.id = new.top_up
                  and o.state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING', 'UNCLAIMED')) then
        raise exception 'the charge of % is contested, and its money still waits for somebody', new.top_up
            using errcode = 'check_violation', constraint = 'dispute_ends_waiting';
    end if;
    return new;
end
$$;

create trigger dispute_ends_waiting before insert on dispute
    for each row execute function dispute_ends_waiting();

-- While it is open, more may come to be held; of one that is lost, more may come to be taken, where a refund
-- comes back. What is lost may be won late; nothing else comes after an end.
create or replace function dispute_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'lost_at', 'won_at', 'reversed_at']
        || case when old.state = new.state then array['held', 'hold'] else array[]::text[] end;
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or new.held < old.held
        or old.state = 'WON'
        or (old.state = 'LOST' and new.state <> 'WON' and not (new.state = 'LOST' and new.held > old.held))
        or (old.lost_at is not null and new.lost_at is distinct from old.lost_at) then
        raise exception 'dispute % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'dispute_ends_once';
    end if;
    return new;
end
$$;

-- Whether it has waited for its payee, who has seen it then and sees what becomes of it.
alter table transfer add column awaited boolean not null default false;

-- As before, and: what has waited for its payee says so from then on.
create or replace function transfer_is_final() returns trigger language plpgsql as $$
declare
    waits constant boolean := old.state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING', 'UNCLAIMED');
    may_change text[] := case when waits
        then array['state', 'decline_code', 'completed_at', 'expires_at', 'reviewed_by', 'review_reason']
        else array['state', 'refunded'] end;
begin
    -- By a replica of the version before, too.
    if old.state = 'UNCLAIMED' and new.state <> 'UNCLAIMED' then
        new.awaited := true;
    end if;
    if old.answer is null then
        may_change := may_change || array['answer', 'answer_status'];
    end if;
    if old.state = 'UNCLAIMED' then
        may_change := may_change || array['review', 'limits', 'awaited']
            || case when old.payee is null then array['payee'] else array[]::text[] end;
    end if;
    if new.refunded < old.refunded
        or (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.review and not new.review)
        or (new.review <> old.review and new.state <> 'PENDING')
        or (old.awaited and not new.awaited)
        or (new.awaited and not old.awaited and new.state = old.state)
        or (old.state = 'UNCLAIMED' and new.completed_at >= old.expires_at)
        or (old.reviewed_by is not null and (new.reviewed_by, new.review_reason)
                                            is distinct from (old.reviewed_by, old.review_reason))
        or (new.state <> old.state and not case old.state
            when 'REQUIRES_CONFIRMATION' then
                new.state in ('PENDING', 'CHARGING', 'UNCLAIMED', 'COMPLETED', 'DECLINED', 'CANCELLED',
                              'EXPIRED')
            when 'PENDING' then
                new.state in ('CHARGING', 'UNCLAIMED', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'CHARGING' then new.state in ('UNCLAIMED', 'COMPLETED', 'DECLINED')
            when 'UNCLAIMED' then
                new.state in ('PENDING', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'COMPLETED' then new.state = 'REFUNDED'
            else false end) then
        raise exception 'transfer % is final', old.id
            using errcode = 'check_violation', constraint = 'transfer_is_final';
    end if;
    return new;
end
$$;

-- Whatever was sent to a number, for whoever is asked about it; what waits for it is few of that.
create index transfer_to_phone on transfer (phone, id) where phone is not null;

-- Money may also come for somebody who is forgotten, and then it has to be found as well. Nobody is forgotten
-- while they are owed any.
alter table closing
    drop constraint closing_forgotten,
    add constraint closing_forgotten check (forgotten_at is null or state in ('CLOSED', 'OWED'));

create or replace function closing_moves() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'closed_at', 'withdrawn_at', 'forgotten_at', 'due_at'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.closed_at is not null and new.closed_at is distinct from old.closed_at)
        or (new.forgotten_at is distinct from old.forgotten_at
            and (old.forgotten_at is not null or new.state <> 'CLOSED'))
        or (new.state <> old.state and not case old.state
            when 'CLOSING' then new.state in ('CLOSED', 'WITHDRAWN')
            when 'CLOSED' then new.state = 'OWED'
            when 'OWED' then new.state = 'CLOSED'
            else false end) then
        raise exception 'closing % does not become that', old.id
            using errcode = 'check_violation', constraint = 'closing_moves';
    end if;
    return new;
end
$$;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (awaited) on transfer to %I', '${appRole}');
    end if;
end
$$;
