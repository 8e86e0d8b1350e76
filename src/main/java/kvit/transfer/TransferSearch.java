package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The table transfer as operators search it. What was not asked for is not in the statement, so
 * that each question is answered by the index that it has.
 */
@ApplicationScoped
class TransferSearch {

    /** An id is made a moment before what it names, and by the same clock. */
    private static final Duration ID_IS_OLDER_BY = Duration.ofMinutes(1);

    /**
     * Which transfers; null is any.
     *
     * @param phone E.164 that it was sent to while it was nobody's
     * @param state as it is outside: pending is also one whose card is being charged, and one that
     *     waits for its payee
     * @param minor of the amount exactly, in minor units
     * @param from created not before
     * @param to created before
     * @param after the last one of the page before this one
     */
    record Query(
            @Nullable UUID id,
            @Nullable UUID payer,
            @Nullable UUID payee,
            @Nullable String phone,
            @Nullable TransferState state,
            @Nullable Long minor,
            @Nullable Currency currency,
            @Nullable String reference,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID after,
            int limit) {}

    /** Who has looked at one that was kept back, and why it went as it went. */
    record Reviewed(String by, String reason) {}

    private final Database database;
    private final TransferStore store;

    TransferSearch(Database database, TransferStore store) {
        this.database = database;
        this.store = store;
    }

    /** Newest first. */
    List<Transfer> find(Query query) {
        var where = new ArrayList<String>();
        var values = new ArrayList<Consumer<Parameters>>();
        where(query.id(), "id = ?", Parameters::uuid, where, values);
        where(query.payer(), "payer = ?", Parameters::uuid, where, values);
        where(query.payee(), "payee = ?", Parameters::uuid, where, values);
        where(query.phone(), "phone = ?", Parameters::text, where, values);
        where(query.minor(), "minor = ?", (in, it) -> in.number(it), where, values);
        where(name(query.currency()), "currency = ?", Parameters::text, where, values);
        where(query.reference(), "reference = ?", Parameters::text, where, values);
        where(query.after(), "id < ?", Parameters::uuid, where, values);
        if (query.state() == TransferState.PENDING) {
            where.add("state in ('PENDING', 'CHARGING', 'UNCLAIMED')");
        } else {
            where(name(query.state()), "state = ?", Parameters::text, where, values);
        }
        if (query.from() != null) {
            var since = query.from();
            where(since, "created_at >= ?", Parameters::time, where, values);
            // By time there is no index; ids begin with it.
            var oldest = Ids.floor(since.minus(ID_IS_OLDER_BY));
            where(oldest, "id >= ?", Parameters::uuid, where, values);
        }
        if (query.to() != null) {
            var until = query.to();
            where(until, "created_at < ?", Parameters::time, where, values);
            where(Ids.floor(until), "id < ?", Parameters::uuid, where, values);
        }
        var ids =
                database.query(
                        "select id from transfer where "
                                + String.join(" and ", where.isEmpty() ? List.of("true") : where)
                                + " order by id desc limit ?",
                        in -> {
                            values.forEach(it -> it.accept(in));
                            in.number(query.limit());
                        },
                        row -> row.getObject(1, UUID.class));
        return byIds(ids);
    }

    private interface Binding<T> {
        Parameters bind(Parameters in, T value);
    }

    private static <T> void where(
            @Nullable T value,
            String condition,
            Binding<T> binding,
            List<String> where,
            List<Consumer<Parameters>> values) {
        if (value != null) {
            where.add(condition);
            values.add(in -> binding.bind(in, value));
        }
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    /** What was given back of one, the oldest first. */
    List<Transfer> refundsOf(UUID transfer) {
        return byIds(
                database.query(
                        "select id from transfer where refund_of = ? and state = 'COMPLETED' order by id",
                        in -> in.uuid(transfer),
                        row -> row.getObject(1, UUID.class)));
    }

    Optional<Reviewed> reviewed(UUID transfer) {
        return database.find(
                "select reviewed_by, review_reason from transfer where id = ? and reviewed_by is not null",
                in -> in.uuid(transfer),
                row -> new Reviewed(row.getString(1), row.getString(2)));
    }

    private List<Transfer> byIds(List<UUID> ids) {
        var found = store.byIds(ids);
        return ids.stream().map(found::get).map(Objects::requireNonNull).toList();
    }
}
