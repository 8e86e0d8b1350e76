-- What the card processor tells us, and what the sandbox's own processor remembers. Owner classes in
-- kvit.card: Notices and SimulatedStore.

-- Notices of the processor, by its own id for them: one that is delivered twice is one. No card data in here.
create table processor_notice (
    processor   text        not null check (processor <> ''),
    id          text        not null check (id <> ''),
    kind        text        not null
        check (kind in ('CHARGE_SETTLED', 'CHARGE_FAILED', 'CHARGEBACK', 'CHARGEBACK_REVERSED',
                        'REFUND_SETTLED', 'REFUND_FAILED', 'PAYOUT_PAID', 'PAYOUT_FAILED')),
    -- The id that we gave to what it is about; a dispute knows only the processor's name for the charge.
    operation   uuid,
    name        text        not null check (name <> ''),
    -- The processor's name for a dispute.
    dispute     text        check (dispute <> ''),
    minor       bigint      check (minor > 0),
    currency    text,
    code        text,
    at          timestamptz not null,
    received_at timestamptz not null,
    primary key (processor, id),
    check ((kind in ('CHARGEBACK', 'CHARGEBACK_REVERSED')) = (operation is null)),
    check ((operation is null) = (dispute is not null)),
    check ((minor is null) = (currency is null)),
    check ((kind in ('CHARGE_SETTLED', 'CHARGEBACK', 'CHARGEBACK_REVERSED')) = (minor is not null)),
    check ((kind in ('CHARGE_FAILED', 'CHARGEBACK', 'REFUND_FAILED', 'PAYOUT_FAILED')) = (code is not null))
);

-- One dispute, and one refund, can become several notices with ids of their own; what they say happens once.
create unique index processor_notice_once on processor_notice (processor, kind, coalesce(dispute, name))
    where kind in ('CHARGEBACK', 'CHARGEBACK_REVERSED', 'REFUND_SETTLED', 'REFUND_FAILED');

create trigger processor_notice_stays before update or delete or truncate on processor_notice
    for each statement execute function refuse_change();

-- Those that nobody has acted on yet; whoever does deletes the row in the same transaction. A table of its
-- own, so that looking for work takes as long in the tenth year as on the first day.
create table processor_notice_waiting (
    processor text        not null,
    id        text        not null,
    since     timestamptz not null,
    primary key (processor, id),
    foreign key (processor, id) references processor_notice
);

create index processor_notice_waiting_since on processor_notice_waiting (since, id);

-- Used in sandbox mode only: the books of another party, which have nothing to do with ours.
create table simulated_operation (
    id       uuid        primary key,
    kind     text        not null check (kind in ('CHARGE', 'PUSH', 'REFUND')),
    -- The card's reference, which holds no number; of a refund the name of the charge.
    subject  text        not null,
    minor    bigint      not null check (minor > 0),
    currency text        not null,
    speed    text        check (speed in ('STANDARD', 'INSTANT')),
    name     text        not null unique,
    refusal  text,
    at       timestamptz not null,
    later    text        check (later in ('PAID', 'RETURNED', 'CHARGED_BACK')),
    later_at timestamptz,
    -- Whether what came later was told by a notice.
    told     boolean     not null default false,
    check ((kind = 'PUSH') = (speed is not null)),
    check ((later is null) = (later_at is null)),
    check (later is null or refusal is null)
);

create index simulated_operation_at on simulated_operation (at, id);
create index simulated_operation_refunds on simulated_operation (subject) where kind = 'REFUND';
create index simulated_operation_later on simulated_operation (later_at)
    where later_at is not null and not told;

-- What shall go wrong there, once each.
create table simulated_fault (
    id    uuid primary key,
    fault text not null,
    -- The subject of the call that it is meant for; null: any.
    card  text
);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert on processor_notice to %I', '${appRole}');
        execute format('grant select, insert, delete on processor_notice_waiting to %I', '${appRole}');
        -- Updating what was told is also what allows the lock on a charge while it is given back.
        execute format('grant select, insert, update (told) on simulated_operation to %I', '${appRole}');
        execute format('grant select, insert, update, delete on simulated_fault to %I', '${appRole}');
    end if;
end
$$;
