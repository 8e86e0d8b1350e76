-- What is good in form and wrong in fact goes back, and what a bank will never send need not come. Owner
-- classes in kvit.settlement: FileStore, LineStore and ChainStore; in kvit.claim: ClaimStore, ClaimPolicies.

-- A file that two have withdrawn is kept and does not count: it has neither a batch nor days nor a place in
-- a chain, and its bytes may come again.
alter table settlement_file
    add column withdrawn_at       timestamptz,
    add column withdrawal_by      text check (withdrawal_by <> ''),
    add column withdrawn_by       text check (withdrawn_by <> ''),
    add column withdrawal_reason  text check (withdrawal_reason <> ''),
    drop constraint settlement_file_state_check,
    add constraint settlement_file_state_check check (state in ('VALIDATED', 'REJECTED', 'WITHDRAWN')),
    add constraint settlement_file_withdrawn
        check (num_nonnulls(withdrawn_at, withdrawal_by, withdrawn_by, withdrawal_reason)
               = case state when 'WITHDRAWN' then 4 else 0 end),
    add constraint settlement_file_withdrawn_by_two check (withdrawal_by <> withdrawn_by);

alter table settlement_file drop constraint settlement_file_once;
create unique index settlement_file_once on settlement_file (source, sha256) where state <> 'WITHDRAWN';

-- A day may come in parts where the profile of its source says so: what the part says, in any order and other
-- bytes, is there once. Null: it is the whole day.
alter table settlement_file add column part bytea check (length(part) = 32);

drop index settlement_file_days;
create unique index settlement_file_days
    on settlement_file (source, currency, booked_from, booked_to, coalesce(part, ''))
    where state = 'VALIDATED' and opening_minor is null and batch is null and explains;

-- As it was, with withdrawal: of a good file that no run has taken.
create or replace function settlement_file_stands() returns trigger language plpgsql as $$
declare
    verdict constant text[] := array['source_version', 'state', 'fault', 'errors', 'batch', 'currency',
        'account', 'booked_from', 'booked_to', 'opening_minor', 'closing_minor', 'line_count', 'explains',
        'part'];
    withdrawal constant text[] := array['state', 'withdrawn_at', 'withdrawal_by', 'withdrawn_by',
        'withdrawal_reason'];
begin
    if old.state = 'VALIDATED' and new.state = 'WITHDRAWN' then
        if (to_jsonb(new) - withdrawal) <> (to_jsonb(old) - withdrawal) then
            raise exception 'settlement file % stays what it is', old.id
                using errcode = 'check_violation', constraint = 'settlement_file_stands';
        end if;
        if exists (select from recon_file where file = old.id) then
            raise exception 'settlement file % was posted', old.id
                using errcode = 'check_violation', constraint = 'settlement_file_posted';
        end if;
    elsif old.state <> 'REJECTED' or new.state = 'WITHDRAWN'
        or (to_jsonb(new) - verdict) <> (to_jsonb(old) - verdict) then
        raise exception 'settlement file % stays what it is', old.id
            using errcode = 'check_violation', constraint = 'settlement_file_stands';
    end if;
    return new;
end
$$;

-- Whoever takes it into a run holds its row, and whoever withdraws it waits; and the other way about.
create function recon_file_counts() returns trigger language plpgsql as $$
begin
    perform from settlement_file where id in (select file from fresh) order by id for share;
    if exists (select from fresh f join settlement_file s on s.id = f.file where s.state <> 'VALIDATED') then
        raise exception 'only good files are posted'
            using errcode = 'check_violation', constraint = 'recon_file_counts';
    end if;
    return null;
end
$$;

create trigger recon_file_counts after insert on recon_file
    referencing new table as fresh
    for each statement execute function recon_file_counts();

-- Its statements give up their places in the chain. The foreign key of the one behind refuses to stand alone.
create function settlement_file_gives_up() returns trigger language plpgsql as $$
begin
    delete from settlement_statement where file = new.id;
    return null;
end
$$;

create trigger settlement_file_gives_up after update on settlement_file
    for each row when (new.state = 'WITHDRAWN') execute function settlement_file_gives_up();

create function settlement_statement_counts() returns trigger language plpgsql as $$
begin
    if not exists (select from settlement_file where id = old.file and state = 'WITHDRAWN') then
        raise exception 'a statement of a good file stays'
            using errcode = 'insufficient_privilege', constraint = 'settlement_statement_counts';
    end if;
    return old;
end
$$;

drop trigger settlement_statement_stays on settlement_statement;
create trigger settlement_statement_stays before update or truncate on settlement_statement
    for each statement execute function refuse_change();
create trigger settlement_statement_counts before delete on settlement_statement
    for each row execute function settlement_statement_counts();

-- Where an account's statements begin anew, because the bank does not send what would lead there. Two say
-- with which balance; the newest counts, and a chain that none begins is left out.
create table settlement_chain (
    account       text        not null check (account <> ''),
    currency      text        not null check (currency ~ '^[A-Z]{3}$'),
    -- Before it are those that there were.
    chain         integer     not null check (chain > 1),
    opening_minor bigint      not null check (abs(opening_minor) <= 9007199254740991),
    proposed_by   text        not null check (proposed_by <> ''),
    approved_by   text        not null check (approved_by <> ''),
    reason        text        not null check (reason <> ''),
    agreed_at     timestamptz not null,
    primary key (account, currency, chain),
    constraint settlement_chain_by_two check (proposed_by <> approved_by)
);

