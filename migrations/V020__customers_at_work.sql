-- What operators do about single customers and transfers. Owner classes: kvit.identity.Customers,
-- kvit.rules.LimitOverrideStore, kvit.rules.LimitStore of the counters, kvit.transfer.ReversalStore.

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

-- How operators find transfers. Partial, so that those who give no reference and nothing back pay for neither.
create index transfer_refund_of on transfer (refund_of) where refund_of is not null;
create index transfer_reference on transfer (reference, id) where reference is not null;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert on reversal to %I', '${appRole}');
        execute format('grant select, insert on limit_override to %I', '${appRole}');
    end if;
end
$$;
