-- Whether and by what name money goes out to a card. Owner class: kvit.card.CardStore.

alter table card
    -- The processor's name for it as what is paid out to; another one than what is charged, maybe.
    add column payout_reference text check (payout_reference <> ''),
    -- Why nothing can go out to it: a word of ours, or the processor's.
    add column payout_refusal   text check (payout_refusal <> ''),
    add constraint card_way_out check (
        num_nonnulls(payout_reference, payout_refusal) <= 1
        and (reference is not null or num_nonnulls(payout_reference, payout_refusal) = 0));

-- Somebody's next card is set up beside those of before, which may have ended.
create index card_paid_out_to on card (customer, id) where payout_reference is not null;

-- A card never changes hands or numbers, and what has ended stays ended.
create or replace function card_moves() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array[
        'state', 'sealed', 'wrapped_key', 'key_version', 'fingerprint', 'slot', 'reference', 'funding',
        'payout_reference', 'payout_refusal', 'activated_at', 'ended_at', 'end_reason'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.ended_at is not null and to_jsonb(new) <> to_jsonb(old))
        or (new.sealed is not null and new.sealed <> old.sealed)
        or (new.fingerprint is not null and new.fingerprint <> old.fingerprint)
        or (new.state <> old.state and not case old.state
            when 'PENDING_VERIFICATION' then true
            when 'ACTIVE' then new.state = 'REMOVED'
            else false end) then
        raise exception 'card % does not become that', old.id
            using errcode = 'check_violation', constraint = 'card_moves';
    end if;
    return new;
end
$$;

-- The simulator's name for a card is good for both. At Stripe those of before are charged and no more.
update card
   set payout_reference = case when reference like 'sim\_%' then reference end,
       payout_refusal = case when reference like 'sim\_%' then null else 'not_offered' end
 where reference is not null and ended_at is null;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (payout_reference, payout_refusal) on card to %I', '${appRole}');
    end if;
end
$$;
