-- Dated rules about who may pay whom, and what is counted for them. Owner classes: kvit.rules.RuleStore and
-- kvit.rules.LimitStore. And the front ends that people come through, which rules are about, too.

-- One change of the rules, made by one person and approved by another. Decisions name it, so that they can
-- be made again as they were made.
create table rule_set (
    version      bigint      primary key check (version > 0),
    published_at timestamptz not null,
    -- From when it decides, at the same moment on every replica.
    effective_at timestamptz not null check (effective_at >= published_at),
    reason       text        not null,
    proposed_by  text        not null,
    approved_by  text        not null,
    constraint rule_set_four_eyes check (approved_by <> proposed_by)
);

-- Nothing is overwritten. valid_from and valid_to say when a rule holds; recorded_in and superseded_in when
-- we knew it.
create table rule (
    id              text        not null check (id ~ '^[A-Za-z0-9/_-]{1,100}$'),
    version         integer     not null check (version > 0),
    kind            text        not null
        check (kind in ('SANCTION', 'COUNTRY', 'CLOSURE', 'CHANNEL', 'CORRIDOR', 'CURRENCY', 'AGE', 'AMOUNT',
                        'LIMIT', 'INSTRUMENT')),
    subject         jsonb       not null,
    condition       jsonb       not null,
    effect          text        not null check (effect in ('ALLOW', 'HOLD', 'REQUIRE', 'DENY')),
    valid_from      timestamptz not null,
    valid_to        timestamptz,
    -- In which the dates were written.
    zone            text        not null,
    legal_reference text        not null check (legal_reference <> ''),
    -- What a person is told; nobody is told why something is allowed.
    text_en         text        check (text_en <> ''),
    text_fr         text        check (text_fr <> ''),
    text_ru         text        check (text_ru <> ''),
    recorded_in     bigint      not null references rule_set,
    superseded_in   bigint      references rule_set,
    primary key (id, version),
    check (effect = 'ALLOW' or (text_en is not null and text_fr is not null and text_ru is not null)),
    -- REQUIRE says what, and no other effect does. A limit is counted when it is too late to ask for a code.
    constraint rule_requires check ((effect = 'REQUIRE') = (condition ->> 'requires' is not null)),
    constraint rule_limits check (kind <> 'LIMIT' or effect = 'DENY'
                                  or coalesce(condition ->> 'requires' = 'VERIFICATION', false)),
    check (valid_to > valid_from),
    check (superseded_in > recorded_in)
);

create unique index rule_newest on rule (id) where superseded_in is null;

-- A version may be superseded, once, and is otherwise what it was.
create function rule_stands() returns trigger language plpgsql as $$
begin
    if old.superseded_in is not null
        or (to_jsonb(new) - 'superseded_in') <> (to_jsonb(old) - 'superseded_in') then
        raise exception 'rule %@% is not changed, but superseded', old.id, old.version
            using errcode = 'check_violation', constraint = 'rule_stands';
    end if;
    return new;
end
$$;

create trigger rule_stands before update on rule for each row execute function rule_stands();
create trigger rule_stays before delete or truncate on rule
    for each statement execute function refuse_change();
create trigger rule_set_stays before update or delete or truncate on rule_set
    for each statement execute function refuse_change();

-- How much a person has moved in all, for ever: locked while a limit is decided, so that of two who race
-- for the last of it one wins.
create table limit_counter (
    customer  uuid        not null,
    currency  text        not null,
    operation text        not null check (operation in ('SEND', 'RECEIVE', 'TOP_UP', 'PAY_OUT')),
    minor     bigint      not null check (minor >= 0),
    moves     bigint      not null check (moves >= 0),
    moved_at  timestamptz not null,
    primary key (customer, currency, operation)
);

-- The counter after each movement: a rolling sum is the difference of two rows, however many lie between.
create table limit_usage (
    customer  uuid        not null,
    currency  text        not null,
    operation text        not null,
    moves     bigint      not null,
    minor     bigint      not null,
    at        timestamptz not null,
    -- The id of what moved, as of its posting: how a limit stood just before it can be read for ever.
    cause     uuid        not null,
    primary key (customer, currency, operation, moves),
    -- And nothing is counted twice.
    unique (customer, currency, operation, cause)
);

create index limit_usage_at on limit_usage (customer, currency, operation, at, moves);

alter table transfer
    -- Null for what was decided before there were rules, and where the payee was nobody.
    add column rule_set bigint references rule_set,
    -- What the rules looked at and which of them decided, to make the decision again.
    add column ruling   jsonb;

-- Registered front ends. Owner class: kvit.identity.ClientApps.
create table client_app (
    id            text   primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name          text   not null,
    platform      text   not null,
    owner_country text   not null check (owner_country ~ '^[A-Z]{2}$'),
    -- Classes of people's data that pass through the platform.
    carries       text[] not null
);

insert into client_app (id, name, platform, owner_country, carries)
values ('web', 'The web', 'web', 'US', '{}');

-- Which of them somebody signs in through: the session carries it, and the rules see it.
alter table sign_in add column client text not null default 'web' references client_app (id);
alter table session add column client text not null default 'web' references client_app (id);

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert on rule_set to %I', '${appRole}');
        execute format('grant select, insert, update (superseded_in) on rule to %I', '${appRole}');
        execute format('grant select, insert, update on limit_counter to %I', '${appRole}');
        execute format('grant select, insert on limit_usage, client_app to %I', '${appRole}');
    end if;
end
$$;
