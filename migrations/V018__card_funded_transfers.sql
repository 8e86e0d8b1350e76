-- Transfers that a card pays for: it is charged first, and the money comes in with the transfer or goes back.
-- Owner classes: kvit.transfer.TransferStore, kvit.topup.TopUpStore.

alter table transfer
    -- Which card pays, by whose choice, and how much of it; none of one that the wallet pays for.
    add column funding jsonb,
    -- What a card pays for is answered when it is known whether it did, or when somebody asks again before.
    alter column answer_status drop not null,
    alter column answer drop not null,
    drop constraint transfer_state,
    drop constraint transfer_waits,
    add constraint transfer_state check (state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING',
                                                   'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED',
                                                   'REFUNDED')),
    add constraint transfer_waits check (state in ('CHARGING', 'COMPLETED', 'DECLINED', 'REFUNDED')
                                         or (expires_at is not null and limits is not null)),
    add constraint transfer_charging check (state <> 'CHARGING' or num_nonnulls(funding, limits) = 2),
    add constraint transfer_answer check ((answer is null) = (answer_status is null)
                                          and (answer is not null or funding is not null));

-- As before, and: what is being charged comes to one end, and what has no answer yet is given one.
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
        or (new.state <> old.state and not case old.state
            when 'REQUIRES_CONFIRMATION' then
                new.state in ('PENDING', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'PENDING' then new.state in ('COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED')
            when 'CHARGING' then new.state in ('COMPLETED', 'DECLINED')
            when 'COMPLETED' then new.state = 'REFUNDED'
            else false end) then
        raise exception 'transfer % is final', old.id
            using errcode = 'check_violation', constraint = 'transfer_is_final';
    end if;
    return new;
end
$$;

-- What a payer's cards are being charged for counts like what has moved; there is hardly ever any.
create index transfer_charging_of on transfer (payer) where state = 'CHARGING';

-- A charge for a transfer is the same machine as a top-up; its key and its answer are the transfer's.
alter table top_up
    add column transfer uuid,
    alter column key drop not null,
    alter column fingerprint drop not null,
    add constraint top_up_transfer unique (transfer),
    add constraint top_up_of_one check (num_nonnulls(key, transfer) = 1
                                        and (key is null) = (fingerprint is null)
                                        and (transfer is null or answer is null));

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (answer, answer_status) on transfer to %I', '${appRole}');
    end if;
end
$$;
