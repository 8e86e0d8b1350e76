package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import kvit.operate.OperatorSessions.Living;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Gives whom an issuer lets in a row here at their first use, so that approvals and the audit trail
 * can name them, and keeps it as their last token says.
 */
@ApplicationScoped
class AdmitOutsider {

    private final Operators operators;
    private final AuditTrail audit;
    private final Clock clock;
    private final Ids ids;

    AdmitOutsider(Operators operators, AuditTrail audit, Clock clock, Ids ids) {
        this.operators = operators;
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
    }

    /** Empty for who has no role here, and for whom we have sent away. */
    Optional<Living> admit(Outsider outsider) {
        if (outsider.roles().isEmpty()) {
            return Optional.empty();
        }
        var operator = Races.transaction(() -> upToDate(outsider));
        return operator.state == Operator.State.ACTIVE
                ? Optional.of(
                        new Living(
                                null,
                                clock.instant(),
                                operator.id,
                                operator.email,
                                outsider.roles()))
                : Optional.empty();
    }

    private Operator upToDate(Outsider outsider) {
        var known = operators.findBySubject(outsider.issuer(), outsider.subject());
        return known.filter(it -> !isNews(it, outsider)).orElseGet(() -> written(outsider));
    }

    /**
     * Of two tokens that live at the same time the newer one is written, once: by turns they would
     * rewrite the row at every request. Of whom we have sent away nothing is.
     */
    private static boolean isNews(Operator operator, Outsider outsider) {
        return operator.state == Operator.State.ACTIVE
                && !isAs(operator, outsider)
                && (operator.tokenAt == null || outsider.madeAt().isAfter(operator.tokenAt));
    }

    private static boolean isAs(Operator operator, Outsider outsider) {
        return operator.email.equals(outsider.email())
                && operator.name.equals(outsider.name())
                && List.of(operator.roles).equals(outsider.roles());
    }

    private Operator written(Outsider outsider) {
        var known = operators.lockBySubject(outsider.issuer(), outsider.subject());
        // It was read before the lock, and may have been written since.
        known.ifPresent(operators.getEntityManager()::refresh);
        if (known.isPresent() && !isNews(known.get(), outsider)) {
            return known.get();
        }
        var before = known.map(Operator::view).orElse(null);
        var operator = known.orElseGet(() -> fresh(outsider));
        operator.email = outsider.email();
        operator.name = outsider.name();
        operator.roles = outsider.roles().toArray(String[]::new);
        operator.tokenAt = outsider.madeAt();
        operators.persistAndFlush(operator);
        audit.tell(
                AuditTrail.Actor.of(operator),
                new AuditTrail.Deed(
                        "operators.admit",
                        AuditStep.DONE,
                        operator.id.toString(),
                        "As the token says.",
                        before,
                        operator.view(),
                        null));
        return operator;
    }

    private Operator fresh(Outsider outsider) {
        var operator = new Operator();
        operator.id = ids.next();
        operator.issuer = outsider.issuer();
        operator.subject = outsider.subject();
        operator.state = Operator.State.ACTIVE;
        operator.createdAt = clock.instant();
        return operator;
    }
}
