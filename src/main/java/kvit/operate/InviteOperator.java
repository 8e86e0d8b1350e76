package kvit.operate;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;

/**
 * Lets in the first admin and the first approver, who can let in everybody else. Done by whoever
 * administers the machine, because who hands out the first key cannot be asked for one.
 */
@ApplicationScoped
public class InviteOperator {

    static final String PREFIX = "kvi_";

    /** One seat each: who had both could agree to nothing that they ask for. */
    private static final Set<String> SEATS = Set.of(Role.ADMIN, Role.APPROVER);

    private final Operators operators;
    private final OperatorSessions sessions;
    private final OpaqueTokens tokens;
    private final AuditTrail audit;
    private final OperateConfig config;
    private final Clock clock;
    private final Ids ids;

    InviteOperator(
            Operators operators,
            OperatorSessions sessions,
            OpaqueTokens tokens,
            AuditTrail audit,
            OperateConfig config,
            Clock clock,
            Ids ids) {
        this.operators = operators;
        this.sessions = sessions;
        this.tokens = tokens;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Says the invitation, which nobody can say again, and ends whatever sessions there are. Only
     * while nobody else is at work with that role; for who is the only one it is the way back in
     * when they have lost password or authenticator.
     *
     * @param role admin or approver
     * @throws IllegalArgumentException when something of it is none
     * @throws IllegalStateException when there is somebody to ask
     */
    public String invite(String email, String name, String role) {
        if (!Colleagues.isEmail(email)) {
            throw new IllegalArgumentException(email + " is not an e-mail address");
        }
        if (!SEATS.contains(role)) {
            throw new IllegalArgumentException("admin or approver, not " + role);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("an operator has a name");
        }
        return QuarkusTransaction.requiringNew().call(() -> invited(email, name, role));
    }

    private String invited(String email, String name, String role) {
        var holders = operators.lockHolders(role);
        var known = operators.lockByEmail(email);
        var others = holders.stream().filter(it -> known.isEmpty() || !it.equals(known.get().id));
        if (others.findAny().isPresent()) {
            throw new IllegalStateException(
                    "there is an " + role + " at work: ask for an invitation there");
        }
        var before = known.map(Operator::view).orElse(null);
        var now = clock.instant();
        var operator = known.orElseGet(Operator::new);
        if (known.isEmpty()) {
            operator.id = ids.next();
            operator.email = Operators.canonical(email);
            operator.createdAt = now;
        }
        operator.name = name.strip();
        operator.roles = new String[] {role};
        var invitation = tokens.next(PREFIX);
        operator.invite(Sha256.of(invitation), now.plus(config.invitationLife()));
        operators.persist(operator);
        sessions.endAll(operator.id);
        audit.tell(
                AuditTrail.Actor.CONSOLE,
                new AuditTrail.Deed(
                        "operators.invite",
                        AuditStep.DONE,
                        operator.email,
                        "There is no " + role + " to ask.",
                        before,
                        operator.view(),
                        null));
        return invitation;
    }
}
