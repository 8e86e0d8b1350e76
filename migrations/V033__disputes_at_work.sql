-- What is told of disputes, and what their end does to credits. Owner classes: kvit.card.Notices,
-- kvit.dispute.DisputeStore, kvit.dispute.DisputeCreditStore.

-- Until when the processor takes what speaks for us. Null where it has not said so.
alter table processor_notice
    add column evidence_due_by timestamptz,
    add constraint processor_notice_evidence check (evidence_due_by is null or kind = 'CHARGEBACK');
alter table dispute add column evidence_due_by timestamptz;

-- Those that are closed, one portion after the other.
create index dispute_overdue on dispute (deadline, id) where state = 'RECEIVED';
drop index dispute_open;

-- A credit is taken back by two, or by nobody, when its dispute is won; and then it is.
alter table dispute_credit_return
    alter column proposed_by drop not null,
    alter column approved_by drop not null,
    add constraint dispute_credit_return_by check (num_nonnulls(proposed_by, approved_by) in (0, 2));

create function dispute_credit_return_is_somebodys() returns trigger language plpgsql as $$
begin
    if new.proposed_by is null
        and not exists (select from dispute where id = new.dispute and state = 'WON') then
        raise exception 'nobody has taken back the credit of dispute %', new.dispute
            using errcode = 'check_violation', constraint = 'dispute_credit_return_is_somebodys';
    end if;
    return new;
end
$$;

create trigger dispute_credit_return_is_somebodys before insert on dispute_credit_return
    for each row execute function dispute_credit_return_is_somebodys();

create function dispute_won_keeps_no_credit() returns trigger language plpgsql as $$
begin
    if exists (select from dispute_credit where dispute = new.id)
        and not exists (select from dispute_credit_return where dispute = new.id) then
        raise exception 'dispute % is won, and its credit is out', new.id
            using errcode = 'check_violation', constraint = 'dispute_won_keeps_no_credit';
    end if;
    return null;
end
$$;

-- At the COMMIT, because the money goes back in the same transaction.
create constraint trigger dispute_won_keeps_no_credit after update of state on dispute
    deferrable initially deferred
    for each row when (new.state = 'WON') execute function dispute_won_keeps_no_credit();
