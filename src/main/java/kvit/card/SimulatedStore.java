package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** The simulator's memory: what was done there, and what shall go wrong next. */
@ApplicationScoped
class SimulatedStore {

    private static final String COLUMNS =
            "id, kind, subject, minor, currency, speed, name, refusal, at, later, later_at";

    private final Database database;
    private final Ids ids;

    SimulatedStore(Database database, Ids ids) {
        this.database = database;
        this.ids = ids;
    }

    /**
     * Whether it is new; of two at the same time one is, and the other one waits to know. A
     * conflict of either key is meant: the name follows from the id, and is sometimes found taken
     * first.
     */
    boolean insert(SimulatedOperation operation) {
        return database.update(
                        """
                        insert into simulated_operation
                            (id, kind, subject, minor, currency, speed, name, refusal, at, later,
                             later_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """,
                        in ->
                                in.uuid(operation.id())
                                        .text(operation.kind().name())
                                        .text(operation.subject())
                                        .number(operation.amount().minor())
                                        .text(operation.amount().currency().name())
                                        .text(name(operation.speed()))
                                        .text(operation.name())
                                        .text(operation.refusal())
                                        .time(operation.at())
                                        .text(name(operation.later()))
                                        .time(operation.laterAt()))
                == 1;
    }

    Optional<SimulatedOperation> find(UUID id) {
        return database.find(
                "select " + COLUMNS + " from simulated_operation where id = ?",
                in -> in.uuid(id),
                SimulatedStore::read);
    }

    /** Under lock, because its refunds must not add up to more than it. */
    Optional<SimulatedOperation> lockCharge(String name) {
        return database.find(
                "select "
                        + COLUMNS
                        + " from simulated_operation"
                        + " where name = ? and kind = 'CHARGE' and refusal is null for update",
                in -> in.text(name),
                SimulatedStore::read);
    }

    /** What of a charge was given back, in its minor unit. */
    long refunded(String charge) {
        return database.find(
                        """
                        select coalesce(sum(minor), 0)::bigint
                          from simulated_operation
                         where subject = ? and kind = 'REFUND' and refusal is null
                        """,
                        in -> in.text(charge),
                        row -> row.getLong(1))
                .orElse(0L);
    }

    /** All that was asked for since then, oldest first. */
    List<SimulatedOperation> since(Instant begin) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from simulated_operation where at >= ? order by at, id limit 10000",
                in -> in.time(begin),
                SimulatedStore::read);
    }

    /** What has become of operations by now, and was not told yet. */
    List<SimulatedOperation> untold(Instant now, int max) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                           from simulated_operation
                          where later_at <= ? and not told
                          order by later_at
                          limit ?
                        """,
                in -> in.time(now).number(max),
                SimulatedStore::read);
    }

    void told(UUID id) {
        database.update(
                "update simulated_operation set told = true where id = ?", in -> in.uuid(id));
    }

    void addFault(SimulatedFault fault, @Nullable String card) {
        database.update(
                "insert into simulated_fault (id, fault, card) values (?, ?, ?)",
                in -> in.uuid(ids.next()).text(fault.name()).text(card));
    }

    void clearFaults() {
        database.update("delete from simulated_fault", in -> {});
    }

    /** The next of these faults that is meant for a call about this card; each strikes once. */
    Optional<SimulatedFault> takeFault(String card, Set<SimulatedFault> which) {
        return database.find(
                """
                delete from simulated_fault
                 where id = (select id
                               from simulated_fault
                              where (card is null or card = ?) and fault = any (?)
                              order by id
                              limit 1
                                for update skip locked)
                returning fault
                """,
                in -> in.text(card).texts(which, SimulatedFault::name),
                row -> SimulatedFault.valueOf(row.getString(1)));
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static SimulatedOperation read(ResultSet row) throws SQLException {
        var speed = row.getString(6);
        var later = row.getString(10);
        var laterAt = row.getTimestamp(11);
        return new SimulatedOperation(
                row.getObject(1, UUID.class),
                SimulatedOperation.Kind.valueOf(row.getString(2)),
                row.getString(3),
                new Money(row.getLong(4), Currency.valueOf(row.getString(5))),
                speed == null ? null : Speed.valueOf(speed),
                row.getString(7),
                row.getString(8),
                row.getTimestamp(9).toInstant(),
                later == null ? null : SimulatedOperation.Later.valueOf(later),
                laterAt == null ? null : laterAt.toInstant());
    }
}
