-- Whose limits an override is about. Owner class: kvit.rules.LimitOverrideStore.

-- Over what time the limit counted when it was overridden: of another one the override says nothing. Null of
-- those from before, which hold for any.
alter table limit_override
    add column window_seconds bigint check (window_seconds > 0);
