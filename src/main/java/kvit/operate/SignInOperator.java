package kvit.operate;

import static kvit.operate.OperateProblem.SIGN_IN_REFUSED;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Trades a password and a code for a session. */
@ApplicationScoped
class SignInOperator {

    private final Operators operators;
    private final OperatorSessions sessions;
    private final Passwords passwords;
    private final OneTimeCodes codes;
    private final OperateConfig config;
    private final Clock clock;

    SignInOperator(
            Operators operators,
            OperatorSessions sessions,
            Passwords passwords,
            OneTimeCodes codes,
            OperateConfig config,
            Clock clock) {
        this.operators = operators;
        this.sessions = sessions;
        this.passwords = passwords;
        this.codes = codes;
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
     * @throws Problem SIGN_IN_REFUSED
     */
    SignedIn signIn(String email, String password, @Nullable String code) {
        var hash =
                QuarkusTransaction.requiringNew()
                        .call(() -> operators.lockByEmail(email).map(it -> it.passwordHash));
        // Between two transactions, because it is slow on purpose and a lock is not for that.
        var matches = passwords.matches(Passwords.Whose.OPERATORS, password, hash.orElse(null));
        return QuarkusTransaction.requiringNew()
                .call(() -> settle(email, hash, matches, code))
                .orElseThrow(
                        () ->
                                SIGN_IN_REFUSED.because(
                                        "Wrong, or locked for a while after too many tries."));
    }

    private Optional<SignedIn> settle(
            String email, Optional<String> hash, boolean matches, @Nullable String code) {
        var now = clock.instant();
        var operator =
                operators
                        .lockByEmail(email)
                        .filter(it -> it.state == Operator.State.ACTIVE && !it.isLockedAt(now));
        if (operator.isEmpty()) {
            return Optional.empty();
        }
        var found = operator.get();
        var step = step(found, code, now);
        // The hash that was compared may have been replaced meanwhile.
        if (!matches || !hash.equals(Optional.ofNullable(found.passwordHash)) || step.isEmpty()) {
            found.failed(now, config.triesMax(), config.lockFirst(), config.lockMax());
            return Optional.empty();
        }
        found.signedIn(step.getAsLong());
        return Optional.of(
                new SignedIn(
                        sessions.open(found.id),
                        "Bearer",
                        config.sessionIdle().toSeconds(),
                        found.view()));
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
