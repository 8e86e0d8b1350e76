-- What the processor and the bank say against the books. Owner classes in kvit.reconcile: RuleSets, RunStore,
-- BreakStore; of the accounts kvit.ledger.LedgerStore.

-- BANK: what is at the bank by its statements. PROCESSOR_FEES: what processor and bank have kept. The two
-- accounts of suspense: what is short, and what nobody has claimed. None has a floor: they follow what others
-- say.
alter table account
    drop constraint account_kind,
    add constraint account_kind
        check (kind in ('WALLET', 'WORLD', 'CARD_CLEARING', 'PAYOUT_CLEARING', 'FEES', 'CHARGEBACKS',
                        'LOSSES', 'BANK', 'PROCESSOR_FEES', 'SUSPENSE_SHORTFALL', 'SUSPENSE_UNAPPLIED'));

-- The few accounts that are nobody's, among as many wallets as there are people.
create index account_ours on account (currency, kind) where owner is null;

-- By what lines are matched. A new version takes two people; a run keeps the one that it was made with.
create table recon_rule_set (
    version     bigint      primary key check (version > 0),
    rules       jsonb       not null check (jsonb_typeof(rules) = 'array'),
    proposed_by text        not null,
    approved_by text        not null check (approved_by <> proposed_by or version = 1),
    reason      text        not null check (reason <> ''),
    at          timestamptz not null
);

insert into recon_rule_set (version, rules, proposed_by, approved_by, reason, at) values (1, '[
    {"name": "our-id",        "by": "REFERENCE",   "toleranceMinor": 0, "toleranceBp": 0, "windowDays": 120},
    {"name": "their-name",    "by": "EXTERNAL",    "toleranceMinor": 0, "toleranceBp": 0, "windowDays": 120},
    {"name": "fee",           "by": "FEE",         "toleranceMinor": 0, "toleranceBp": 0, "windowDays": 0},
    {"name": "correction",    "by": "CORRECTION",  "toleranceMinor": 0, "toleranceBp": 0, "windowDays": 0},
    {"name": "bank-batch",    "by": "BANK_BATCH",  "toleranceMinor": 0, "toleranceBp": 0, "windowDays": 10},
    {"name": "bank-amount",   "by": "BANK_AMOUNT", "toleranceMinor": 0, "toleranceBp": 0, "windowDays": 5}
]', 'kvit', 'kvit', 'As shipped.', '2026-01-01T00:00:00Z');

create trigger recon_rule_set_stays before update or delete or truncate on recon_rule_set
    for each statement execute function refuse_change();

-- One row a currency: who changes what is reconciled of it holds it, and nobody else does meanwhile.
create table recon_clearing (
    currency  text   primary key check (currency ~ '^[A-Z]{3}$'),
    -- Up to this entry of card clearing all that was expected has come.
    watermark bigint not null default 0 check (watermark >= 0),
    -- What processors have settled and not paid out: nothing where each file says what its lines come to.
    unpaid    bigint not null default 0
);

-- What somebody wants to post, and what was posted.
create table recon_run (
    id          uuid        primary key,
    currency    text        not null references recon_clearing (currency),
    rule_set    bigint      not null references recon_rule_set (version),
    files       uuid[]      not null check (cardinality(files) > 0),
    -- Of all that it would do: what was shown is what is posted.
    hash        bytea       not null check (octet_length(hash) = 32),
    state       text        not null check (state in ('PLANNED', 'POSTED', 'CANCELLED')),
    -- What it came to, for people.
    summary     jsonb       not null,
    reason      text        not null check (reason <> ''),
    created_by  text        not null,
    created_at  timestamptz not null,
    approved_by text,
    ended_at    timestamptz,
    constraint recon_run_ended check ((state = 'PLANNED') = (ended_at is null)),
    constraint recon_run_four_eyes
        check (state <> 'POSTED' or (approved_by is not null and approved_by <> created_by))
);

-- Two that plan at the same time would plan the same lines.
create unique index recon_run_planned on recon_run (currency) where state = 'PLANNED';

