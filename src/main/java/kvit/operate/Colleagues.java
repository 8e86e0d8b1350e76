package kvit.operate;

import static kvit.operate.OperateProblem.OPERATOR_FROM_ELSEWHERE;
import static kvit.operate.OperateProblem.OPERATOR_LAST_ADMIN;
import static kvit.operate.OperateProblem.OPERATOR_NOT_FOUND;
import static kvit.operate.OperateProblem.OPERATOR_SELF;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/** What holds for every change of an operator by another one. In the running transaction. */
@ApplicationScoped
class Colleagues {

    private static final Set<String> ROLES =
            Set.of(Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN);

    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");

    private final Operators operators;
    private final AtWork atWork;

    Colleagues(Operators operators, AtWork atWork) {
        this.operators = operators;
        this.atWork = atWork;
    }

    static boolean isEmail(String email) {
        return email.length() <= 254 && EMAIL.matcher(email).matches();
    }

    static boolean areRoles(List<String> roles) {
        return !roles.isEmpty() && ROLES.containsAll(roles);
    }

    /**
     * As they are stored: each once, in order.
     *
     * @throws Problem VALIDATION_FAILED
     */
    static List<String> roles(List<String> roles) {
        if (!areRoles(roles)) {
            throw GeneralProblem.invalid(
                    "/roles", "must be some of support, finance, approver and admin");
        }
        return roles.stream().distinct().sorted().toList();
    }

    /**
     * An operator, locked.
     *
     * @throws Problem OPERATOR_NOT_FOUND
     */
    Operator lock(UUID id) {
        return operators
                .lock(id)
                .orElseThrow(() -> OPERATOR_NOT_FOUND.because("Nobody here has this id."));
    }

    /**
     * Whoever asks, and whoever agrees: nobody has a hand in what they may do themselves.
     *
     * @throws Problem OPERATOR_SELF
     */
    void requireAnother(UUID id) {
        if (id.equals(atWork.id())) {
            throw OPERATOR_SELF.because("Let two others change what you may do.");
        }
    }

    /**
     * Of those whom somebody else signs in, somebody else decides what they may do.
     *
     * @throws Problem OPERATOR_FROM_ELSEWHERE
     */
    static void requireOurs(Operator operator) {
        if (operator.issuer != null) {
            throw OPERATOR_FROM_ELSEWHERE.because("Change it at " + operator.issuer + ".");
        }
    }

    /**
     * Takes the last admin from nobody. Locks all of them, in order and before anybody else, so
     * that two who take each other away wait for each other in a line.
     *
     * @throws Problem OPERATOR_LAST_ADMIN
     */
    void requireAnotherAdmin(UUID id) {
        var admins = operators.lockHolders(Role.ADMIN);
        var isLast = admins.size() == 1 && admins.get(0).equals(id);
        if (isLast) {
            throw OPERATOR_LAST_ADMIN.because("Make somebody else an admin first.");
        }
    }
}
