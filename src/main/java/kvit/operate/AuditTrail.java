package kvit.operate;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.database.Database;
import kvit.problem.RequestIds;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The table audit: what operators did, each time in the transaction in which it was done. Rows take
 * their places in a chain when that is committed, which is the database's doing; see {@link
 * VerifyAudit}.
 */
@ApplicationScoped
public class AuditTrail {

    /**
     * Who it was.
     *
     * @param operator null for who was not let in, for who sits at the machine, and for the service
     */
    record Actor(@Nullable UUID operator, String who, List<String> roles) {

        static final Actor UNKNOWN = new Actor(null, "unknown", List.of());
        static final Actor CONSOLE = new Actor(null, "console", List.of());
        static final Actor KVIT = new Actor(null, "kvit", List.of());

        static Actor of(Operator operator) {
            return new Actor(operator.id, operator.email, List.of(operator.roles));
        }
    }

    /**
     * What they did.
     *
     * @param before what it was, null for nothing; anything that becomes JSON
     */
    record Deed(
            String action,
            AuditStep step,
            String resource,
            String reason,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable UUID approval) {}

    private final Database database;
    private final AtWork atWork;
    private final RequestIds requestIds;
    private final ObjectMapper json;
    private final Clock clock;
    private final Ids ids;

    AuditTrail(
            Database database,
            AtWork atWork,
            RequestIds requestIds,
            ObjectMapper json,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.atWork = atWork;
        this.requestIds = requestIds;
        this.json = json;
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
        return recording(action, resource, reason, () -> null, work);
    }

    /**
     * The same, with what it was before and after.
     *
     * @param state what the resource is, asked before and after the work; null for nothing. Of what
     *     becomes JSON of it, secrets and people's numbers are left out
     */
    public <T> T recording(
            String action,
            String resource,
            String reason,
            Callable<? extends @Nullable Object> state,
            Callable<T> work) {
        return Races.transaction(
                () -> {
                    var before = state.call();
                    var done = work.call();
                    record(action, resource, reason, before, state.call());
                    return done;
                });
    }

    /** Writes it down in the transaction in which it is done. */
    @Transactional(MANDATORY)
    public void record(String action, String resource, String reason) {
        record(action, resource, reason, null, null);
    }

    /**
     * The same, with what it was before and after.
     *
     * @param before anything that becomes JSON; secrets and people's numbers are left out of it
     */
    @Transactional(MANDATORY)
    public void record(
            String action,
            String resource,
            String reason,
            @Nullable Object before,
            @Nullable Object after) {
        tell(
                atWork.actor(),
                new Deed(action, AuditStep.DONE, resource, reason, before, after, null));
    }

    /** What the service has done by itself, and nobody is to blame for. */
    @Transactional(MANDATORY)
    public void recordOfItself(
            String action,
            String resource,
            String reason,
            @Nullable Object before,
            @Nullable Object after) {
        tell(Actor.KVIT, new Deed(action, AuditStep.DONE, resource, reason, before, after, null));
    }

    /** In the name of somebody whose request this is not, or not yet. */
    @Transactional(MANDATORY)
    void tell(Actor actor, Deed deed) {
        database.update(
                """
                insert into audit (id, at, operator, who, roles, action, step, resource, reason,
                                   before, after, address, request_id, approval)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?)
                """,
                in ->
                        in.uuid(ids.next())
                                .time(clock.instant())
                                .uuid(actor.operator())
                                .text(actor.who())
                                .texts(actor.roles())
                                .text(deed.action())
                                .text(deed.step().name())
                                .text(Redaction.text(deed.resource()))
                                .text(Redaction.text(deed.reason()))
                                .text(written(deed.before()))
                                .text(written(deed.after()))
                                .text(atWork.address())
                                .text(requestIds.current())
                                .uuid(deed.approval()));
    }

    private @Nullable String written(@Nullable Object state) {
        return state == null ? null : Redaction.of(json.valueToTree(state)).toString();
    }
}