create function recon_run_ends_once() returns trigger language plpgsql as $$
declare
    outcome constant text[] := array['state', 'approved_by', 'ended_at'];
begin
    if old.state <> 'PLANNED' or (to_jsonb(new) - outcome) <> (to_jsonb(old) - outcome) then
        raise exception 'run % has ended or would become another', old.id
            using errcode = 'check_violation', constraint = 'recon_run_ends_once';
    end if;
    return new;
end
$$;

create trigger recon_run_ends_once before update on recon_run
    for each row execute function recon_run_ends_once();
create trigger recon_run_stays before delete or truncate on recon_run
    for each statement execute function refuse_change();

-- A file is dealt with once.
create table recon_file (
    file uuid primary key references settlement_file (id),
    run  uuid not null references recon_run (id)
);

create trigger recon_file_stays before update or delete or truncate on recon_file
    for each statement execute function refuse_change();

-- What became of each line of it.
create table recon_line (
    file     uuid    not null,
    line_no  integer not null,
    -- Of a bank's file; otherwise a processor's.
    is_bank  boolean not null,
    rule     text,
    method   text    check (method in ('AUTO', 'TOLERANCE', 'DIFFERENT', 'MANUAL', 'FORCED')),
    -- What it was matched with has the same. Null of a payout that the bank has not shown yet, and of what is
    -- a break.
    match    uuid,
    primary key (file, line_no),
    foreign key (file) references recon_file (file),
    foreign key (file, line_no) references settlement_line (file, line_no),
    check (num_nonnulls(rule, method, match) in (0, 3))
);

create index recon_line_open on recon_line (file, line_no) where match is null;

create function recon_line_matches_once() returns trigger language plpgsql as $$
begin
    if old.match is not null
        or (old.file, old.line_no, old.is_bank) is distinct from (new.file, new.line_no, new.is_bank) then
        raise exception 'line % of file % is matched once', old.line_no, old.file
            using errcode = 'check_violation', constraint = 'recon_line_matches_once';
    end if;
    return new;
end
$$;

create trigger recon_line_matches_once before update on recon_line
    for each row execute function recon_line_matches_once();
create trigger recon_line_stays before delete or truncate on recon_line
    for each statement execute function refuse_change();

-- What we expected and do not expect any more. That a posting is expected needs no row: see recon_expected.
create table recon_item (
    currency text not null,
    -- The posting, or the charge or the refund of a charge that went back.
    item     uuid not null,
    match    uuid not null,
    primary key (currency, item)
);

create trigger recon_item_stays before update or delete or truncate on recon_item
    for each statement execute function refuse_change();

-- What does not agree. Nothing is deleted; what happened to one stands in recon_note.
create table recon_break (
    id         uuid        primary key,
    type       text        not null
        check (type in ('MISSING_EXTERNAL', 'UNKNOWN_EXTERNAL', 'AMOUNT_MISMATCH', 'CURRENCY_MISMATCH',
                        'DIRECTION_MISMATCH', 'DUPLICATE_LINE', 'AMBIGUOUS', 'BATCH_TOTAL', 'BALANCE_GAP',
                        'UNPARSEABLE')),
    -- Null of a file that nobody could read.
    currency   text,
    source     text,
    -- A payout on its way to the bank is missing by its line, too.
    file       uuid        references settlement_file (id),
    line_no    integer,
    is_bank    boolean     not null,
    item       uuid,
    -- By how much: positive where the processor owes us more by it, or the bank has more.
    minor      bigint      not null,
    -- What of it sits in suspense while this is open: above zero in SUSPENSE_UNAPPLIED, below in
    -- SUSPENSE_SHORTFALL.
    parked     bigint      not null,
    fee        bigint      not null,
    -- From when on it is old.
    booked_on  date        not null,
    -- Of what is only missing, until when it is not: EXPECTED.
    due_on     date,
    run        uuid        references recon_run (id),
    opened_at  timestamptz not null,
    state      text        not null
        check (state in ('EXPECTED', 'OPEN', 'INVESTIGATING', 'REOPENED', 'RESOLVED')),
    -- By e-mail.
    owner      text,
    -- When the processor or the bank was told of it.
    raised_at  timestamptz,
    resolution text
        check (resolution in ('LATE_MATCH', 'MANUAL_MATCH', 'CORRECTED', 'WRITTEN_OFF', 'PSP_CORRECTED',
                              'VOID')),
    resolved_at timestamptz,
    -- What has moved the money out of suspense, where it was not a run.
    posting    uuid,
    constraint recon_break_resolved
        check ((state = 'RESOLVED') = (num_nonnulls(resolution, resolved_at) = 2)),
    constraint recon_break_open
        check (state = 'RESOLVED' or num_nonnulls(resolution, resolved_at, posting) = 0),
    constraint recon_break_owner check (state <> 'INVESTIGATING' or owner is not null),
    constraint recon_break_due check ((due_on is not null) = (type = 'MISSING_EXTERNAL')),
    constraint recon_break_expected check (state <> 'EXPECTED' or type = 'MISSING_EXTERNAL'),
    -- What nobody can find by its own word would be lost: money that is parked leaves by a posting or a run.
    constraint recon_break_word check (resolution not in ('VOID', 'CORRECTED') or parked = 0)
);

