-- What the processor says that it has settled, and what the bank says that it has booked. Owner classes in
-- kvit.settlement: SourceStore and FileStore.

-- Who sends files, and how they are to be read. A change takes two people and makes another version.
create table settlement_source (
    code          text        primary key check (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    version       integer     not null check (version > 0),
    name          text        not null check (name <> ''),
    kind          text        not null check (kind in ('PROCESSOR', 'BANK')),
    format        text        not null check (format in ('CSV', 'CAMT053')),
    -- Null: its files say so themselves, one currency each.
    currency      text        check (currency ~ '^[A-Z]{3}$'),
    -- The bank account by IBAN or by what else the bank calls it; null: whatever account the files name.
    account       text        check (account <> ''),
    -- How its columns are read; null where the format says everything.
    profile       jsonb,
    -- After how many business days, of which country, what has happened is in a file.
    expected_days integer     not null check (expected_days between 0 and 30),
    country       text        not null check (country ~ '^[A-Z]{2}$'),
    active        boolean     not null,
    changed_at    timestamptz not null,
    constraint settlement_source_format check ((kind = 'BANK') = (format = 'CAMT053')),
    constraint settlement_source_profile check ((format = 'CSV') = (profile is not null))
);

-- A file as it came, and whether it is what it should be. The same bytes of one source are one file.
create table settlement_file (
    id             uuid        primary key,
    source         text        not null references settlement_source (code),
    -- By which version of the source it was read.
    source_version integer     not null,
    sha256         bytea       not null check (length(sha256) = 32),
    name           text        not null check (name <> ''),
    bytes          bigint      not null check (bytes >= 0),
    received_at    timestamptz not null,
    -- By e-mail.
    uploaded_by    text        not null check (uploaded_by <> ''),
    state          text        not null check (state in ('VALIDATED', 'REJECTED')),
    -- Why it is no good: the fault, and where, as [{line, column, message}].
    fault          text
        check (fault in ('UNPARSEABLE', 'WRONG_SOURCE', 'BATCH_TOTAL', 'BALANCE_GAP')),
    errors         jsonb,
    batch          text        check (batch <> ''),
    currency       text        check (currency ~ '^[A-Z]{3}$'),
    account        text        check (account <> ''),
    booked_from    date,
    booked_to      date,
    opening_minor  bigint      check (abs(opening_minor) <= 9007199254740991),
    closing_minor  bigint      check (abs(closing_minor) <= 9007199254740991),
    line_count     integer     check (line_count >= 0),
    constraint settlement_file_once unique (source, sha256),
    constraint settlement_file_refused
        check (case state when 'REJECTED' then fault is not null and errors is not null and line_count is null
                          else fault is null and errors is null
                               and line_count is not null and currency is not null end),
    check ((opening_minor is null) = (closing_minor is null)),
    check (booked_to >= booked_from)
);

create index settlement_file_newest on settlement_file (source, id);

-- A file that is good stays what it is. One that was refused may become good by other things: by the
-- statement before it, which came late, or by a source that is read another way by now.
create function settlement_file_stands() returns trigger language plpgsql as $$
declare
    verdict constant text[] := array['source_version', 'state', 'fault', 'errors', 'batch', 'currency',
        'account', 'booked_from', 'booked_to', 'opening_minor', 'closing_minor', 'line_count'];
begin
    if old.state <> 'REJECTED' or (to_jsonb(new) - verdict) <> (to_jsonb(old) - verdict) then
        raise exception 'settlement file % stays what it is', old.id
            using errcode = 'check_violation', constraint = 'settlement_file_stands';
    end if;
    return new;
end
$$;

create trigger settlement_file_stands before update on settlement_file
    for each row execute function settlement_file_stands();
create trigger settlement_file_stays before delete or truncate on settlement_file
    for each statement execute function refuse_change();

-- The bytes, in portions, so that neither end has to have all of them in memory.
create table settlement_content (
    file  uuid    not null references settlement_file (id),
    part  integer not null check (part > 0),
    bytes bytea   not null check (length(bytes) > 0),
    primary key (file, part)
);

alter table settlement_content alter column bytes set storage external;

create trigger settlement_content_stays before update or delete or truncate on settlement_content
    for each statement execute function refuse_change();

-- What a file says, line by line. Gross is positive where the source owes us more by it.
create table settlement_line (
    file         uuid    not null references settlement_file (id),
    -- From 1, in the order of the file.
    line_no      integer not null check (line_no > 0),
    type         text    not null
        check (type in ('CHARGE', 'REFUND', 'PAYOUT', 'CHARGEBACK', 'CHARGEBACK_REVERSED', 'FEE',
                        'BANK_TRANSFER', 'CORRECTION', 'OTHER')),
    -- What we call it: the id that the source was given by us.
    reference    text    check (reference <> ''),
    -- What the source calls it.
    external     text    check (external <> ''),
    -- What the source calls the change of something that it has named before.
    modification text    check (modification <> ''),
    gross_minor  bigint  not null check (abs(gross_minor) <= 9007199254740991),
    fee_minor    bigint  not null check (abs(fee_minor) <= 9007199254740991),
    net_minor    bigint  not null check (abs(net_minor) <= 9007199254740991),
    currency     text    not null check (currency ~ '^[A-Z]{3}$'),
    booked_on    date    not null,
    value_on     date,
    batch        text    check (batch <> ''),
    description  text,
    -- SHA-256 of source, external, type and modification: the same twice is a duplicate. Null where the
    -- source has no name for it.
    fingerprint  bytea   check (length(fingerprint) = 32),
    primary key (file, line_no),
    constraint settlement_line_adds_up check (gross_minor - fee_minor = net_minor),
    check ((external is null) = (fingerprint is null))
);

create index settlement_line_fingerprint on settlement_line (fingerprint) where fingerprint is not null;
create index settlement_line_reference on settlement_line (reference) where reference is not null;

-- Of a file that was refused there are no lines.
create function settlement_lines_of_good_files() returns trigger language plpgsql as $$
begin
    if exists (select from (select distinct file from fresh) f
                 join settlement_file on id = f.file
                where state <> 'VALIDATED') then
        raise exception 'a refused file has no lines'
            using errcode = 'check_violation', constraint = 'settlement_lines_of_good_files';
    end if;
    return null;
end
$$;

create trigger settlement_lines_of_good_files after insert on settlement_line
    referencing new table as fresh
    for each statement execute function settlement_lines_of_good_files();
create trigger settlement_line_stays before update or delete or truncate on settlement_line
    for each statement execute function refuse_change();

-- Bank statements, in a chain of each account: one opens with what the one before has closed with.
create table settlement_statement (
    source        text    not null references settlement_source (code),
    account       text    not null check (account <> ''),
    currency      text    not null check (currency ~ '^[A-Z]{3}$'),
    sequence      integer not null check (sequence > 0),
    previous      integer,
    file          uuid    not null references settlement_file (id),
    -- The bank's own name and number for it.
    name          text    not null check (name <> ''),
    number        bigint,
    opening_minor bigint  not null check (abs(opening_minor) <= 9007199254740991),
    closing_minor bigint  not null check (abs(closing_minor) <= 9007199254740991),
    opened_on     date    not null,
    closed_on     date    not null,
    line_count    integer not null check (line_count >= 0),
    primary key (source, account, currency, sequence),
    unique (source, account, currency, sequence, closing_minor),
    check (case sequence when 1 then previous is null else previous is not distinct from sequence - 1 end),
    constraint settlement_statement_follows
        foreign key (source, account, currency, previous, opening_minor)
        references settlement_statement (source, account, currency, sequence, closing_minor),
    check (closed_on >= opened_on)
);

create index settlement_statement_file on settlement_statement (file);

create trigger settlement_statement_stays before update or delete or truncate on settlement_statement
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, update (version, name, kind, format, currency, account, '
                    || 'profile, expected_days, country, active, changed_at) on settlement_source to %I',
                       '${appRole}');
        execute format('grant select, insert, update (source_version, state, fault, errors, batch, currency, '
                    || 'account, booked_from, booked_to, opening_minor, closing_minor, line_count) '
                    || 'on settlement_file to %I', '${appRole}');
        execute format('grant select, insert on settlement_content, settlement_line, settlement_statement '
                    || 'to %I', '${appRole}');
    end if;
end
$$;
