package kvit.operate;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Knows operators by their tokens. Those are looked up at every request, unlike the signed ones of
 * customers: operators are few, and one who is sent away is away at once.
 */
@ApplicationScoped
class OperatorMechanism implements HttpAuthenticationMechanism {

    static final String PREFIX = "kvo_";

    private static final String BEARER = "Bearer ";

    private static final String DOORS = "/v1/admin/";

    /** Before the mechanism of signed tokens, which would refuse these. */
    private static final int FIRST = DEFAULT_PRIORITY + 1;

    /** Who is at work, in which session. */
    record Worker(UUID id, String email, @Nullable UUID session) implements Principal {
        @Override
        public String getName() {
            return email;
        }
    }

    static class TokenRequest extends BaseAuthenticationRequest {

        private final String token;

        TokenRequest(String token) {
            this.token = token;
        }
    }

    @ApplicationScoped
    static class Provider implements IdentityProvider<TokenRequest> {

        private final OperatorSessions sessions;
        private final AdmitOutsider admitOutsider;
        private final Issuer issuer;

        Provider(OperatorSessions sessions, AdmitOutsider admitOutsider, Issuer issuer) {
            this.sessions = sessions;
            this.admitOutsider = admitOutsider;
            this.issuer = issuer;
        }

        @Override
        public Class<TokenRequest> getRequestType() {
            return TokenRequest.class;
        }

        @Override
        public Uni<SecurityIdentity> authenticate(
                TokenRequest request, AuthenticationRequestContext context) {
            return context.runBlocking(
                    () ->
                            living(request.token)
                                    .map(Provider::identity)
                                    .orElseThrow(AuthenticationFailedException::new));
        }

        /** Where somebody else signs operators in, a session of ours is worth nothing. */
        private Optional<OperatorSessions.Living> living(String token) {
            if (issuer.isThere()) {
                return token.startsWith(PREFIX)
                        ? Optional.empty()
                        : admitOutsider.admit(issuer.verify(token));
            }
            return sessions.use(token);
        }

        private static SecurityIdentity identity(OperatorSessions.Living living) {
            var identity =
                    QuarkusSecurityIdentity.builder()
                            .setPrincipal(
                                    new Worker(living.operator(), living.email(), living.id()));
            living.roles().forEach(identity::addRole);
            return identity.build();
        }
    }

    private final Issuer issuer;

    OperatorMechanism(Issuer issuer) {
        this.issuer = issuer;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            RoutingContext context, IdentityProviderManager providers) {
        var header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        // The scheme in any case (RFC 9110, section 11.1), the token as it is.
        if (header == null
                || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                || !isOfAnOperator(header.substring(BEARER.length()), context)) {
            return Uni.createFrom().nullItem();
        }
        return providers.authenticate(new TokenRequest(header.substring(BEARER.length())));
    }

    /** At customers' doors nobody looks into what may be an issuer's: it is worth nothing there. */
    private boolean isOfAnOperator(String token, RoutingContext context) {
        return token.startsWith(PREFIX)
                || (issuer.isThere()
                        && context.normalizedPath().startsWith(DOORS)
                        && issuer.isNamedIn(token));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenRequest.class);
    }

    @Override
    public int getPriority() {
        return FIRST;
    }
}