create index recon_break_open_ones on recon_break (booked_on, id) where state <> 'RESOLVED';
create index recon_break_item on recon_break (item) where item is not null;

create function recon_break_is_what_it_was() returns trigger language plpgsql as $$
declare
    may_change constant text[] :=
        array['state', 'owner', 'raised_at', 'resolution', 'resolved_at', 'posting'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or (old.state = 'RESOLVED' and new.state <> 'REOPENED') then
        raise exception 'break % would become another', old.id
            using errcode = 'check_violation', constraint = 'recon_break_is_what_it_was';
    end if;
    return new;
end
$$;

create trigger recon_break_is_what_it_was before update on recon_break
    for each row execute function recon_break_is_what_it_was();
create trigger recon_break_stays before delete or truncate on recon_break
    for each statement execute function refuse_change();

-- What people did and said about a break, and what a run did.
create table recon_note (
    id     uuid        primary key,
    break  uuid        not null references recon_break (id),
    at     timestamptz not null,
    -- By e-mail; null where it was a run or time.
    by     text,
    action text        not null check (action <> ''),
    text   text        not null check (text <> '')
);

create index recon_note_break on recon_note (break, id);
create trigger recon_note_stays before update or delete or truncate on recon_note
    for each statement execute function refuse_change();

-- What the processor will settle: every entry of card clearing that reconciliation has not written itself and
-- nothing has matched. No transfer writes a row for it, and what is missing is a query. What stands in a
-- lateral with a limit is looked up by its key for each entry: a run asks right after it has filled the
-- tables, when nobody has counted their rows yet.
create view recon_expected as
    select a.currency, e.posting as item, p.kind, p.reverses, -e.minor as minor, e.at, e.sequence
      from account a
      left join recon_clearing c on c.currency = a.currency
     cross join lateral (select posting, minor, at, sequence
                           from entry
                          where account = a.id and sequence > coalesce(c.watermark, 0)
                         offset 0) e
     cross join lateral (select kind, reverses from posting where id = e.posting limit 1) p
      left join lateral (select true as is_settled
                           from recon_item
                          where currency = a.currency and item = e.posting
                          limit 1) i on true
     where a.owner is null and a.kind = 'CARD_CLEARING'
       and p.kind not like 'settlement-%'
       and i.is_settled is null;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert on recon_rule_set, recon_file, recon_item, recon_note to %I',
                       '${appRole}');
        execute format('grant select, insert, update (watermark, unpaid) on recon_clearing to %I',
                       '${appRole}');
        execute format('grant select, insert, update (state, approved_by, ended_at) on recon_run to %I',
                       '${appRole}');
        execute format('grant select, insert, update (rule, method, match) on recon_line to %I',
                       '${appRole}');
        execute format('grant select, insert, update (state, owner, raised_at, resolution, resolved_at, '
                    || 'posting) on recon_break to %I', '${appRole}');
        execute format('grant select on recon_expected to %I', '${appRole}');
    end if;
end
$$;
