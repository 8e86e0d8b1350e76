package kvit.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import kvit.money.Money;

/** The table hold. */
@ApplicationScoped
class HoldStore {

    /** What a posting took of a hold. */
    record Capture(Hold hold, long minor, Instant at) {}

    private final Database database;

    HoldStore(Database database) {
        this.database = database;
    }

    void insert(List<Hold> holds, Instant now) {
        if (holds.isEmpty()) {
            return;
        }
        database.updateLater(
                """
                insert into hold (account, id, minor, state, created_at, expires_at)
                select account, id, minor, state, cast(? as timestamptz), expires_at
                  from unnest(?, ?, ?, ?, ?) as h (account, id, minor, state, expires_at)
                """,
                in ->
                        in.time(now)
                                .uuids(holds, Hold::account)
                                .uuids(holds, Hold::id)
                                .numbers(holds, it -> it.amount().minor())
                                .texts(holds, it -> it.state().name())
                                .times(holds, Hold::expiresAt));
    }

    void settle(List<Hold> holds, Hold.State state, Instant now) {
        if (holds.isEmpty()) {
            return;
        }
        database.update(
                """
                update hold h
                   set state = ?, settled_at = ?
                  from unnest(?, ?) as s (account, id)
                 where h.account = s.account and h.id = s.id
                """,
                in ->
                        in.text(state.name())
                                .time(now)
                                .uuids(holds, Hold::account)
                                .uuids(holds, Hold::id));
    }

    void capture(List<Capture> captures) {
        if (captures.isEmpty()) {
            return;
        }
        database.update(
                """
                update hold h
                   set state = 'CAPTURED', captured = c.minor, settled_at = c.at
                  from unnest(?, ?, ?, ?) as c (account, id, minor, at)
                 where h.account = c.account and h.id = c.id
                """,
                in ->
                        in.uuids(captures, it -> it.hold().account())
                                .uuids(captures, it -> it.hold().id())
                                .numbers(captures, Capture::minor)
                                .times(captures, Capture::at));
    }

    /**
     * After their accounts are locked: whoever holds the account's lock is alone with its holds.
     */
    Map<UUID, Hold> find(Collection<UUID> accounts, Collection<UUID> ids) {
        var found = new HashMap<UUID, Hold>();
        if (!ids.isEmpty()) {
            query(
                            """
                             where h.account = any (?) and h.id = any (?)
                            """,
                            in -> in.uuids(accounts).uuids(ids))
                    .forEach(it -> found.put(it.id(), it));
        }
        return found;
    }

    /** Without locks, which are taken in their order afterwards. */
    List<Hold> due(Instant now, int atMost) {
        return query(
                """
                 where h.state = 'PENDING' and h.expires_at <= ?
                 order by h.expires_at
                 limit ?
                """,
                in -> in.time(now).number(atMost));
    }

    private List<Hold> query(String condition, Consumer<Parameters> bind) {
        return database.query(
                """
                select h.account, h.id, h.minor, a.currency, h.captured, h.state, h.expires_at
                  from hold h
                  join account a on a.id = h.account
                """
                        + condition,
                bind,
                row -> {
                    var expiresAt = row.getTimestamp(7);
                    return new Hold(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            new Money(row.getLong(3), Currency.valueOf(row.getString(4))),
                            row.getLong(5),
                            Hold.State.valueOf(row.getString(6)),
                            expiresAt == null ? null : expiresAt.toInstant());
                });
    }
}
