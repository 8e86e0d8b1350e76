-- Friends, blocks, who sees what of a transfer, and being found by an address book. Owner classes:
-- kvit.identity.Blocks, kvit.friend.FriendshipStore, and those of customer and transfer.

-- Who wants nothing to do with whom. To each of the two the other is nobody, whoever has said so.
create table block (
    blocker uuid        not null references customer (id),
    -- Anybody's id, or nobody's: that a block was taken tells nothing of who is there.
    blocked uuid        not null,
    -- Its place in the list of the blocker.
    id      uuid        not null,
    since   timestamptz not null,
    primary key (blocker, blocked),
    constraint block_of_another check (blocker <> blocked)
);

create unique index block_place on block (blocker, id);
create index block_of on block (blocked, blocker);

-- Whether somebody has ever blocked anybody, which few do: of all others nothing is looked for when they pay
-- or are paid.
alter table customer add column blocks_somebody boolean not null default false;

-- What two people have said of being friends; the pair has one row, or none.
create table friendship (
    -- Who has asked; of friends, who asked first.
    asker uuid        not null references customer (id),
    asked uuid        not null references customer (id),
    -- WITHDRAWN by the asker after the other one had declined, which stays said.
    state text        not null check (state in ('ASKED', 'DECLINED', 'WITHDRAWN', 'FRIENDS')),
    -- Another one with each change: the place in the lists of both.
    id    uuid        not null unique,
    since timestamptz not null,
    primary key (asker, asked),
    constraint friendship_of_two check (asker <> asked)
);

create unique index friendship_pair on friendship (least(asker, asked), greatest(asker, asked));
create index friendship_asker on friendship (asker, state, id);
create index friendship_asked on friendship (asked, state, id);

-- Nothing is said between two of whom one has blocked the other. Both triggers take the same lock first, the
-- two customers in the order of their ids, so that neither looks past what the other is just writing.
create function friendship_without_block() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    perform from customer where id in (new.asker, new.asked) order by id for no key update;
    if exists (select from block
                where (blocker, blocked) in ((new.asker, new.asked), (new.asked, new.asker))) then
        raise exception 'one of the two has blocked the other'
            using errcode = 'check_violation', constraint = 'friendship_without_block';
    end if;
    return new;
end
$$;

create trigger friendship_without_block before insert or update on friendship
    for each row execute function friendship_without_block();

create function block_without_friendship() returns trigger language plpgsql
    set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
    perform from customer where id in (new.blocker, new.blocked) order by id for no key update;
    if exists (select from friendship
                where (asker, asked) in ((new.blocker, new.blocked), (new.blocked, new.blocker))) then
        raise exception 'nobody is friends with whom they block'
            using errcode = 'check_violation', constraint = 'block_without_friendship';
    end if;
    update customer set blocks_somebody = true where id = new.blocker and not blocks_somebody;
    return new;
end
$$;

create trigger block_without_friendship before insert or update on block
    for each row execute function block_without_friendship();

-- Whether an address book that has the number may find its owner.
alter table customer add column findable boolean not null default true;

-- By what a client sends in place of the number. A phone is a sign and digits, so it is its own bytes.
create unique index customer_phone_hash on customer (sha256(decode(phone, 'escape')));

-- A transfer begins with the stricter of what its two parties wish. When one of them says another word
-- later, both words are kept, that of the other being what it began with, and the stricter one holds.
alter table transfer
    add column payer_says text check (payer_says in ('PRIVATE', 'FRIENDS', 'PUBLIC')),
    add column payee_says text check (payee_says in ('PRIVATE', 'FRIENDS', 'PUBLIC')),
    add constraint transfer_stricter check (
        (payer_says is null) = (payee_says is null)
        and (payer_says is null or visibility = case
                when 'PRIVATE' in (payer_says, payee_says) then 'PRIVATE'
                when 'FRIENDS' in (payer_says, payee_says) then 'FRIENDS'
                else 'PUBLIC' end));

-- Who may see it is the one thing that both may change at any time, and then nothing else changes with it.
create function transfer_is_shown() returns trigger language plpgsql as $$
declare
    may_change constant text[] := array['visibility', 'payer_says', 'payee_says'];
begin
    if (to_jsonb(new) - may_change) <> (to_jsonb(old) - may_change)
        or new.payer_says is null
        or (old.payer_says is null and old.visibility not in (new.payer_says, new.payee_says))
        or (old.payer_says is not null
            and new.payer_says <> old.payer_says and new.payee_says <> old.payee_says) then
        raise exception 'transfer % is not shown in this way', old.id
            using errcode = 'check_violation', constraint = 'transfer_is_shown';
    end if;
    return new;
end
$$;

drop trigger transfer_is_final on transfer;
create trigger transfer_is_final before update on transfer
    for each row
    when ((old.visibility, old.payer_says, old.payee_says)
          is not distinct from (new.visibility, new.payer_says, new.payee_says))
    execute function transfer_is_final();
create trigger transfer_is_shown before update on transfer
    for each row
    when ((old.visibility, old.payer_says, old.payee_says)
          is distinct from (new.visibility, new.payer_says, new.payee_says))
    execute function transfer_is_shown();

-- What others may see of somebody, newest last. Partial, so that what is private, as all is by default, costs
-- the transfer nothing.
create index transfer_shown_payer on transfer (payer, visibility, id)
    where visibility <> 'PRIVATE' and state = 'COMPLETED' and refund_of is null;
create index transfer_shown_payee on transfer (payee, visibility, id)
    where visibility <> 'PRIVATE' and state = 'COMPLETED' and refund_of is null;

-- What the feed reads: that money has changed hands and stayed there. It cannot tell how much.
create view feed_entry as
    select payer, payee, id, note, visibility, completed_at
      from transfer
     where state = 'COMPLETED' and completed_at is not null and refund_of is null;

-- And whom it hides from whom.
create view feed_hidden as
    select blocker as viewer, blocked as person from block
    union all
    select blocked, blocker from block;

do $$
begin
    if exists (select from pg_roles where rolname = '${appRole}') then
        execute format('grant select, insert, delete on block, friendship to %I', '${appRole}');
        execute format('grant update (visibility, payer_says, payee_says) on transfer to %I', '${appRole}');
        execute format('grant select on feed_entry, feed_hidden to %I', '${appRole}');
    end if;
end
$$;
