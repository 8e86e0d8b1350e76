package kvit.identity;

import static kvit.identity.IdentityProblem.SESSION_REVOKED;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Trades a refresh token for a new pair, once. A token that comes a second time is in two hands,
 * and nobody can tell which are the right ones: the session ends for both (RFC 9700, section
 * 4.14.2).
 */
@ApplicationScoped
class RefreshSession {

    private final AuthenticateClient authenticate;
    private final Sessions sessions;
    private final RefreshTokens tokens;
    private final Customers customers;
    private final Phones phones;
    private final IdentityConfig config;
    private final Clock clock;

    RefreshSession(
            AuthenticateClient authenticate,
            Sessions sessions,
            RefreshTokens tokens,
            Customers customers,
            Phones phones,
            IdentityConfig config,
            Clock clock) {
        this.authenticate = authenticate;
        this.sessions = sessions;
        this.tokens = tokens;
        this.customers = customers;
        this.phones = phones;
        this.config = config;
        this.clock = clock;
    }

    /**
     * A refusal commits, because it may be what ends the session.
     *
     * @param credentials of the front end that the session was opened through: a stolen token is
     *     nothing without a confidential one's secret
     * @throws Problem CLIENT_UNKNOWN; SESSION_REVOKED, also for another front end's
     */
    @Transactional(dontRollbackOn = Problem.class)
    TokensView refresh(String token, ClientCredentials credentials) {
        var mayGoOn = authenticate.goingOn(credentials);
        var now = clock.instant();
        // The family's one lock comes first, and is the only one: two of its tokens may come at
        // once.
        var family = tokens.sessionOf(token).orElseThrow(RefreshSession::revoked);
        var session = sessions.findById(family, LockModeType.PESSIMISTIC_WRITE);
        var presented = tokens.find(token).orElseThrow(RefreshSession::revoked);
        var customer = customers.findById(session.customer);
        if (!mayGoOn.test(session.client)
                || session.revokedAt != null
                || !customer.maySignIn()
                || !now.isBefore(presented.expiresAt)) {
            throw revoked();
        }
        String next;
        if (!presented.isUsed()) {
            presented.usedAt = now;
            next = tokens.next(presented, token, now);
        } else if (presented.mayRepeatAt(now, config.refreshGrace())
                && isSuccessorUnused(presented, token)) {
            next = tokens.successor(presented, token);
        } else {
            session.revoke(now);
            throw revoked();
        }
        session.lastUsedAt = now;
        return sessions.tokens(session, next).withCustomer(CustomerView.of(customer, phones));
    }

    private boolean isSuccessorUnused(RefreshToken presented, String token) {
        return tokens.find(tokens.successor(presented, token))
                .map(it -> !it.isUsed())
                .orElse(false);
    }

    private static Problem revoked() {
        return SESSION_REVOKED.because("Sign in again.");
    }
}
