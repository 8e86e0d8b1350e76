package kvit.operate;

import static kvit.operate.OperateProblem.SIGN_IN_ELSEWHERE;

import io.quarkus.runtime.Startup;
import io.quarkus.security.AuthenticationFailedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kvit.problem.Causes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An outside issuer that signs operators in, where one is configured: by OpenID Connect, with
 * whatever second factor it asks for. Kvit checks its tokens and nothing else.
 */
@Startup
@ApplicationScoped
class Issuer {

    /** Two parties' clocks; a token of ours is checked to the second, by the clock that made it. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    /** Nobody reads a longer one to see whose it is. */
    private static final int TOKEN_MAX = 16 * 1024;

    private final Optional<String> url;
    private final String audience;
    private final OperateConfig config;
    private final Clock clock;
    private final @Nullable IssuerKeys keys;

    /** At the start, so that half a configuration stops it and not the first sign-in. */
    Issuer(OperateConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.url = config.issuer().url();
        this.audience = config.issuer().audience().orElse("");
        if (url.isPresent() && audience.isEmpty()) {
            throw new IllegalStateException("kvit.operate.issuer.audience is missing");
        }
        this.keys = url.map(IssuerKeys::new).orElse(null);
    }

    boolean isThere() {
        return url.isPresent();
    }

    /**
     * For what only we do.
     *
     * @throws Problem SIGN_IN_ELSEWHERE
     */
    void requireNone() {
        if (url.isPresent()) {
            throw SIGN_IN_ELSEWHERE.because("Sign in at " + url.get() + " instead.");
        }
    }

    /** Whether a token says that it is the issuer's; whether that is true is another question. */
    boolean isNamedIn(String token) {
        var parts = token.split("\\.", -1);
        if (url.isEmpty() || parts.length != 3 || token.length() > TOKEN_MAX) {
            return false;
        }
        try {
            var payload =
                    new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            return url.get().equals(JsonUtil.parseJson(payload).get("iss"));
        } catch (JoseException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Whom a token is about.
     *
     * @throws AuthenticationFailedException when it is none, or none for us
     * @throws Problem UNAVAILABLE when that is not known, because the issuer is away
     */
    Outsider verify(String token) {
        try {
            return outsider(claims(token));
        } catch (InvalidJwtException e) {
            if (Causes.of(e).stream().anyMatch(IOException.class::isInstance)) {
                throw GeneralProblem.UNAVAILABLE
                        .because("Who signs operators in does not answer; try again.")
                        .retryAfter(Duration.ofSeconds(5));
            }
            // Its message quotes the token, which belongs in no log.
            throw new AuthenticationFailedException();
        }
    }

    private JwtClaims claims(String token) throws InvalidJwtException {
        return new JwtConsumerBuilder()
                // By name, or a public key passes for the secret of an HMAC.
                .setJwsAlgorithmConstraints(
                        new AlgorithmConstraints(
                                ConstraintType.PERMIT,
                                AlgorithmIdentifiers.RSA_USING_SHA256,
                                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256))
                .setVerificationKeyResolver(keys)
                .setExpectedIssuer(url.orElseThrow())
                .setExpectedAudience(audience)
                .setRequireSubject()
                .setRequireExpirationTime()
                // Nobody is signed in for longer than a working day by anybody.
                .setMaxFutureValidityInMinutes((int) config.sessionLife().toMinutes())
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .setAllowedClockSkewInSeconds((int) SKEW.toSeconds())
                .build()
                .processToClaims(token);
    }

    private Outsider outsider(JwtClaims claims) {
        var email =
                text(claims, config.issuer().emailClaim())
                        .map(Operators::canonical)
                        .filter(Colleagues::isEmail)
                        // The audit trail names people, so nobody is let in without a name.
                        .orElseThrow(AuthenticationFailedException::new);
        if (Boolean.FALSE.equals(claims.getClaimValue("email_verified"))) {
            throw new AuthenticationFailedException();
        }
        return new Outsider(
                url.orElseThrow(),
                text(claims, "sub").orElseThrow(AuthenticationFailedException::new),
                email,
                text(claims, "name").orElse(email),
                roles(claims),
                madeAt(claims));
    }

    /** Whatever does not say when it was made is of now: its roles are what it says. */
    private Instant madeAt(JwtClaims claims) {
        return claims.getClaimValue("iat") instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : clock.instant();
    }

    private static Optional<String> text(JwtClaims claims, String claim) {
        return claims.getClaimValue(claim) instanceof String text && !text.isBlank()
                ? Optional.of(text.strip())
                : Optional.empty();
    }

    private List<String> roles(JwtClaims claims) {
        var there = named(claims.getClaimsMap(), config.issuer().rolesClaim());
        var names = config.issuer().roleNames();
        var ours =
                Map.of(
                        Role.SUPPORT, names.support(),
                        Role.FINANCE, names.finance(),
                        Role.APPROVER, names.approver(),
                        Role.ADMIN, names.admin());
        return ours.entrySet().stream()
                .filter(it -> there.contains(it.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The claim of that name, which may have dots in it, or else what stands at the path. */
    private static List<String> named(Map<String, Object> claims, String path) {
        var value = claims.containsKey(path) ? claims.get(path) : at(claims, path);
        if (value instanceof String text) {
            return Arrays.asList(text.split(" "));
        }
        return value instanceof List<?> list
                ? list.stream()
                        .flatMap(it -> it instanceof String text ? Stream.of(text) : Stream.empty())
                        .toList()
                : List.of();
    }

    private static @Nullable Object at(Map<String, Object> claims, String path) {
        Object value = claims;
        for (var step : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }
}
