package kvit.operate;

import static kvit.operate.OperateProblem.APPROVAL_NOT_FOUND;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** The table approval. */
@ApplicationScoped
class Approvals implements PanacheRepositoryBase<Approval, UUID> {

    private final Operators operators;
    private final Cursors cursors;
    private final ObjectMapper json;
    private final Clock clock;

    Approvals(Operators operators, Cursors cursors, ObjectMapper json, Clock clock) {
        this.operators = operators;
        this.cursors = cursors;
        this.json = json;
        this.clock = clock;
    }

    Optional<Approval> lock(UUID id) {
        return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** The open one of a resource, also where its time is over. */
    Optional<Approval> lockOpen(String action, String resource) {
        return find("action = ?1 and resource = ?2 and state = OPEN", action, resource)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /**
     * @throws Problem APPROVAL_NOT_FOUND
     */
    ApprovalView view(UUID id) {
        var approval =
                findByIdOptional(id)
                        .orElseThrow(() -> APPROVAL_NOT_FOUND.because("No such request."));
        return views(List.of(approval)).get(0);
    }

    /**
     * The newest first.
     *
     * @param state null for any
     * @throws Problem VALIDATION_FAILED
     */
    Page<ApprovalView> list(@Nullable String state, PageParameters parameters) {
        var limit = parameters.limit();
        var list = "approvals|" + state;
        var after = cursors.decode(list, parameters.cursor()).map(UUID::fromString);
        var now = clock.instant();
        var query =
                "(cast(?1 as uuid) is null or id < ?1) and (?2 is null or case when state = OPEN and expiresAt"
                        + " <= ?3 then 'EXPIRED' else cast(state as string) end = ?2)";
        var found =
                find(
                                query,
                                Sort.descending("id"),
                                after.orElse(null),
                                state == null ? null : state(state).name(),
                                now)
                        .page(0, limit + 1)
                        .list();
        var page = Page.of(found, limit, last -> cursors.encode(list, last.id.toString()));
        return new Page<>(views(page.items()), page.nextCursor());
    }

    private static Approval.State state(String text) {
        for (var state : Approval.State.values()) {
            if (state.name().equalsIgnoreCase(text)) {
                return state;
            }
        }
        throw GeneralProblem.invalid(
                "?state", "must be open, executed, rejected, withdrawn, stale or expired");
    }

    private List<ApprovalView> views(Collection<Approval> approvals) {
        Set<UUID> people = new HashSet<>();
        for (var approval : approvals) {
            people.add(approval.proposedBy);
            if (approval.decidedBy != null) {
                people.add(approval.decidedBy);
            }
        }
        var emails = operators.emails(people);
        return approvals.stream().map(it -> view(it, emails)).toList();
    }

    private ApprovalView view(Approval approval, Map<UUID, String> emails) {
        try {
            return new ApprovalView(
                    approval.id,
                    approval.action,
                    approval.resource,
                    json.readTree(approval.payload),
                    HexFormat.of().formatHex(approval.payloadDigest),
                    approval.reason,
                    approval.stateAt(clock.instant()),
                    String.valueOf(emails.get(approval.proposedBy)),
                    approval.proposedAt,
                    approval.expiresAt,
                    emails.get(approval.decidedBy),
                    approval.decidedAt,
                    approval.decisionNote);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a payload is JSON: " + approval.id, e);
        }
    }
}
