package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import kvit.database.Database;
import kvit.operate.AuditWalk.Fault;
import kvit.operate.AuditWalk.Link;
import kvit.operate.AuditWalk.What;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the whole chain of the audit trail. Locks nothing and holds no transaction from one
 * part to the next: what has been written does not change, and what comes meanwhile is for the next
 * time.
 */
@ApplicationScoped
class VerifyAudit {

    private static final int PORTION = 1_000;

    private static final Duration COME_BACK_AFTER = Duration.ofSeconds(5);

    private final Database database;
    private final AuditSeals seals;

    /** Each goes through everything that there is. */
    private final Semaphore room = new Semaphore(1);

    VerifyAudit(Database database, AuditSeals seals) {
        this.database = database;
        this.seals = seals;
    }

    /**
     * What has come of it.
     *
     * @param rows as many as fit, from the first one on
     * @param digest of the last of them in hex; to be kept elsewhere, and given the next time
     * @param seals as many as were compared
     * @param sealsOfOtherKeys of them, whose key is not ours any more: compared and not vouched for
     * @param fault null where everything fits
     */
    record Verification(
            boolean intact,
            long rows,
            String digest,
            int seals,
            int sealsOfOtherKeys,
            @Nullable Fault fault) {}

    /** What the head says, and the last that there is: of one moment. */
    private record Head(long number, @Nullable String digest, long last) {}

    /**
     * From the first row to the last, or to the first that does not fit.
     *
     * @param remembered digests by number, from a log or from the last time
     * @throws Problem UNAVAILABLE while this replica makes another one
     */
    Verification verify(Map<Long, String> remembered) {
        if (!room.tryAcquire()) {
            throw GeneralProblem.UNAVAILABLE
                    .because("One at a time, and one is under way.")
                    .retryAfter(COME_BACK_AFTER);
        }
        try {
            return verified(remembered);
        } finally {
            room.release();
        }
    }

    private Verification verified(Map<Long, String> remembered) {
        var all = seals.all();
        var head =
                database
                        .query(
                                """
                                select h.number, encode(h.digest, 'hex'),
                                       (select coalesce(max(number), 0) from audit_link)
                                  from audit_head h
                                """,
                                in -> {},
                                row -> new Head(row.getLong(1), row.getString(2), row.getLong(3)))
                        .stream()
                        .findFirst()
                        .orElse(new Head(0, null, 0));
        var sealed = new HashMap<Long, String>();
        // Beside one of another key, ours is the one that is vouched for.
        all.stream()
                .sorted(Comparator.comparing(AuditSeals.Seal::isOfThisKey))
                .forEach(it -> sealed.put(it.number(), it.digest()));
        var walk = new AuditWalk(sealed, remembered);
        var fault =
                all.stream()
                        .filter(it -> it.isOfThisKey() && !it.isGenuine())
                        .findFirst()
                        .map(it -> new Fault(it.number(), What.SEAL_BROKEN))
                        .or(() -> walked(walk, head.last()))
                        .or(() -> walk.end(head.number(), head.digest()))
                        .or(this::unlinked);
        return new Verification(
                fault.isEmpty(),
                walk.reached(),
                walk.digest(),
                all.size(),
                (int) all.stream().filter(it -> !it.isOfThisKey()).count(),
                fault.orElse(null));
    }

    private Optional<Fault> walked(AuditWalk walk, long until) {
        List<Link> links;
        do {
            links = after(walk.reached(), until);
            for (var link : links) {
                var fault = walk.next(link);
                if (fault.isPresent()) {
                    return fault;
                }
            }
        } while (!links.isEmpty());
        return Optional.empty();
    }

    private List<Link> after(long number, long until) {
        return database.query(
                "select l.number, encode(l.previous, 'hex'), encode(l.digest, 'hex'), a.id is null,"
                        + " "
                        + AuditRow.COLUMNS
                        + """
                          from audit_link l
                          left join audit a on a.id = l.audit
                         where l.number > ? and l.number <= ?
                         order by l.number
                         limit ?
                        """,
                in -> in.number(number).number(until).number(PORTION),
                row ->
                        new Link(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                row.getBoolean(4) ? null : AuditRow.read(row, 5)));
    }

    private record Linked(UUID row, boolean isLinked) {}

    /**
     * Each row takes its place in the chain in the transaction that writes it. Portion by portion:
     * of all of them at once the database would give up at some millions.
     */
    private Optional<Fault> unlinked() {
        var after = new UUID(0, 0);
        List<Linked> rows;
        do {
            rows = linked(after);
            for (var row : rows) {
                if (!row.isLinked()) {
                    return Optional.of(new Fault(0, What.UNLINKED));
                }
                after = row.row();
            }
        } while (!rows.isEmpty());
        return Optional.empty();
    }

    private List<Linked> linked(UUID after) {
        return database.query(
                """
                select a.id, l.audit is not null
                  from (select id from audit where id > ? order by id limit ?) a
                  left join audit_link l on l.audit = a.id
                 order by a.id
                """,
                in -> in.uuid(after).number(PORTION),
                row -> new Linked(row.getObject(1, UUID.class), row.getBoolean(2)));
    }
}
