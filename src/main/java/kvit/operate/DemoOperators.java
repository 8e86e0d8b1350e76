package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Operators for the sandbox: at work at once, without a second factor, and with a password that
 * everybody knows. Nothing in live mode asks for them.
 */
@ApplicationScoped
public class DemoOperators {

    private final Operators operators;
    private final Passwords passwords;
    private final Clock clock;
    private final Ids ids;

    DemoOperators(Operators operators, Passwords passwords, Clock clock, Ids ids) {
        this.operators = operators;
        this.passwords = passwords;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Lets somebody work here, unless they do already.
     *
     * @param roles as in {@link Role}
     * @throws Problem UNAVAILABLE when the machine is too busy to hash
     */
    @Transactional
    public void seed(String email, String name, String password, String... roles) {
        if (operators.lockByEmail(email).isPresent()) {
            return;
        }
        var operator = new Operator();
        operator.id = ids.next();
        operator.email = Operators.canonical(email);
        operator.name = name;
        operator.roles = roles.clone();
        operator.state = Operator.State.ACTIVE;
        operator.passwordHash = passwords.hash(Passwords.Whose.OPERATORS, password);
        operator.createdAt = clock.instant();
        operators.persist(operator);
    }
}
