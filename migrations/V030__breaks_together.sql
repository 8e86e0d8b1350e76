-- One account at the bank is one chain of statements, whoever brings them; and breaks that end together.
-- Owner classes in kvit.settlement: SourceStore and LineStore; in kvit.reconcile: BreakStore.

-- Whose account it is was not asked before. What its statements say by themselves is written down; what says
-- nothing, or several things, takes no more files until two people have named it.
update settlement_source s
   set account = (select min(t.account) from settlement_statement t where t.source = s.code)
 where kind = 'BANK' and account is null
   and (select count(distinct t.account) from settlement_statement t where t.source = s.code) = 1;
update settlement_source set account = 'DE89370400440532013000'
 where code = 'simulated-bank' and account is null;
update settlement_source set active = false where kind = 'BANK' and account is null;

alter table settlement_source
    add constraint settlement_source_account
        check (kind <> 'BANK' or not active or account is not null);

-- One account and currency is one source's. That none of any currency stands beside one of a certain currency
-- is asked when it changes; what would be counted twice by it the chain below excludes.
create unique index settlement_source_owns on settlement_source (account, coalesce(currency, ''))
    where kind = 'BANK' and active;

-- Per source an account could have two chains, each with a balance of its own: the same money, twice. The
-- source that takes another one's place goes on where that has ended.
alter table settlement_statement
    drop constraint settlement_statement_follows,
    drop constraint settlement_statement_pkey,
    drop constraint settlement_statement_source_account_currency_sequence_closi_key,
    add primary key (account, currency, sequence),
    add constraint settlement_statement_closes unique (account, currency, sequence, closing_minor),
    add constraint settlement_statement_follows
        foreign key (account, currency, previous, opening_minor)
        references settlement_statement (account, currency, sequence, closing_minor);

-- SETTLED: two have said what several are together, or whose the rest is.
alter table recon_break
    drop constraint recon_break_resolution_check,
    add constraint recon_break_resolution
        check (resolution in ('LATE_MATCH', 'MANUAL_MATCH', 'CORRECTED', 'WRITTEN_OFF', 'PSP_CORRECTED',
                              'VOID', 'SETTLED'));
