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
