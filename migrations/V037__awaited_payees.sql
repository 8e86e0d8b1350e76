-- Transfers to a phone that is nobody's yet, or to somebody who has to add a card first: they wait for their
-- payee, and go back by themselves. Owner classes: kvit.transfer.TransferStore and kvit.rules.RuleStore.

-- One more kind of rule: how long money waits for its payee, and whether it waits for a card of theirs.
alter table rule
    drop constraint rule_kind_check,
    add constraint rule_kind_check
        check (kind in ('SANCTION', 'COUNTRY', 'CLOSURE', 'CHANNEL', 'CORRIDOR', 'CURRENCY', 'AGE', 'AMOUNT',
                        'LIMIT', 'INSTRUMENT', 'CONFIRMATION', 'ARRIVAL')),
    add constraint rule_arrivals check (
        case when kind = 'ARRIVAL'
             then effect = 'ALLOW' or coalesce(condition ->> 'requires' = 'CARD', false)
             else condition ->> 'requires' is distinct from 'CARD' end);

alter table transfer
    -- To whom it was sent, in E.164, where that was nobody's; stays when somebody has claimed it.
    add column phone text check (phone ~ '^[+][0-9]{1,15}$'),
    drop constraint transfer_state,
    drop constraint transfer_check2,
    add constraint transfer_state check (state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING',
                                                   'UNCLAIMED', 'COMPLETED', 'DECLINED', 'CANCELLED',
                                                   'EXPIRED', 'REFUNDED')),
    -- Only what has not moved is without a payee, and only where a phone stands for one.
    add constraint transfer_payee check (
        state = 'DECLINED'
        or coalesce(payee <> payer, phone is not null and state not in ('COMPLETED', 'REFUNDED'))),
    -- Money that is given back goes to somebody who was there.
    add constraint transfer_phone check (phone is null or refund_of is null);

drop index transfer_expiring;
create index transfer_expiring on transfer (expires_at)
    where state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED');

-- What of a payer's may move yet on their word alone.
drop index transfer_charging_of;
create index transfer_under_way on transfer (payer) where state in ('CHARGING', 'UNCLAIMED');

-- What waits for whoever has just proved a phone, or added a card. There is hardly ever any.
create index transfer_for_phone on transfer (phone) where state = 'UNCLAIMED' and phone is not null;
create index transfer_for_payee on transfer (payee) where state = 'UNCLAIMED' and payee is not null;

-- As before, and: what waits for its payee gets one, once, and in time. A review may turn out to be needed
-- when it is known who that is.
create or replace function transfer_is_final() returns trigger language plpgsql as $$
declare
    waits constant boolean := old.state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING', 'UNCLAIMED');
    may_change text[] := case when waits
        then array['state', 'decline_code', 'completed_at', 'expires_at', 'reviewed_by', 'review_reason']
        else array['state', 'refunded'] end;
begin
    if old.answer is null then
        may_change := may_change || array['answer', 'answer_status'];
    end if;
    if old.state = 'UNCLAIMED' then
        may_change := may_change || case when old.payee is null then array['payee', 'review', 'limits']
                                         else array['review', 'limits'] end;
    end if;
    if new.refunded < old.refunded
        or (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.review and not new.review)
        or (new.review <> old.review and new.state <> 'PENDING')
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

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (payee, review, limits) on transfer to %I', '${appRole}');
    end if;
end
$$;
