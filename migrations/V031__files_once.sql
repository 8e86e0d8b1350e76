-- What a file may not be a second time, and what expectations cost while one of them does not come. Owner
-- classes: kvit.settlement.FileStore, kvit.settlement.SourceStore, kvit.reconcile.RunStore.

-- A processor that writes a file anew, with other line ends or another column, says nothing new: its payout
-- and its fees, which have no names, would count twice. So a batch is explained once; and where a source
-- names none, so are its days.
alter table settlement_file
    drop constraint settlement_file_fault_check,
    add constraint settlement_file_fault
        check (fault in ('UNPARSEABLE', 'WRONG_SOURCE', 'BATCH_TOTAL', 'BALANCE_GAP', 'BATCH_REPEATED'));

-- Of before there may be several, and they stay: they have it false, those that come have it true.
alter table settlement_file add column explains boolean not null default false;
alter table settlement_file alter column explains set default true;

create unique index settlement_file_batch on settlement_file (source, currency, batch)
    where state = 'VALIDATED' and opening_minor is null and batch is not null and explains;
create unique index settlement_file_days on settlement_file (source, currency, booked_from, booked_to)
    where state = 'VALIDATED' and opening_minor is null and batch is null and explains;

-- As it was, with what becomes of a file of before that was refused and is good by now.
create or replace function settlement_file_stands() returns trigger language plpgsql as $$
declare
    verdict constant text[] := array['source_version', 'state', 'fault', 'errors', 'batch', 'currency',
        'account', 'booked_from', 'booked_to', 'opening_minor', 'closing_minor', 'line_count', 'explains'];
begin
    if old.state <> 'REJECTED' or (to_jsonb(new) - verdict) <> (to_jsonb(old) - verdict) then
        raise exception 'settlement file % stays what it is', old.id
            using errcode = 'check_violation', constraint = 'settlement_file_stands';
    end if;
    return new;
end
$$;

-- What was not paid out with a batch, and is with a later one: said by both, and no money either time.
alter table settlement_line
    drop constraint settlement_line_type_check,
    add constraint settlement_line_type
        check (type in ('CHARGE', 'REFUND', 'PAYOUT', 'CHARGEBACK', 'CHARGEBACK_REVERSED', 'FEE',
                        'BANK_TRANSFER', 'CORRECTION', 'OTHER', 'BALANCE_CARRIED'));

-- Of a bank that counts its statements without gaps a number that lacks is a statement that lacks, even if
-- all of it came to nothing.
alter table settlement_source
    add column skips_numbers boolean not null default false;

-- Files that wait are compared as what their source is: a processor's lines, or a bank's entries.
create function settlement_source_stays() returns trigger language plpgsql as $$
begin
    if (new.code, new.kind, new.format) is distinct from (old.code, old.kind, old.format) then
        raise exception 'source % stays a %', old.code, old.kind
            using errcode = 'check_violation', constraint = 'settlement_source_stays';
    end if;
    return new;
end
$$;

create trigger settlement_source_stays before update on settlement_source
    for each row execute function settlement_source_stays();

-- Whether a payout is a second word for another one is asked of each that is on its way.
create index recon_break_line on recon_break (file, line_no) where line_no is not null;

-- Entries of card clearing below the watermark for which something is still expected. Without them one charge
-- that never settles would keep the watermark where it is, and everybody would read all entries since.
create table recon_laggard (
    account  uuid   not null,
    sequence bigint not null,
    primary key (account, sequence),
    foreign key (account, sequence) references entry (account, sequence)
);

create or replace view recon_expected as
    select a.currency, e.posting as item, p.kind, p.reverses, -e.minor as minor, e.at, e.sequence
      from account a
      left join recon_clearing c on c.currency = a.currency
     cross join lateral ((select posting, minor, at, sequence
                            from entry
                           where account = a.id and sequence > coalesce(c.watermark, 0))
                         union all
                         (select o.posting, o.minor, o.at, o.sequence
                            from recon_laggard l
                           cross join lateral (select posting, minor, at, sequence
                                                 from entry
                                                where account = l.account and sequence = l.sequence
                                                limit 1) o
                           where l.account = a.id and l.sequence <= c.watermark)) e
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
        execute format('grant update (explains) on settlement_file to %I', '${appRole}');
        execute format('grant update (skips_numbers) on settlement_source to %I', '${appRole}');
        execute format('grant select, insert, delete on recon_laggard to %I', '${appRole}');
    end if;
end
$$;
