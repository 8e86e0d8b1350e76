package kvit.operate;

import static kvit.operate.OperateProblem.SIGN_IN_REFUSED;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.throttle.RateLimits;
import org.jspecify.annotations.Nullable;

/** Trades a password and a code for a session. */
@ApplicationScoped
class SignInOperator {

    private static final Duration WINDOW = Duration.ofMinutes(15);

    /** Who tries, and from where. */
    private record Try(String email, String network, @Nullable String code) {}

    private final Operators operators;
    private final OperatorGuards guards;
    private final OperatorSessions sessions;
    private final Passwords passwords;
    private final OneTimeCodes codes;
    private final RateLimits limits;
    private final Issuer issuer;
    private final AuditTrail audit;
    private final OperateConfig config;
    private final Clock clock;

    SignInOperator(
            Operators operators,
            OperatorGuards guards,
            OperatorSessions sessions,
            Passwords passwords,
            OneTimeCodes codes,
            RateLimits limits,
            Issuer issuer,
            AuditTrail audit,
            OperateConfig config,
            Clock clock) {
        this.operators = operators;
        this.guards = guards;
        this.sessions = sessions;
        this.passwords = passwords;
        this.codes = codes;
        this.limits = limits;
        this.issuer = issuer;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /**
     * An operator at work.
     *
     * @param expiresIn seconds that the token lives without being used
     */
    record SignedIn(String accessToken, String tokenType, long expiresIn, OperatorView operator) {}

    /**
     * Unknown, wrong, locked and switched off are one answer: a guesser learns nothing from it, not
     * even that the last guess was right.
     *
     * @param code of the authenticator app; ignored where the operator has none
     * @param address where it comes from
     * @throws Problem SIGN_IN_ELSEWHERE, TOO_MANY_REQUESTS with the time to wait, SIGN_IN_REFUSED
     */
    SignedIn signIn(String email, String password, @Nullable String code, String address) {
        issuer.requireNone();
        var network = RateLimits.network(address);
        requireFewFrom(network);
        var hash =
                QuarkusTransaction.requiringNew()
                        .call(() -> operators.lockByEmail(email).map(it -> it.passwordHash));
        // Between two transactions, because it is slow on purpose and a lock is not for that.
        var matches = passwords.matches(Passwords.Whose.OPERATORS, password, hash.orElse(null));
        return QuarkusTransaction.requiringNew()
                .call(() -> settle(new Try(email, network, code), hash, matches))
                .orElseThrow(
                        () ->
                                SIGN_IN_REFUSED.because(
                                        "Wrong, or locked for a while after too many tries."));
    }

    /** Whoever tries one password on many operators locks none of them. */
    private void requireFewFrom(String network) {
        limits.take(
                        "operator-address:" + network,
                        1,
                        new RateLimits.Limit(config.signInsPerAddress(), WINDOW))
                .ifPresent(
                        wait -> {
                            throw GeneralProblem.TOO_MANY_REQUESTS
                                    .because("Too many sign-ins from there; wait a while.")
                                    .retryAfter(wait);
                        });
    }

    private Optional<SignedIn> settle(Try attempt, Optional<String> hash, boolean matches) {
        var now = clock.instant();
        var operator = operators.lockByEmail(attempt.email());
        var id = operator.map(it -> it.id).orElse(OperatorGuards.NOBODY);
        var guard = guards.of(id, attempt.network(), now);
        if (operator.isEmpty() || !mayTry(operator.get(), guard, now)) {
            guards.failed(OperatorGuards.NOBODY, attempt.network(), guard.oneMore(null), now);
            failed(operator);
            return Optional.empty();
        }
        var found = operator.get();
        var step = step(found, attempt.code(), now);
        // The hash that was compared may have been replaced meanwhile.
        if (!matches || !hash.equals(Optional.ofNullable(found.passwordHash)) || step.isEmpty()) {
            count(found, attempt.network(), guard, now);
            failed(operator);
            return Optional.empty();
        }
        found.signedIn(step.getAsLong());
        guards.forget(found.id, attempt.network());
        audit.tell(
                AuditTrail.Actor.of(found),
                deed(AuditStep.DONE, found.id.toString(), "Password and code are right."));
        return Optional.of(
                new SignedIn(
                        sessions.open(found.id),
                        "Bearer",
                        config.sessionIdle().toSeconds(),
                        found.view()));
    }

    private static boolean mayTry(Operator operator, OperatorGuards.Guard guard, Instant now) {
        return operator.state == Operator.State.ACTIVE
                && !operator.isLockedAt(now)
                && !guard.isLockedAt(now);
    }

    private void count(Operator operator, String network, OperatorGuards.Guard guard, Instant now) {
        var until = lockout(config.triesMax()).after(guard.failures() + 1, now);
        guards.failed(operator.id, network, guard.oneMore(until), now);
        operator.failed(lockout(config.triesMaxAnywhere()), now);
    }

    private Lockout lockout(int allowed) {
        return new Lockout(allowed, config.lockFirst(), config.lockMax());
    }

    /**
     * What was typed is not written down where it is nobody's address: it may be a password. A row
     * there is all the same, so that the answer takes as long.
     */
    private void failed(Optional<Operator> operator) {
        audit.tell(
                operator.map(AuditTrail.Actor::of).orElse(AuditTrail.Actor.UNKNOWN),
                deed(
                        AuditStep.FAILED,
                        operator.map(it -> it.id.toString()).orElse("unknown"),
                        "Wrong, locked, not at work, or nobody."));
    }

    private static AuditTrail.Deed deed(AuditStep step, String resource, String reason) {
        return new AuditTrail.Deed("operators.sign-in", step, resource, reason, null, null, null);
    }

    private OptionalLong step(Operator operator, @Nullable String code, Instant now) {
        if (operator.totpVersion == null) {
            return config.secondFactorRequired()
                    ? OptionalLong.empty()
                    : OptionalLong.of(operator.totpStep);
        }
        return code == null ? OptionalLong.empty() : codes.step(operator, code, now);
    }
}
