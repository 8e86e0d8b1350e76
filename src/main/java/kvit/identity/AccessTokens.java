package kvit.identity;

import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.build.Jwt;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import kvit.source.Clock;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;

/**
 * Issues access tokens, and is the only one who accepts them.
 *
 * <p>In place of SmallRye's own check, because that one leaves issuer and audience open, allows a
 * minute of skew, and follows the machine's clock where everything else follows ours. Both sides
 * are one service, so nothing is negotiable: one algorithm, our keys, our type of token.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class AccessTokens extends JWTCallerPrincipalFactory {

    static final String ALGORITHM = "RS256";
    static final String CUSTOMER = "customer";

    /** RFC 9068: keeps any other token that we may sign one day from passing as an access token. */
    private static final String TYPE = "at+jwt";

    private final SigningKeys keys;
    private final IdentityConfig config;
    private final Clock clock;
    private final VerifiedTokens verified;
    private final JwksVerificationKeyResolver resolver;

    AccessTokens(SigningKeys keys, IdentityConfig config, Clock clock, VerifiedTokens verified) {
        this.keys = keys;
        this.config = config;
        this.clock = clock;
        this.verified = verified;
        this.resolver = new JwksVerificationKeyResolver(keys.published().getJsonWebKeys());
    }

    /**
     * @param client the front end that the session was opened through
     * @param scopes what the session may do for as long as this token lives
     */
    String issue(UUID customer, UUID session, String client, Set<String> scopes) {
        var now = clock.instant();
        var roles = new TreeSet<>(scopes);
        roles.add(CUSTOMER);
        if (scopes.containsAll(Scope.ALL)) {
            roles.add(Caller.EVERYTHING);
        }
        return Jwt.issuer(config.issuer())
                .audience(config.audience())
                .subject(customer.toString())
                .groups(roles)
                .claim(AccessToken.SESSION_CLAIM, session.toString())
                .claim(AccessToken.CLIENT_CLAIM, client)
                .issuedAt(now)
                .expiresAt(now.plus(config.accessTokenLife()))
                .jws()
                .header("typ", TYPE)
                .keyId(keys.keyId())
                .sign(keys.signing());
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo unused) throws ParseException {
        var known = verified.find(token);
        return known.isPresent() ? known.get() : verify(token);
    }

    /** Of what is refused nothing is remembered. */
    private AccessToken verify(String token) throws ParseException {
        try {
            var claims =
                    new JwtConsumerBuilder()
                            .setJwsAlgorithmConstraints(
                                    new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHM))
                            .setVerificationKeyResolver(resolver)
                            .setExpectedType(true, TYPE)
                            .setExpectedIssuer(config.issuer())
                            .setExpectedAudience(config.audience())
                            .setRequireSubject()
                            .setRequireIssuedAt()
                            .setRequireExpirationTime()
                            .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                            .setAllowedClockSkewInSeconds(0)
                            .build()
                            .processToClaims(token);
            var accepted = new AccessToken(claims);
            var expiresAt = end(claims);
            if (!clock.instant().isBefore(expiresAt)) {
                throw new ParseException("it has expired");
            }
            // None of ours begins later than it was made; the memory looks at the end only.
            if (claims.getNotBefore() == null) {
                verified.remember(token, accepted, expiresAt);
            }
            return accepted;
        } catch (InvalidJwtException | MalformedClaimException | IllegalArgumentException e) {
            // Its message quotes the token, which belongs in no log.
            throw new ParseException("not an access token of ours");
        }
    }

    /**
     * A token may say more than we grant by now. After the life of tokens it is nobody's concern
     * any more that a session has ended, so a shorter life holds for those that are there already.
     */
    private Instant end(JwtClaims claims) throws MalformedClaimException {
        var says = Instant.ofEpochSecond(claims.getExpirationTime().getValue());
        var granted =
                Instant.ofEpochSecond(claims.getIssuedAt().getValue())
                        .plus(config.accessTokenLife());
        return says.isBefore(granted) ? says : granted;
    }
}
