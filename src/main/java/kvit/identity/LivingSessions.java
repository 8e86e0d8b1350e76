package kvit.identity;

import static kvit.identity.IdentityProblem.SESSION_REVOKED;
import static kvit.problem.GeneralProblem.UNAVAILABLE;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Refuses tokens whose session has ended. A signed token knows nothing of that; {@link Admissions}
 * does, mostly without a wait. Where there is one, no thread is kept waiting.
 */
@ApplicationScoped
class LivingSessions implements SecurityIdentityAugmentor {

    private final Admissions admissions;

    LivingSessions(Admissions admissions) {
        this.admissions = admissions;
    }

    @Override
    public Uni<SecurityIdentity> augment(
            SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!(identity.getPrincipal() instanceof AccessToken token)) {
            // An operator is looked after elsewhere; a token that is not ours by nobody.
            return identity.getPrincipal() instanceof JsonWebToken
                    ? Uni.createFrom().failure(new AuthenticationFailedException())
                    : Uni.createFrom().item(identity);
        }
        var isKnown = admissions.client(token.client()).isPresent();
        return isKnown && admissions.isUpToDate()
                ? decided(identity, token)
                : waiting(token).chain(() -> decided(identity, token));
    }

    private Uni<SecurityIdentity> decided(SecurityIdentity identity, AccessToken token) {
        return admissions.admits(token.session(), token.customer(), token.client())
                ? Uni.createFrom().item(identity)
                : Uni.createFrom().failure(SESSION_REVOKED.because("Sign in again."));
    }

    /** A front end that another replica has just registered is known after the next question. */
    private Uni<Void> waiting(AccessToken token) {
        var now = System.nanoTime();
        var client = token.client();
        return backHere(admissions.upToDate(now))
                .chain(
                        () ->
                                admissions.client(client).isPresent()
                                        ? Uni.createFrom().voidItem()
                                        : backHere(admissions.askedSince(now)));
    }

    /**
     * Goes on where the request came from: whoever answers all that wait has others to answer, and
     * knows nothing of the request.
     */
    private static Uni<Void> backHere(CompletionStage<Void> heard) {
        return Uni.createFrom()
                .completionStage(heard)
                .onFailure(TimeoutException.class)
                .transform(
                        it ->
                                UNAVAILABLE
                                        .because(
                                                "Not possible right now; the same request may be repeated.")
                                        .retryAfter(Duration.ofSeconds(1)))
                .emitOn(here());
    }

    private static Executor here() {
        var context = Vertx.currentContext();
        return context == null
                ? Runnable::run
                : work -> context.runOnContext(nothing -> work.run());
    }
}
