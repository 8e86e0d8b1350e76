package kvit.identity;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * The table block: who wants nothing to do with whom. Here and not with friends, because {@link
 * People} hides the two from each other, wherever one of them names the other.
 */
@ApplicationScoped
public class Blocks {

    /** Two people, in either order. */
    public record Pair(UUID one, UUID other) {}

    /**
     * Somebody who is blocked.
     *
     * @param person no more than the id, where there is nobody or they have blocked the viewer
     * @param id the place in the list
     */
    public record Block(PersonView person, UUID id, Instant since) {}

    private final Database database;

    Blocks(Database database) {
        this.database = database;
    }

    /**
     * Holds both until the end of the transaction, so that nothing else is said between the two
     * meanwhile; in the order of their ids, so that nobody waits in a circle.
     */
    @Transactional(MANDATORY)
    public void hold(UUID one, UUID other) {
        database.query(
                "select id from customer where id = any (?) order by id for no key update",
                in -> in.uuids(List.of(one, other)),
                row -> row.getObject(1, UUID.class));
    }

    /** Whether one has blocked that id. */
    public boolean stands(UUID blocker, UUID blocked) {
        return database.find(
                        "select 1 from block where blocker = ? and blocked = ?",
                        in -> in.uuid(blocker).uuid(blocked),
                        row -> true)
                .isPresent();
    }

    /** Those of the pairs between whom a block stands, whoever of them has made it. */
    public Set<Pair> between(Collection<Pair> pairs) {
        if (pairs.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(
                database.query(
                        """
                        select p.one, p.other
                          from unnest(?, ?) as p (one, other)
                         where exists (select from block b
                                        where b.blocker = p.one and b.blocked = p.other)
                            or exists (select from block b
                                        where b.blocker = p.other and b.blocked = p.one)
                        """,
                        in -> in.uuids(pairs, Pair::one).uuids(pairs, Pair::other),
                        row ->
                                new Pair(
                                        row.getObject(1, UUID.class),
                                        row.getObject(2, UUID.class))));
    }

    public boolean areBetween(UUID one, UUID other) {
        return !between(List.of(new Pair(one, other))).isEmpty();
    }

    public int count(UUID blocker) {
        return database.query(
                        "select count(*) from block where blocker = ?",
                        in -> in.uuid(blocker),
                        row -> row.getInt(1))
                .get(0);
    }

    /** With the two held. */
    @Transactional(MANDATORY)
    public void add(UUID blocker, UUID blocked, UUID id, Instant now) {
        database.update(
                """
                insert into block (blocker, blocked, id, since) values (?, ?, ?, ?)
                on conflict (blocker, blocked) do nothing
                """,
                in -> in.uuid(blocker).uuid(blocked).uuid(id).time(now));
    }

    public void remove(UUID blocker, UUID blocked) {
        database.update(
                "delete from block where blocker = ? and blocked = ?",
                in -> in.uuid(blocker).uuid(blocked));
    }

    /** Whom somebody has blocked, the last one first. */
    public List<Block> of(UUID blocker, @Nullable UUID before, int atMost) {
        return database.query(
                """
                select b.blocked, c.display_name, c.handle, b.id, b.since
                  from block b
                  left join customer c
                    on c.id = b.blocked and c.state in ('ACTIVE', 'FROZEN')
                   and not exists (select from block r
                                    where r.blocker = b.blocked and r.blocked = b.blocker)
                 where b.blocker = ? and (cast(? as uuid) is null or b.id < ?)
                 order by b.id desc
                 limit ?
                """,
                in -> in.uuid(blocker).uuid(before).uuid(before).number(atMost),
                row ->
                        new Block(
                                new PersonView(
                                        row.getObject(1, UUID.class),
                                        row.getString(2),
                                        row.getString(3)),
                                row.getObject(4, UUID.class),
                                row.getTimestamp(5).toInstant()));
    }
}
