-- Cards, and the requests that added them. Owner classes: kvit.card.CardStore, kvit.card.EnrolmentStore, and
-- kvit.identity.ConfirmationStore for the codes.

create table card (
    id           uuid        primary key,
    customer     uuid        not null references customer (id),
    state        text        not null
        check (state in ('PENDING_VERIFICATION', 'ACTIVE', 'REMOVED', 'EXPIRED', 'DECLINED')),
    brand        text        not null check (brand ~ '^[A-Z]+$'),
    last4        text        not null check (last4 ~ '^[0-9]{4}$'),
    -- The first of the last month that it is good for.
    expiry       date        not null check (extract(day from expiry) = 1),
    -- Number and holder, by the card's own data key; and that, by the key of kvit.card.keys of this version.
    sealed       bytea,
    wrapped_key  bytea,
    key_version  integer     check (key_version > 0),
    -- HMAC of the number under a key that is not here, to know it again. Whoever has that key, too, finds
    -- the number by trying; so it ends with the card. What older backups and write-ahead logs have of it
    -- they keep, because that key is not replaced: it is gone when they are.
    fingerprint  bytea       check (octet_length(fingerprint) = 32),
    -- Whether nobody else may have the same number; as it was configured when the card was added.
    exclusive    boolean     not null,
    -- Of the five cards that somebody may have, which this is; none once it is no use to anybody.
    slot         integer     check (slot between 1 and 5),
    -- The processor's name for it.
    reference    text        check (reference <> ''),
    -- Where its money comes from, as the processor says: rules depend on it.
    funding      text        check (funding in ('DEBIT', 'CREDIT', 'PREPAID', 'UNKNOWN')),
    created_at   timestamptz not null,
    activated_at timestamptz,
    ended_at     timestamptz,
    end_reason   text        check (end_reason <> ''),
    -- What has ended has nothing left of its number: destroying the key is deleting the card.
    constraint card_sealed check (
        num_nonnulls(sealed, wrapped_key, key_version, fingerprint)
            = case when state in ('PENDING_VERIFICATION', 'ACTIVE') then 4 else 0 end),
    -- Also for the list of somebody's cards.
    constraint card_of_customer unique (customer, id),
    constraint card_registered check ((reference is null) = (funding is null)),
    constraint card_slot_living check (slot is null or state in ('PENDING_VERIFICATION', 'ACTIVE')),
    constraint card_ended check (
        (state in ('PENDING_VERIFICATION', 'ACTIVE')) = (ended_at is null)
        and (ended_at is null) = (end_reason is null)),
    constraint card_active check (
        (state <> 'ACTIVE' or activated_at is not null)
        and (state not in ('PENDING_VERIFICATION', 'EXPIRED', 'DECLINED') or activated_at is null)
        and (activated_at is null or reference is not null))
);

-- Five cards at the most, however many are added at the same moment.
create unique index card_slot on card (customer, slot) where slot is not null;
-- One number once per person, and once for all where it is exclusive.
create unique index card_number on card (customer, fingerprint) where fingerprint is not null;
-- This one asks who else has it, of all people, so it does not begin with the customer.
create unique index card_number_exclusive on card (fingerprint) where exclusive and fingerprint is not null;
create index card_abandoned on card (created_at) where state = 'PENDING_VERIFICATION';
-- For the rotation of keys, which asks what is left to do.
create index card_key_version on card (key_version, id) where wrapped_key is not null;

-- A card never changes hands or numbers, and what has ended stays ended.
create function card_moves() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array[
        'state', 'sealed', 'wrapped_key', 'key_version', 'fingerprint', 'slot', 'reference', 'funding',
        'activated_at', 'ended_at', 'end_reason'];
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

create trigger card_moves before update on card for each row execute function card_moves();
create trigger card_stays before delete or truncate on card
    for each statement execute function refuse_change();

-- Whoever has ever asked to add a card. Nothing is in it: its row is what a customer's requests queue at, so
-- that each is counted after the one before it.
create table card_applicant (
    customer uuid primary key references customer (id)
);

-- The record of an idempotency key: what it stood for, and what was answered. It stays for good, so nothing
-- in it comes of the number: whether a request is the same is told by the card, as long as that has one.
create table card_enrolment (
    customer      uuid        not null references customer (id),
    key           text        not null check (char_length(key) between 1 and 255),
    -- None where it was refused at once.
    card          uuid,
    created_at    timestamptz not null,
    -- Until when the request that asks the processor has the say; then the next one has it.
    asked_until   timestamptz,
    -- The first answer, word for word; none yet while the processor is asked, or if that was cut off.
    answer_status smallint,
    answer        text,
    primary key (customer, key),
    constraint card_enrolment_own_card foreign key (customer, card) references card (customer, id),
    constraint card_enrolment_answer check ((answer_status is null) = (answer is null)),
    constraint card_enrolment_asked check (answer is null or asked_until is null),
    constraint card_enrolment_card check (card is not null or answer is not null)
);

-- How many somebody has tried lately.
create index card_enrolment_customer on card_enrolment (customer, created_at);

create function card_enrolment_is_answered_once() returns trigger language plpgsql as $$
declare
    answer constant text[] := array['answer_status', 'answer', 'asked_until'];
begin
    if old.answer is not null or (to_jsonb(new) - answer) <> (to_jsonb(old) - answer) then
        raise exception 'an enrolment is answered once'
            using errcode = 'check_violation', constraint = 'card_enrolment_is_answered_once';
    end if;
    return new;
end
$$;

create trigger card_enrolment_is_answered_once before update on card_enrolment
    for each row execute function card_enrolment_is_answered_once();
create trigger card_enrolment_stays before delete or truncate on card_enrolment
    for each statement execute function refuse_change();

-- A code confirms a payment, by its amount and its payee, or a card, by its last digits.
alter table confirmation
    alter column amount drop not null,
    alter column payee drop not null,
    add column card_last4 text check (card_last4 ~ '^[0-9]{4}$'),
    add constraint confirmation_subject check (
        case when card_last4 is null then num_nonnulls(amount, payee) = 2
             else num_nonnulls(amount, payee) = 0 end);

-- What people may do through a front end has one more word. The web is the one that may do all there is; of
-- all others it was decided what they may, so for them this is to be decided too.
alter table client_app
    drop constraint client_app_scopes,
    add constraint client_app_scopes check (
        scopes <@ array['profile', 'wallet', 'transfers.read', 'transfers.send', 'cards']);
update client_app set scopes = array_append(scopes, 'cards') where id = 'web';

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (state, sealed, wrapped_key, key_version, fingerprint, '
                    || 'slot, reference, funding, activated_at, ended_at, end_reason) on card to %I',
                       '${appRole}');
        execute format('grant select, insert, update on card_applicant to %I', '${appRole}');
        execute format('grant select, insert, update (answer_status, answer, asked_until) on card_enrolment '
                    || 'to %I', '${appRole}');
    end if;
end
$$;
