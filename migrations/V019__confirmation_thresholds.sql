-- How much people may send on their word alone before they confirm. Owner classes: kvit.rules.RuleStore,
-- kvit.rules.LimitStore and kvit.identity.ConfirmationStore.

-- One more kind of rule, which demands a confirmation and does nothing else.
alter table rule
    drop constraint rule_kind_check,
    add constraint rule_kind_check
        check (kind in ('SANCTION', 'COUNTRY', 'CLOSURE', 'CHANNEL', 'CORRIDOR', 'CURRENCY', 'AGE', 'AMOUNT',
                        'LIMIT', 'INSTRUMENT', 'CONFIRMATION')),
    add constraint rule_thresholds check (kind <> 'CONFIRMATION'
                                          or coalesce(condition ->> 'requires' = 'CONFIRMATION', false));

-- What of it no threshold counts any more: all up to the last confirmation, and what was confirmed since.
-- The rest is what somebody has moved on their word alone. Nobody is known to have confirmed before this.
alter table limit_counter
    add column confirmed_minor bigint not null default 0,
    add column confirmed_moves bigint not null default 0,
    add constraint limit_counter_confirmed check (confirmed_minor between 0 and minor
                                                  and confirmed_moves between 0 and moves);

-- Payer, payee, amount and currency of the payment as they were when the code was asked for; a payment that
-- differs in any of them is confirmed by nothing. Null of cards, and of what was asked for before.
alter table confirmation add column terms text;