create trigger settlement_chain_stays before update or delete or truncate on settlement_chain
    for each statement execute function refuse_change();

create function settlement_chain_begins() returns trigger language plpgsql as $$
begin
    if not exists (select from settlement_chain
                    where account = new.account and currency = new.currency and chain = new.chain
                      and opening_minor = new.opening_minor) then
        raise exception 'nobody has said that chain % of % begins so', new.chain, new.account
            using errcode = 'check_violation', constraint = 'settlement_chain_begins';
    end if;
    return new;
end
$$;

create trigger settlement_chain_begins before insert on settlement_statement
    for each row when (new.sequence = 1 and new.chain > 1) execute function settlement_chain_begins();

-- More time for a claim on what was done while a wallet was new: its own terms, or none. That something was
-- begun abroad or at a till (1005.11(c)(3)(ii)(A) and (B)) nobody here knows of a transfer between wallets;
-- taking the shorter time for it is allowed.
alter table claim_policy
    add column new_days            smallint check (new_days > 0),
    add column new_first_days      smallint check (new_first_days >= first_days),
    add column new_last_days       smallint check (new_last_days >= last_days),
    add column new_legal_reference text     check (new_legal_reference <> ''),
    add constraint claim_policy_new
        check (num_nonnulls(new_days, new_first_days, new_last_days, new_legal_reference) in (0, 4)
               and (new_days is null or last_days is not null));

update claim_policy
   set new_days = 30, new_first_days = 20, new_last_days = 90,
       new_legal_reference = '12 CFR 1005.11(c)(3)(i) and (ii)(C), Regulation E (unchecked)'
 where country = 'US';

-- When what is due at first is due: a credit buys more time, and when it goes back, so does the deadline. Of
-- those that had a credit by now nobody has written it down.
alter table claim add column due_at timestamptz;
alter table claim disable trigger claim_ends_once;
update claim c set due_at = deadline where not exists (select from claim_credit where claim = c.id);
alter table claim enable trigger claim_ends_once;

create or replace function claim_ends_once() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['state', 'deadline', 'ended_at', 'way'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or old.state in ('ACCEPTED', 'REJECTED')
        or (old.state = 'RECEIVED' and new.state in ('ACCEPTED', 'REJECTED'))
        or (old.state = 'INVESTIGATING' and new.state = 'RECEIVED')
        or (new.deadline < old.deadline
            and not (new.deadline is not distinct from new.due_at
                     and exists (select from claim_credit_return where claim = new.id))) then
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

-- As it was, with what nothing has compared so far: a share of a request and the transfer that pays it.
create or replace view books_discrepancy as
    select 'currency-sum' as finding, currency as subject, sum(balance)::text as detail
      from account
     group by currency
    having sum(balance) <> 0
    union all
    select 'balance', a.id::text, format('balance %s, entries %s', a.balance, coalesce(sum(e.minor), 0))
      from account a
      left join entry e on e.account = a.id
     group by a.id
    having a.balance <> coalesce(sum(e.minor), 0)
        or a.sequence <> count(e.account)
        or a.sequence <> coalesce(max(e.sequence), 0)
    union all
    select 'posting-sum', e.posting::text, format('%s %s', sum(e.minor), a.currency)
      from entry e
      join account a on a.id = e.account
     group by e.posting, a.currency
    having sum(e.minor) <> 0
    union all
    select 'posting-missing', e.posting::text, count(*)::text
      from entry e
     where not exists (select from posting p where p.id = e.posting)
     group by e.posting
    union all
    select 'posting-empty', p.id::text, p.kind
      from posting p
     where not exists (select from entry e where e.posting = p.id)
    union all
    select 'chain', e.account::text, format('sequence %s', e.sequence)
      from (select account, sequence, minor, balance_after,
                   lag(balance_after, 1, 0::bigint) over (partition by account order by sequence) as before
              from entry) e
     where e.balance_after <> e.before + e.minor
    union all
    select 'held', a.id::text, format('held %s, holds %s', a.held, coalesce(sum(h.minor), 0))
      from account a
      left join hold h on h.account = a.id and h.state = 'PENDING'
     group by a.id
    having a.held <> coalesce(sum(h.minor), 0)
    union all
    select 'share', s.id::text, format('share %s, transfer %s', s.state, coalesce(t.state, 'none'))
      from request_share s
      join request r on r.id = s.request
      left join transfer t on t.payer = s.payer and t.id = s.transfer
     where s.state in ('PAYING', 'PAID')
       and (t.id is null
            or (t.request, t.share, t.minor, t.currency)
               is distinct from (s.request, s.id, s.minor, r.currency)
            or not case s.state
               when 'PAYING' then t.state in ('REQUIRES_CONFIRMATION', 'PENDING', 'CHARGING')
               else t.state in ('COMPLETED', 'REFUNDED') end)
    union all
    select 'share-unclaimed', t.share::text, format('transfer %s %s', t.id, t.state)
      from transfer t
     where t.share is not null and t.state not in ('DECLINED', 'CANCELLED', 'EXPIRED')
       and not exists (select from request_share s where s.id = t.share and s.transfer = t.id);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant update (part, withdrawn_at, withdrawal_by, withdrawn_by, withdrawal_reason) '
                    || 'on settlement_file to %I', '${appRole}');
        execute format('grant delete on settlement_statement to %I', '${appRole}');
        execute format('grant select, insert on settlement_chain to %I', '${appRole}');
    end if;
end
$$;
