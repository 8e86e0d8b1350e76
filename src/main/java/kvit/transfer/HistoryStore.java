package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
     */
    List<Transfer> list(Query query) {
        var filter =
                """
                   and (cast(? as text) is null or state = ?
                        or (state in ('CHARGING', 'UNCLAIMED') and ? = 'PENDING'))
                   and (cast(? as text) is null or (payer = ? and key = ?))
                   and (cast(? as timestamptz) is null or created_at >= ?)
                   and (cast(? as timestamptz) is null or created_at < ?)
                   and (cast(? as uuid) is null or id < ?)
                 order by id desc
                 limit ?
                """;
        return List.copyOf(
                rows.transfers(
                                "(select "
                                        + TransferRows.COLUMNS
                                        + " from transfer where payer = ? and ? "
                                        + filter
                                        + ") union all (select "
                                        + TransferRows.COLUMNS
                                        + " from transfer where payee = ? and completed_at is not"
                                        + " null and ? "
                                        + filter
                                        + ") union all (select "
                                        + TransferRows.COLUMNS
                                        + " from transfer where payee = ? and payee is not null"
                                        + " and state = 'UNCLAIMED' and ? "
                                        + filter
                                        + ") order by id desc limit ?",
                                in -> {
                                    bind(in, query, query.sent());
                                    bind(in, query, query.received());
                                    bind(in, query, query.received());
                                    in.number(query.limit());
                                })
                        .values());
    }

    private static void bind(Parameters in, Query query, boolean wanted) {
        var state = query.state() == null ? null : query.state().name();
        in.uuid(query.person())
                .flag(wanted)
                .text(state)
                .text(state)
                .text(state)
                .text(query.key())
                .uuid(query.person())
                .text(query.key())
                .time(query.from())
                .time(query.from())
                .time(query.to())
                .time(query.to())
                .uuid(query.after())
                .uuid(query.after())
                .number(query.limit());
    }
}
