package kvit.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * The table webhook_lane: whose turn it is at an endpoint. All under the lock of the endpoint's
 * row, but for those that only look.
 */
@ApplicationScoped
class LaneStore {

    /**
     * A lane that somebody sends from.
     *
     * @param turn by which they prove later that it is still theirs
     */
    record Held(UUID customer, long turn) {}

    /** More of one customer's for one endpoint. */
    record Added(UUID customer, UUID endpoint, long count) {}

    /**
     * What has become of a lane.
     *
     * @param ended deliveries that wait no more
     * @param retryAt when to go on; null for at once
     */
    record Result(Held lane, long ended, @Nullable Instant retryAt) {}

    private final Database database;

    LaneStore(Database database) {
        this.database = database;
    }

    /** More to send; a lane that is empty is due at once, another one when it was. */
    void add(List<Added> added, Instant now) {
        database.update(
                """
                insert into webhook_lane as l (customer, endpoint, pending, due_at)
                select customer, endpoint, count, cast(? as timestamptz)
                  from unnest(?, ?, ?) as n (customer, endpoint, count)
                on conflict (customer, endpoint) do update
                   set pending = l.pending + excluded.pending,
                       due_at = coalesce(l.due_at, excluded.due_at)
                """,
                in ->
                        in.time(now)
                                .uuids(added, Added::customer)
                                .uuids(added, Added::endpoint)
                                .numbers(added, Added::count));
    }

    /**
     * Those of these endpoints for which there is something to do: a lane is due, or is held by
     * somebody, who may be dead.
     */
    List<UUID> busy(Collection<UUID> endpoints, Instant now) {
        return database.query(
                """
                select e.id
                  from unnest(?) as e (id)
                 where exists (select from webhook_lane
                                where endpoint = e.id and not held and due_at <= ?)
                    or exists (select from webhook_lane where endpoint = e.id and held)
                """,
                in -> in.uuids(endpoints).time(now),
                row -> row.getObject(1, UUID.class));
    }

    /**
     * Takes the lanes from whoever held them: they will find that it is not their turn any more.
     */
    void release(UUID endpoint) {
        database.update(
                "update webhook_lane set held = false, turn = turn + 1 where endpoint = ? and held",
                in -> in.uuid(endpoint));
    }

    /** Those that have been due longest. */
    List<Held> hold(UUID endpoint, Instant now, int atMost) {
        return database.query(
                """
                update webhook_lane l
                   set held = true, turn = l.turn + 1
                  from (select customer
                          from webhook_lane
                         where endpoint = ? and not held and due_at <= ?
                         order by due_at
                         limit ?) due
                 where l.customer = due.customer and l.endpoint = ?
                returning l.customer, l.turn
                """,
                in -> in.uuid(endpoint).time(now).number(atMost).uuid(endpoint),
                row -> new Held(row.getObject(1, UUID.class), row.getLong(2)));
    }

    /** Lets go of them; says of which customers they still were the caller's. */
    List<UUID> settle(UUID endpoint, List<Result> results, Instant now) {
        return database.query(
                """
                update webhook_lane l
                   set held = false,
                       pending = l.pending - r.ended,
                       due_at = case when l.pending = r.ended then null
                                     else coalesce(r.retry_at, cast(? as timestamptz)) end
                  from unnest(?, ?, ?, ?) as r (customer, turn, ended, retry_at)
                 where l.customer = r.customer and l.endpoint = ? and l.held and l.turn = r.turn
                returning l.customer
                """,
                in ->
                        in.time(now)
                                .uuids(results, it -> it.lane().customer())
                                .numbers(results, it -> it.lane().turn())
                                .numbers(results, Result::ended)
                                .times(results, Result::retryAt)
                                .uuid(endpoint),
                row -> row.getObject(1, UUID.class));
    }

    /** Whether anything waits to be sent there. */
    boolean anyPending(UUID endpoint) {
        return database.find(
                        "select 1 from webhook_lane where endpoint = ? and (held or due_at is not"
                                + " null) and pending > 0 limit 1",
                        in -> in.uuid(endpoint),
                        row -> true)
                .isPresent();
    }

    /** Lets some go on that wait for another attempt; says how many. */
    int hasten(UUID endpoint, Instant now, int atMost) {
        return database.update(
                """
                update webhook_lane l
                   set due_at = ?
                  from (select customer
                          from webhook_lane
                         where endpoint = ? and not held and due_at > ?
                         order by due_at
                         limit ?) later
                 where l.customer = later.customer and l.endpoint = ?
                """,
                in -> in.time(now).uuid(endpoint).time(now).number(atMost).uuid(endpoint));
    }
}
