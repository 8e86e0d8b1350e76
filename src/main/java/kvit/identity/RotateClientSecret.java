package kvit.identity;

import static kvit.identity.IdentityProblem.CLIENT_NOT_CONFIDENTIAL;
import static kvit.identity.IdentityProblem.CLIENT_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Sha256;

/**
 * Gives a front end another secret. The one that it has goes on for a while, so that its server is
 * changed without a pause; there are never more than these two.
 */
@ApplicationScoped
class RotateClientSecret {

    /**
     * Whoever has one has one that is sensible: it throws VALIDATION_FAILED.
     *
     * @param client its id
     * @param leaked whether somebody else may know the old secret, which then ends at once
     */
    public record Rotation(String client, boolean leaked) {
        public Rotation {
            client = ClientForm.id("/client", client);
        }
    }

    private final ClientApps clients;
    private final IdentityConfig config;
    private final SecureRandom random;
    private final Clock clock;

    RotateClientSecret(
            ClientApps clients, IdentityConfig config, SecureRandom random, Clock clock) {
        this.clients = clients;
        this.config = config;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Makes a new secret, and tells it this once.
     *
     * @throws Problem CLIENT_NOT_FOUND, CLIENT_NOT_CONFIDENTIAL
     */
    @Transactional
    public ClientSecret rotate(Rotation rotation) {
        var id = rotation.client();
        var client =
                clients.lock(id)
                        .orElseThrow(() -> CLIENT_NOT_FOUND.because("No front end " + id + "."));
        if (!client.isConfidential) {
            throw CLIENT_NOT_CONFIDENTIAL.because(id + " was registered as a public one.");
        }
        var now = clock.instant();
        var secret = ClientSecret.random(random);
        clients.replaceSecret(
                id,
                Sha256.of(secret.value()),
                rotation.leaked() ? now : now.plus(config.clientSecretOverlap()));
        return secret;
    }
}
