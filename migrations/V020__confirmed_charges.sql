-- Transfers that a card pays for may wait: the card is charged when its owner has confirmed, or somebody has
-- looked at it. Owner classes: kvit.transfer.TransferStore, kvit.topup.TopUpStore.

-- As before, and: what has waited may be charged next.
create or replace function transfer_is_final() returns trigger language plpgsql as $$
declare
    waits constant boolean := old.state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING');
    may_change text[] := case when waits
        then array['state', 'decline_code', 'completed_at', 'expires_at', 'reviewed_by', 'review_reason']
        else array['state', 'refunded'] end;
begin
    if old.answer is null then
        may_change := may_change || array['answer', 'answer_status'];
    end if;
    if new.refunded < old.refunded
        or (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.reviewed_by is not null and (new.reviewed_by, new.review_reason)
                                            is distinct from (old.reviewed_by, old.review_reason))
        or (new.state <> old.state and not case old.state
            when 'REQUIRES_CONFIRMATION' then
                new.state in ('PENDING', 'CHARGING', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'PENDING' then new.state in ('CHARGING', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'CHARGING' then new.state in ('COMPLETED', 'DECLINED')
            when 'COMPLETED' then new.state = 'REFUNDED'
            else false end) then
        raise exception 'transfer % is final', old.id
            using errcode = 'check_violation', constraint = 'transfer_is_final';
    end if;
    return new;
end
$$;

-- A charge is for a transfer of the card's owner. There was no foreign key because the charge was written
-- before the transfer. Both rows are one customer's; that of the transfer is locked anyway by whoever writes
-- the charge, and no update of either looks at the key again.
alter table top_up
    add constraint top_up_pays foreign key (customer, transfer) references transfer (payer, id);

-- Only the end of its charge ends what is CHARGING, so that without one its money would be held for ever. At
-- the COMMIT, because the transfer is written first.
create function transfer_has_charge() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    if not exists (select from top_up where transfer = new.id and customer = new.payer) then
        raise exception 'nothing is charged for transfer %', new.id
            using errcode = 'check_violation', constraint = 'transfer_has_charge';
    end if;
    return null;
end
$$;

create constraint trigger transfer_has_charge after insert or update of state on transfer
    deferrable initially deferred for each row
    when (new.state = 'CHARGING')
    execute function transfer_has_charge();
