package kvit.operate;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.concurrent.Callable;
import kvit.database.Database;
import kvit.source.Clock;
import kvit.source.Ids;

/** The table audit: what operators did alone. What two of them did stands in its approval. */
@ApplicationScoped
public class AuditTrail {

    private final Database database;
    private final AtWork atWork;
    private final Clock clock;
    private final Ids ids;

    AuditTrail(Database database, AtWork atWork, Clock clock, Ids ids) {
        this.database = database;
        this.atWork = atWork;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Does it and writes down who did it to what and why, in one transaction: neither stands
     * without the other.
     *
     * @param action what it is called: {@code clients.disable}
     * @param resource what it was done to
     */
    public <T> T recording(String action, String resource, String reason, Callable<T> work) {
        return Races.transaction(
                () -> {
                    var done = work.call();
                    record(action, resource, reason);
                    return done;
                });
    }

    /** Writes it down in the transaction in which it is done. */
    @Transactional(MANDATORY)
    public void record(String action, String resource, String reason) {
        database.update(
                """
                insert into audit (id, at, operator, action, resource, reason)
                values (?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(ids.next())
                                .time(clock.instant())
                                .uuid(atWork.id())
                                .text(action)
                                .text(resource)
                                .text(reason));
    }
}
