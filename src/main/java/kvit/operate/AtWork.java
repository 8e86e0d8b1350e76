package kvit.operate;

import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which operator's request this is. */
@ApplicationScoped
public class AtWork {

    private final SecurityIdentity identity;
    private final CurrentVertxRequest request;

    AtWork(SecurityIdentity identity, CurrentVertxRequest request) {
        this.identity = identity;
        this.request = request;
    }

    public UUID id() {
        return worker().id();
    }

    public String email() {
        return worker().email();
    }

    /** Null for whom an outside issuer has let in: their sessions are its own. */
    @Nullable UUID session() {
        return worker().session();
    }

    boolean has(String role) {
        return identity.hasRole(role);
    }

    AuditTrail.Actor actor() {
        return new AuditTrail.Actor(id(), email(), roles());
    }

    private List<String> roles() {
        return identity.getRoles().stream().sorted().toList();
    }

    /** Where the request came from; null where there is none. */
    @Nullable String address() {
        if (!Arc.container().requestContext().isActive()) {
            return null;
        }
        var current = request.getCurrent();
        return current == null || current.request().remoteAddress() == null
                ? null
                : current.request().remoteAddress().hostAddress();
    }

    /** Operations of operators name their roles, so nobody else gets this far. */
    private OperatorMechanism.Worker worker() {
        return (OperatorMechanism.Worker) identity.getPrincipal();
    }
}
