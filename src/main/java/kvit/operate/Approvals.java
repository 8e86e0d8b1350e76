package kvit.operate;

import static kvit.operate.OperateProblem.APPROVAL_NOT_FOUND;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
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
        return find(
                        "action = ?1 and resource = ?2 and state = ?3",
                        action,
                        resource,
                        Approval.State.OPEN)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /**
     * @throws Problem APPROVAL_NOT_FOUND
     */
    @Transactional
    ApprovalView view(UUID id) {
        var approval =
                findByIdOptional(id)
                        .orElseThrow(() -> APPROVAL_NOT_FOUND.because("No such request."));
        return view(approval);
    }

    /**
     * The newest first.
     *
     * @param state null for any
     * @throws Problem VALIDATION_FAILED
     */
    @Transactional
    Page<ApprovalView> list(@Nullable String state, PageParameters page) {
        var limit = page.limit();
        var list = "approvals|" + state;
        var condition = new StringBuilder("1 = 1");
        var parameters = new HashMap<String, Object>();
        cursors.decode(list, page.cursor())
                .ifPresent(
                        it -> {
                            condition.append(" and id < :after");
                            parameters.put("after", UUID.fromString(it));
                        });
        if (state != null) {
            condition.append(condition(state(state), parameters));
        }
        var found =
                find(condition.toString(), Sort.descending("id"), parameters)
                        .page(0, limit + 1)
                        .list();
        return Page.of(found, limit, last -> cursors.encode(list, last.id.toString()))
                .map(this::view);
    }

    /** Nobody has to write down that one has expired. */
    private String condition(Approval.State state, Map<String, Object> parameters) {
        parameters.put("state", state);
        if (state != Approval.State.OPEN && state != Approval.State.EXPIRED) {
            return " and state = :state";
        }
        parameters.put("now", clock.instant());
        if (state == Approval.State.OPEN) {
            return " and state = :state and expiresAt > :now";
        }
        parameters.put("open", Approval.State.OPEN);
        return " and (state = :state or (state = :open and expiresAt <= :now))";
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

    private ApprovalView view(Approval approval) {
        try {
            return new ApprovalView(
                    approval.id,
                    approval.action,
                    approval.resource,
                    json.readTree(approval.payload),
                    HexFormat.of().formatHex(approval.payloadDigest),
                    approval.reason,
                    approval.stateAt(clock.instant()),
                    operators.email(approval.proposedBy),
                    approval.proposedAt,
                    approval.expiresAt,
                    approval.decidedBy == null ? null : operators.email(approval.decidedBy),
                    approval.decidedAt,
                    approval.decisionNote);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a payload is JSON: " + approval.id, e);
        }
    }
}
