-- What is written down as carried out was decided before its end; see kvit.operate.Decide. Not valid for what
-- was carried out before: a moment before its end it may have been in time when it was asked, and not when it
-- was written.
alter table approval
    add constraint approval_in_time check (state <> 'EXECUTED' or decided_at < expires_at) not valid;
