package kvit.identity;

import static kvit.identity.IdentityProblem.CLIENT_UNKNOWN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Predicate;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Finds out which front end a request comes through: before anything else that it names is looked
 * at, as RFC 6749 (section 3.2.1) has it.
 */
@ApplicationScoped
class AuthenticateClient {

    private final ClientApps clients;
    private final Clock clock;

    AuthenticateClient(ClientApps clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * A name that nobody has, a wrong secret, one that is missing or superfluous, and a front end
     * that is switched off are one answer: it tells nobody which names are worth a guess.
     *
     * @return the name of the front end; the web's for a request that names none
     * @throws Problem CLIENT_UNKNOWN
     */
    String authenticate(ClientCredentials shown) {
        var now = clock.instant();
        return clients.find(shown.client == null ? ClientApps.WEB : shown.client)
                .filter(it -> it.state == ClientState.ACTIVE && it.isProvedBy(shown.secret, now))
                .map(it -> it.app.id())
                .orElseThrow(
                        () ->
                                CLIENT_UNKNOWN.because(
                                        "Send the name and the secret that it is registered with."));
    }

    /**
     * Through which front ends something may have been begun that this request goes on with: the
     * one that it names and proves to be. One that names none goes on with what a public one began,
     * whose name proves nothing anyway.
     *
     * @throws Problem CLIENT_UNKNOWN
     */
    Predicate<String> goingOn(ClientCredentials shown) {
        if (shown.client == null && shown.secret == null) {
            var now = clock.instant();
            return begun ->
                    clients.find(begun)
                            .filter(
                                    it ->
                                            it.state == ClientState.ACTIVE
                                                    && it.isProvedBy(null, now))
                            .isPresent();
        }
        return authenticate(shown)::equals;
    }
}
