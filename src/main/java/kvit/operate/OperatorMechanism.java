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
import java.util.Set;
import java.util.UUID;

/**
 * Knows operators by their tokens. Those are looked up at every request, unlike the signed ones of
 * customers: operators are few, and one who is sent away is away at once.
 */
@ApplicationScoped
class OperatorMechanism implements HttpAuthenticationMechanism {

    static final String PREFIX = "kvo_";

    private static final String BEARER = "Bearer ";

    /** Before the mechanism of signed tokens, which would refuse these. */
    private static final int FIRST = DEFAULT_PRIORITY + 1;

    /** Who is at work, in which session. */
    record Worker(UUID id, String email, UUID session) implements Principal {
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

        Provider(OperatorSessions sessions) {
            this.sessions = sessions;
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
                            sessions.use(request.token)
                                    .map(Provider::identity)
                                    .orElseThrow(AuthenticationFailedException::new));
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

    @Override
    public Uni<SecurityIdentity> authenticate(
            RoutingContext context, IdentityProviderManager providers) {
        var header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        // The scheme in any case (RFC 9110, section 11.1), the token as it is.
        if (header == null
                || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                || !header.startsWith(PREFIX, BEARER.length())) {
            return Uni.createFrom().nullItem();
        }
        return providers.authenticate(new TokenRequest(header.substring(BEARER.length())));
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
