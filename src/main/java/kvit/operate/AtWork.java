package kvit.operate;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;

/** Which operator's request this is. */
@RequestScoped
public class AtWork {

    private final SecurityIdentity identity;

    AtWork(SecurityIdentity identity) {
        this.identity = identity;
    }

    public UUID id() {
        return worker().id();
    }

    public String email() {
        return worker().email();
    }

    UUID session() {
        return worker().session();
    }

    boolean has(String role) {
        return identity.hasRole(role);
    }

    /** Operations of operators name their roles, so nobody else gets this far. */
    private OperatorMechanism.Worker worker() {
        return (OperatorMechanism.Worker) identity.getPrincipal();
    }
}
