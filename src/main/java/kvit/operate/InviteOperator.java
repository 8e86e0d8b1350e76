package kvit.operate;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;

/**
 * Names somebody an operator, and gives those who lost their password or their phone a new
 * beginning. Done by whoever administers the machine, because who hands out the first key cannot be
 * asked for one.
 */
@ApplicationScoped
public class InviteOperator {

    private static final Set<String> ROLES =
            Set.of(Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN);

    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");

    private final Operators operators;
    private final OperatorSessions sessions;
    private final OpaqueTokens tokens;
    private final OperateConfig config;
    private final Clock clock;
    private final Ids ids;

    InviteOperator(
            Operators operators,
            OperatorSessions sessions,
            OpaqueTokens tokens,
            OperateConfig config,
            Clock clock,
            Ids ids) {
        this.operators = operators;
        this.sessions = sessions;
        this.tokens = tokens;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Says the invitation, which nobody can say again, and ends whatever sessions there are.
     *
     * @param roles as in {@link Role}
     * @throws IllegalArgumentException when something of it is none
     */
    public String invite(String email, String name, List<String> roles) {
        if (!EMAIL.matcher(email).matches()) {
            throw new IllegalArgumentException(email + " is not an e-mail address");
        }
        if (roles.isEmpty() || !ROLES.containsAll(roles)) {
            throw new IllegalArgumentException(
                    "roles are some of " + new TreeSet<>(ROLES) + ", not " + roles);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("an operator has a name");
        }
        return QuarkusTransaction.requiringNew().call(() -> invited(email, name, roles));
    }

    private String invited(String email, String name, List<String> roles) {
        var now = clock.instant();
        var operator = operators.lockByEmail(email).orElseGet(Operator::new);
        var isNew = operator.id == null;
        if (isNew) {
            operator.id = ids.next();
            operator.email = Operators.canonical(email);
            operator.createdAt = now;
        }
        operator.name = name.strip();
        operator.roles = roles.stream().distinct().sorted().toArray(String[]::new);
        var invitation = tokens.next("kvi_");
        operator.invite(Sha256.of(invitation), now.plus(config.invitationLife()));
        if (isNew) {
            operators.persist(operator);
        } else {
            sessions.endAll(operator.id);
        }
        return invitation;
    }
}
