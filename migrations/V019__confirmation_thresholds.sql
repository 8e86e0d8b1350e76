-- What a confirmation confirms. Owner class: kvit.identity.ConfirmationStore.

-- Payer, payee, amount and currency of the payment as they were when the code was asked for; a payment that
-- differs in any of them is confirmed by nothing. Null of cards, and of what was asked for before.
alter table confirmation add column terms text;
