package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import kvit.problem.Problem;

/**
 * Operators for the sandbox: at work at once, without a second factor, and with a password that
 * everybody knows. Nothing in live mode asks for them.
 */
@ApplicationScoped
public class DemoOperators {

    private final InviteOperator inviteOperator;
    private final Passwords passwords;

    DemoOperators(InviteOperator inviteOperator, Passwords passwords) {
        this.inviteOperator = inviteOperator;
        this.passwords = passwords;
    }

    /**
     * One of each role; who is there already is left alone.
     *
     * @throws Problem UNAVAILABLE when the machine is too busy to hash
     */
    public void seed(String email, String name, String password, String... roles) {
        inviteOperator.seed(email, name, Arrays.asList(roles), passwords.hash(password));
    }
}
