-- Operators who are invited, changed and brought back by two others, and operators whom somebody else signs
-- in. Owner class: kvit.operate.Operators.

alter table operator
    -- Two halves of one invitation, for two persons to hand over: neither of them can take it up alone. Who
    -- sits at the machine gives out one that is whole, and nobody has invited then.
    add column invitation_second bytea unique,
    add column invited_by        uuid  references operator (id),
    add column vouched_by        uuid  references operator (id),
    -- Whom an outside issuer signs in, by the name that it has for them and never gives to somebody else.
    add column issuer            text  check (issuer <> ''),
    add column subject           text  check (subject <> ''),
    drop constraint operator_check,
    drop constraint operator_check1,
    drop constraint operator_check2,
    add constraint operator_invited check (
        (state = 'INVITED') = (invited_until is not null)
        and (state = 'INVITED' or num_nonnulls(invitation, invitation_second, invited_by, vouched_by) = 0)),
    add constraint operator_invited_by_two check (
        (invited_by is null) = (vouched_by is null) and invited_by <> vouched_by),
    add constraint operator_not_by_themselves check (invited_by <> id and vouched_by <> id),
    add constraint operator_from_outside check (
        (issuer is null) = (subject is null)
        and (issuer is null or password_hash is null and state <> 'INVITED')),
    add constraint operator_can_sign_in check (
        state <> 'ACTIVE' or password_hash is not null or issuer is not null),
    -- The same address may stand for somebody in here and for somebody there.
    drop constraint operator_email_key;

create unique index operator_email on operator (email) where issuer is null;
create unique index operator_subject on operator (issuer, subject);

-- Somebody has to be there who can let the others in. Whom an issuer signs in is an admin by its grace alone.
create function operator_leaves_an_admin() returns trigger language plpgsql as $$
begin
    if old.issuer is null and old.state = 'ACTIVE' and 'admin' = any (old.roles)
        and (new.state = 'DISABLED' or not 'admin' = any (new.roles))
        and not exists (select from operator
                         where id <> old.id and state = 'ACTIVE' and issuer is null
                           and 'admin' = any (roles)) then
        raise exception 'operator % is the last admin', old.id
            using errcode = 'check_violation', constraint = 'operator_leaves_an_admin';
    end if;
    return new;
end
$$;

create trigger operator_leaves_an_admin before update on operator
    for each row execute function operator_leaves_an_admin();
create trigger operator_stays before delete or truncate on operator
    for each statement execute function refuse_change();
