package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The table claim. */
@ApplicationScoped
class ClaimStore {

    private static final String COLUMNS =
            "id, transfer, customer, minor, currency, kind, statement, country, due, legal_reference,"
                    + " state, opened_at, opened_by, deadline, last_at, ended_at, way, due_at";

    /** Which claims; null is any. */
    record Query(
            @Nullable ClaimState state,
            @Nullable UUID customer,
            @Nullable UUID transfer,
            @Nullable Place after,
            int atMost) {}

    /** The last one of the page before. */
    record Place(Instant deadline, UUID id) {}

    private final Database database;

    ClaimStore(Database database) {
        this.database = database;
    }

    /** False where another claim on its transfer is open or was accepted. */
    boolean insert(Claim claim) {
        return database.update(
                        "insert into claim ("
                                + COLUMNS
                                + """
                                ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                on conflict (transfer) where state <> 'REJECTED'
                                do nothing
                                """,
                        in ->
                                in.uuid(claim.id())
                                        .uuid(claim.transfer())
                                        .uuid(claim.customer())
                                        .number(claim.amount().minor())
                                        .text(claim.amount().currency().name())
                                        .text(claim.kind().name())
                                        .text(claim.statement())
                                        .text(claim.country())
                                        .text(claim.due().name())
                                        .text(claim.legalReference())
                                        .text(claim.state().name())
                                        .time(claim.openedAt())
                                        .text(claim.openedBy())
                                        .time(claim.deadline())
                                        .time(claim.lastAt())
                                        .time(claim.endedAt())
                                        .text(claim.way() == null ? null : claim.way().name())
                                        .time(claim.dueAt()))
                == 1;
    }

    /** The one that is open or was accepted. */
    Optional<Claim> standing(UUID transfer) {
        return database.find(
                "select " + COLUMNS + " from claim where transfer = ? and state <> 'REJECTED'",
                in -> in.uuid(transfer),
                ClaimStore::read);
    }

    Optional<Claim> find(UUID id) {
        return database.find(
                "select " + COLUMNS + " from claim where id = ?",
                in -> in.uuid(id),
                ClaimStore::read);
    }

    Optional<Claim> lock(UUID id) {
        return database.find(
                "select " + COLUMNS + " from claim where id = ? for update",
                in -> in.uuid(id),
                ClaimStore::read);
    }

    /** What is due soonest first. */
    List<Claim> list(Query query) {
        var state = query.state() == null ? null : query.state().name();
        var after = query.after();
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from claim
                         where (cast(? as text) is null or state = ?)
                           and (cast(? as uuid) is null or customer = ?)
                           and (cast(? as uuid) is null or transfer = ?)
                           and (cast(? as timestamptz) is null or (deadline, id) > (?, ?))
                         order by deadline, id
                         limit ?
                        """,
                in -> {
                    var deadline = after == null ? null : after.deadline();
                    in.text(state)
                            .text(state)
                            .uuid(query.customer())
                            .uuid(query.customer())
                            .uuid(query.transfer())
                            .uuid(query.transfer())
                            .time(deadline)
                            .time(deadline)
                            .uuid(after == null ? null : after.id())
                            .number(query.atMost());
                },
                ClaimStore::read);
    }

    /** Somebody's own, the newest first. */
    List<Claim> ofCustomer(UUID customer, @Nullable UUID before, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from claim
                         where customer = ? and (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in -> in.uuid(customer).uuid(before).uuid(before).number(atMost),
                ClaimStore::read);
    }

    /** Those of somebody that are open, what is due soonest first. */
    List<Claim> open(UUID customer, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from claim
                         where customer = ? and state in ('RECEIVED', 'INVESTIGATING')
                         order by deadline, id
                         limit ?
                        """,
                in -> in.uuid(customer).number(atMost),
                ClaimStore::read);
    }

    void investigating(UUID id) {
        database.update("update claim set state = 'INVESTIGATING' where id = ?", in -> in.uuid(id));
    }

    void due(UUID id, Instant deadline) {
        database.update(
                "update claim set deadline = ? where id = ?", in -> in.time(deadline).uuid(id));
    }

    /**
     * @param way null of one that is rejected
     */
    void ended(UUID id, ClaimState state, @Nullable Way way, Instant at) {
        database.update(
                "update claim set state = ?, way = ?, ended_at = ? where id = ?",
                in ->
                        in.text(state.name())
                                .text(way == null ? null : way.name())
                                .time(at)
                                .uuid(id));
    }

    private static Claim read(ResultSet row) throws SQLException {
        var way = row.getString(17);
        return new Claim(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                new Money(row.getLong(4), Currency.valueOf(row.getString(5))),
                ClaimKind.valueOf(row.getString(6)),
                row.getString(7),
                row.getString(8),
                ClaimPolicy.Due.valueOf(row.getString(9)),
                row.getString(10),
                ClaimState.valueOf(row.getString(11)),
                row.getTimestamp(12).toInstant(),
                row.getString(13),
                row.getTimestamp(14).toInstant(),
                time(row.getTimestamp(18)),
                time(row.getTimestamp(15)),
                time(row.getTimestamp(16)),
                way == null ? null : Way.valueOf(way));
    }

    private static @Nullable Instant time(@Nullable Timestamp stamp) {
        return stamp == null ? null : stamp.toInstant();
    }
}
