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

-- Where two have brought one account, the one whose statements are newer stays at work.
update settlement_source s
   set active = false
  from (select o.code,
               row_number() over (partition by o.account, coalesce(o.currency, '')
                                      order by max(t.closed_on) desc nulls last, o.code) as place
          from settlement_source o
          left join settlement_statement t on t.source = o.code and t.account = o.account
         where o.kind = 'BANK' and o.active
         group by o.code) r
 where s.code = r.code and r.place > 1;

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
    -- Those that there were by then stay, each in its place. The highest is the account's, and goes on.
    add column chain integer not null default 1 check (chain > 0);

alter table settlement_statement disable trigger settlement_statement_stays;
update settlement_statement t
   set chain = c.chain
  from (select b.source, b.account, b.currency,
               row_number() over (partition by b.account, b.currency
                                      order by max(b.closed_on), s.active, b.source desc) as chain
          from settlement_statement b
          join settlement_source s on s.code = b.source
         group by b.source, b.account, b.currency, s.active) c
 where (t.source, t.account, t.currency) = (c.source, c.account, c.currency) and c.chain > 1;
alter table settlement_statement enable trigger settlement_statement_stays;

alter table settlement_statement
    add primary key (account, currency, chain, sequence),
    add constraint settlement_statement_closes unique (account, currency, chain, sequence, closing_minor),
    add constraint settlement_statement_follows
        foreign key (account, currency, chain, previous, opening_minor)
        references settlement_statement (account, currency, chain, sequence, closing_minor);

-- SETTLED: two have said what several are together, or whose the rest is.
alter table recon_break
    drop constraint recon_break_resolution_check,
    add constraint recon_break_resolution
        check (resolution in ('LATE_MATCH', 'MANUAL_MATCH', 'CORRECTED', 'WRITTEN_OFF', 'PSP_CORRECTED',
                              'VOID', 'SETTLED'));
