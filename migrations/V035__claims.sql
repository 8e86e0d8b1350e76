-- What customers claim of transfers between wallets. Owner classes: kvit.claim.ClaimStore, ClaimPolicies and
-- ClaimCreditStore.

-- What a country wants of a claim; '*' is every other one. Days of the first deadline are business days of
-- that country, those of the last one are days.
create table claim_policy (
    country         text     not null check (country ~ '^([A-Z]{2}|\*)$'),
    kind            text     not null check (kind in ('UNAUTHORISED', 'WRONG')),
    first_days      smallint not null check (first_days > 0),
    due             text     not null check (due in ('REFUND', 'CREDIT', 'ANSWER')),
    last_days       smallint check (last_days > first_days),
    legal_reference text     not null check (legal_reference <> ''),
    primary key (country, kind),
    check ((due = 'CREDIT') = (last_days is not null))
);

insert into claim_policy (country, kind, first_days, due, last_days, legal_reference)
select 'US', kind, 10, 'CREDIT', 45, '12 CFR 1005.11(c)(1) and (2), Regulation E (unchecked)'
  from unnest(array['UNAUTHORISED', 'WRONG']) kind
union all
select country, 'UNAUTHORISED', 1, 'REFUND', null, 'Directive (EU) 2015/2366, Art. 73(1) (unchecked)'
  from unnest(array['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE',
                    'IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'])
       country
union all
select country, 'WRONG', 15, 'ANSWER', null, 'Directive (EU) 2015/2366, Art. 101(2) (unchecked)'
  from unnest(array['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE',
                    'IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'])
       country
union all
select 'GB', 'UNAUTHORISED', 1, 'REFUND', null, 'Payment Services Regulations 2017, reg. 76 (unchecked)'
union all
select 'GB', 'WRONG', 15, 'ANSWER', null, 'Payment Services Regulations 2017, reg. 101 (unchecked)'
union all
select '*', kind, 15, 'ANSWER', null, 'A product decision.'
  from unnest(array['UNAUTHORISED', 'WRONG']) kind;

create table claim (
    id              uuid        primary key,
    transfer        uuid        not null,
    -- Who has paid.
    customer        uuid        not null references customer (id),
    minor           bigint      not null check (minor > 0),
    currency        text        not null check (currency ~ '^[A-Z]{3}$'),
    kind            text        not null check (kind in ('UNAUTHORISED', 'WRONG')),
    statement       text        not null check (char_length(statement) between 1 and 2000),
    -- The policy as it was that day.
    country         text        not null check (country ~ '^[A-Z]{2}$'),
    due             text        not null check (due in ('REFUND', 'CREDIT', 'ANSWER')),
    legal_reference text        not null,
    state           text        not null
        check (state in ('RECEIVED', 'INVESTIGATING', 'ACCEPTED', 'REJECTED')),
    opened_at       timestamptz not null,
    opened_by       text        not null check (opened_by <> ''),
    deadline        timestamptz not null,
    last_at         timestamptz,
    ended_at        timestamptz,
    way             text        check (way in ('LOSSES', 'REVERSAL')),
    check ((state in ('ACCEPTED', 'REJECTED')) = (ended_at is not null)),
    check ((state = 'ACCEPTED') = (way is not null))
);

-- What was accepted was given, so nobody is given it once more.
create unique index claim_standing on claim (transfer) where state <> 'REJECTED';
create index claim_due on claim (deadline, id);
create index claim_customer on claim (customer, deadline, id);
create index claim_transfer on claim (transfer);

-- Our own money, in the wallet of somebody whose claim takes its time, and that it was taken back. Each
-- once, by two operators.
create table claim_credit (
    claim       uuid        primary key references claim (id),
    -- Of the posting.
    id          uuid        not null unique,
    minor       bigint      not null check (minor > 0),
    currency    text        not null check (currency ~ '^[A-Z]{3}$'),
    reason      text        not null check (reason <> ''),
    proposed_by text        not null,
    approved_by text        not null,
    at          timestamptz not null,
    constraint claim_credit_four_eyes check (approved_by <> proposed_by)
);

create table claim_credit_return (
    claim       uuid        primary key references claim_credit (claim),
    reason      text        not null check (reason <> ''),
    proposed_by text        not null,
    approved_by text        not null,
    at          timestamptz not null,
    constraint claim_credit_return_four_eyes check (approved_by <> proposed_by)
);

-- Received, investigated, and then one end; what is rejected leaves nothing of ours behind.
create function claim_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'deadline', 'ended_at', 'way'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or old.state in ('ACCEPTED', 'REJECTED')
        or (old.state = 'RECEIVED' and new.state in ('ACCEPTED', 'REJECTED'))
        or (old.state = 'INVESTIGATING' and new.state = 'RECEIVED')
        or new.deadline < old.deadline then
        raise exception 'claim % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'claim_ends_once';
    end if;
    if (new.state = 'REJECTED' or new.way = 'REVERSAL')
        and exists (select from claim_credit c
                     where c.claim = new.id
                       and not exists (select from claim_credit_return r where r.claim = c.claim)) then
        raise exception 'claim % ends, and its credit is out', new.id
            using errcode = 'check_violation', constraint = 'claim_keeps_no_credit';
    end if;
    return new;
end
$$;

create trigger claim_ends_once before update on claim for each row execute function claim_ends_once();
-- From us and from the payee would be twice. Whoever accepts it holds the transfer, as whoever reverses it
-- does.
create function reversal_of_what_was_not_made_good() returns trigger language plpgsql as $$
begin
    if exists (select from claim
                where transfer = new.transfer and state = 'ACCEPTED' and way = 'LOSSES') then
        raise exception 'transfer % was made good from our own money', new.transfer
            using errcode = 'check_violation', constraint = 'reversal_made_good';
    end if;
    return new;
end
$$;

create trigger reversal_of_what_was_not_made_good before insert on reversal
    for each row execute function reversal_of_what_was_not_made_good();

create trigger claim_stays before delete or truncate on claim
    for each statement execute function refuse_change();
create trigger claim_credit_stays before update or delete or truncate on claim_credit
    for each statement execute function refuse_change();
create trigger claim_credit_return_stays before update or delete or truncate on claim_credit_return
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select on claim_policy to %I', '${appRole}');
        execute format('grant select, insert, update (state, deadline, ended_at, way) on claim to %I',
                       '${appRole}');
        execute format('grant select, insert on claim_credit, claim_credit_return to %I', '${appRole}');
    end if;
end
$$;
