-- Used in sandbox mode only: what the simulated processor has settled, and what is in the simulated bank.
-- Owner class: kvit.sandbox.SettlementBooks.

-- Locked while files are made, so that no batch has a number twice.
create table sandbox_batch (
    only_row boolean primary key default true check (only_row),
    number   bigint  not null check (number >= 0)
);

insert into sandbox_batch (number) values (0);

-- What has stood in a file: a charge, or what became of one. Once.
create table sandbox_settled (
    item  text   primary key check (item <> ''),
    batch bigint not null check (batch > 0)
);

create table sandbox_bank (
    currency   text   primary key check (currency ~ '^[A-Z]{3}$'),
    minor      bigint not null,
    statements bigint not null check (statements >= 0)
);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, update (number) on sandbox_batch to %I', '${appRole}');
        execute format('grant select, insert on sandbox_settled to %I', '${appRole}');
        execute format('grant select, insert, update (minor, statements) on sandbox_bank to %I',
                       '${appRole}');
    end if;
end
$$;
