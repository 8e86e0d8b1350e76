-- What operators do about single customers and transfers. Owner classes: kvit.identity.Customers,
-- kvit.rules.LimitOverrideStore, kvit.rules.LimitStore of the counters, kvit.transfer.ReversalStore,
-- kvit.dispute.EvidenceStore, kvit.dispute.DisputeCreditStore.

-- When they were frozen last, also of one who is not any more: whoever asks to let their money move asks of
-- this freeze and of no later one.
alter table customer add column frozen_at timestamptz;

-- Other bounds than a limit's own, for one person and for a time. Of one limit of one person the last one
-- counts, as long as its time lasts, and none before it.
create table limit_override (
    id          uuid        primary key,
    customer    uuid        not null references customer (id),
    rule        text        not null check (rule <> ''),
    operation   text        not null check (operation in ('SEND', 'RECEIVE', 'TOP_UP', 'PAY_OUT')),
    currency    text        not null check (currency ~ '^[A-Z]{3}$'),
    -- Null is what the rule says.
    max         bigint      check (max between 0 and 9007199254740991),
    count       bigint      check (count between 0 and 9007199254740991),
    since       timestamptz not null,
    until       timestamptz not null,
    reason      text        not null check (reason <> ''),
    proposed_by text        not null,
    approved_by text        not null,
    constraint limit_override_bounds check (num_nonnulls(max, count) > 0),
    constraint limit_override_time check (until > since and until <= since + interval '8784 hours'),
    constraint limit_override_four_eyes check (approved_by <> proposed_by)
);

create index limit_override_of on limit_override (customer, currency, operation, rule, since desc, id desc);
create index limit_override_customer on limit_override (customer, id);

create trigger limit_override_stays before update or delete or truncate on limit_override
    for each statement execute function refuse_change();

-- Those in force when the last one was approved, in the row that every decision has under lock anyway.
alter table limit_counter
    add column overrides jsonb check (jsonb_typeof(overrides) = 'array');

-- Transfers that two operators have taken back. The money goes as a refund does, which is a transfer of its
-- own; here is whose doing it was.
create table reversal (
    -- Of which: one is taken back once.
    transfer    uuid        primary key,
    -- The refund that it was, and the posting's id.
    id          uuid        not null unique,
    reason      text        not null check (reason <> ''),
    proposed_by text        not null,
    approved_by text        not null,
    at          timestamptz not null,
    constraint reversal_four_eyes check (approved_by <> proposed_by)
);

create trigger reversal_stays before update or delete or truncate on reversal
    for each statement execute function refuse_change();

-- How operators find transfers. Partial, so that whoever gives no reference, and nothing back, pays for
-- neither.
create index transfer_refund_of on transfer (refund_of) where refund_of is not null;
create index transfer_reference on transfer (reference, id) where reference is not null;

-- What speaks for us in a dispute: texts, and files that are small enough for a request. What was added
-- stays, because it may have been handed in.
create table dispute_evidence (
    id         uuid        primary key,
    dispute    uuid        not null references dispute (id),
    text       text        check (char_length(text) between 1 and 4000),
    name       text        check (char_length(name) between 1 and 200),
    media_type text        check (media_type in ('application/pdf', 'image/jpeg', 'image/png', 'text/plain')),
    content    bytea       check (octet_length(content) <= 40960),
    added_by   text        not null check (added_by <> ''),
    added_at   timestamptz not null,
    check (num_nonnulls(name, media_type, content) in (0, 3)),
    check (num_nonnulls(text, content) > 0)
);

create index dispute_evidence_of on dispute_evidence (dispute, id);

-- That it was handed in; it is, once, and nothing is added after that.
create table dispute_submission (
    dispute      uuid        primary key references dispute (id),
    submitted_by text        not null check (submitted_by <> ''),
    submitted_at timestamptz not null
);

create function evidence_is_complete() returns trigger language plpgsql as $$
begin
    if exists (select from dispute_submission where dispute = new.dispute) then
        raise exception 'the evidence of dispute % was handed in', new.dispute
            using errcode = 'check_violation', constraint = 'evidence_is_complete';
    end if;
    return new;
end
$$;

create trigger evidence_is_complete before insert on dispute_evidence
    for each row execute function evidence_is_complete();
create trigger dispute_evidence_stays before update or delete or truncate on dispute_evidence
    for each statement execute function refuse_change();
create trigger dispute_submission_stays before update or delete or truncate on dispute_submission
    for each statement execute function refuse_change();

-- Our own money, in the wallet of somebody whose own is held for a dispute, and that it was taken back. Each
-- once, by two operators.
create table dispute_credit (
    dispute     uuid        primary key references dispute (id),
    -- Of the posting.
    id          uuid        not null unique,
    minor       bigint      not null check (minor > 0),
    currency    text        not null check (currency ~ '^[A-Z]{3}$'),
    reason      text        not null check (reason <> ''),
    proposed_by text        not null,
    approved_by text        not null,
    at          timestamptz not null,
    constraint dispute_credit_four_eyes check (approved_by <> proposed_by)
);

create table dispute_credit_return (
    dispute     uuid        primary key references dispute_credit (dispute),
    reason      text        not null check (reason <> ''),
    proposed_by text        not null,
    approved_by text        not null,
    at          timestamptz not null,
    constraint dispute_credit_return_four_eyes check (approved_by <> proposed_by)
);

create trigger dispute_credit_stays before update or delete or truncate on dispute_credit
    for each statement execute function refuse_change();
create trigger dispute_credit_return_stays before update or delete or truncate on dispute_credit_return
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert on dispute_credit, dispute_credit_return to %I', '${appRole}');
        execute format('grant select, insert on dispute_evidence, dispute_submission to %I', '${appRole}');
        execute format('grant select, insert on reversal to %I', '${appRole}');
        execute format('grant select, insert on limit_override to %I', '${appRole}');
    end if;
end
$$;
