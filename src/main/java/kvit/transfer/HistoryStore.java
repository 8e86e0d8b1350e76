package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kvit.database.Parameters;
import org.jspecify.annotations.Nullable;

/** Of the table transfer what one person sees of it. */
@ApplicationScoped
class HistoryStore {

    /**
     * Which transfers of a person.
     *
     * @param sent those that they paid, declined ones included
     * @param received those that they were paid
     * @param from created not before
     * @param to created before
     * @param after the last one of the page before this one
     */
    record Query(
            UUID person,
            boolean sent,
            boolean received,
            @Nullable TransferState state,
            @Nullable String key,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID after,
            int limit) {}

    private final TransferRows rows;

    HistoryStore(TransferRows rows) {
        this.rows = rows;
    }

    /**
     * Newest first. The two directions have an index each, so each is read by its own and only so
     * far; and so has what waits for this person, of which there is hardly ever any.
     *
     * <p>The statement says only what is asked for: conditions that may be null keep PostgreSQL
     * from using a plan again, and making one takes three times as long as reading the rows.
     */
    List<Transfer> list(Query query) {
        var ways = ways(query);
        var filters = filters(query);
        var and = filters.stream().map(it -> " and " + it.sql()).collect(Collectors.joining());
        return rows.read(
                ways.stream()
                        .map(
                                it ->
                                        "(select %s from transfer where %s%s order by id desc limit ?)"
                                                .formatted(TransferRows.COLUMNS, it.sql(), and))
                        .collect(
                                Collectors.joining(
                                        " union all ",
                                        "select * from (",
                                        ") as all_of_them order by id desc limit ?")),
                in -> {
                    for (var way : ways) {
                        way.bind().accept(in);
                        filters.forEach(it -> it.bind().accept(in));
                        in.number(query.limit());
                    }
                    in.number(query.limit());
                });
    }

    private record Condition(String sql, Consumer<Parameters> bind) {}

    private static List<Condition> ways(Query query) {
        Consumer<Parameters> person = in -> in.uuid(query.person());
        var ways = new ArrayList<Condition>();
        if (query.sent()) {
            ways.add(new Condition("payer = ?", person));
        }
        if (query.received()) {
            ways.add(new Condition("payee = ? and completed_at is not null", person));
            ways.add(
                    new Condition(
                            "payee = ? and payee is not null and state = 'UNCLAIMED'", person));
        }
        return ways;
    }

    private static List<Condition> filters(Query query) {
        var filters = new ArrayList<Condition>();
        var state = query.state();
        if (state == TransferState.PENDING) {
            filters.add(new Condition("state in ('PENDING', 'CHARGING', 'UNCLAIMED')", in -> {}));
        } else if (state != null) {
            filters.add(new Condition("state = ?", in -> in.text(state.name())));
        }
        if (query.key() != null) {
            filters.add(
                    new Condition(
                            "payer = ? and key = ?",
                            in -> in.uuid(query.person()).text(query.key())));
        }
        if (query.from() != null) {
            filters.add(new Condition("created_at >= ?", in -> in.time(query.from())));
        }
        if (query.to() != null) {
            filters.add(new Condition("created_at < ?", in -> in.time(query.to())));
        }
        if (query.after() != null) {
            filters.add(new Condition("id < ?", in -> in.uuid(query.after())));
        }
        return filters;
    }
}
