package kvit.identity;

import static kvit.identity.IdentityProblem.CLIENT_EXISTS;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import kvit.problem.Problem;

/** Lets people come in through one more front end. */
@ApplicationScoped
public class RegisterClient {

    /**
     * A front end to be. Whoever has one has one that is sensible: it throws VALIDATION_FAILED.
     *
     * @param id what it will call itself in the header Kvit-Client; for good
     * @param platform whose product people have before them, as the rules name it; for good
     * @param ownerCountry where the platform's owner sits, ISO 3166-1; for good
     * @param confidential whether it can keep a secret (RFC 6749, section 2.1): a bot's server can,
     *     a page or a mini-app that people load cannot
     * @param scopes what its sessions may do, see {@link Scope}
     * @param carries the classes of people's data that pass through the platform
     */
    public record Registration(
            String id,
            String name,
            String platform,
            String ownerCountry,
            boolean confidential,
            Set<String> scopes,
            Set<String> carries) {

        public Registration {
            id = ClientForm.id("/id", id);
            name = ClientForm.name(name);
            platform = ClientForm.id("/platform", platform);
            ownerCountry = ClientForm.country(ownerCountry);
            scopes = ClientForm.scopes(scopes);
            carries = ClientForm.carries(carries);
        }

        private ClientApp app() {
            return new ClientApp(id, name, platform, ownerCountry, carries);
        }
    }

    private final ClientApps clients;
    private final SecureRandom random;

    RegisterClient(ClientApps clients, SecureRandom random) {
        this.clients = clients;
        this.random = random;
    }

    /**
     * Registers it, and tells the secret of a confidential one, this once; a public one has none.
     *
     * @throws Problem CLIENT_EXISTS
     */
    @Transactional
    public Optional<ClientSecret> register(Registration registration) {
        var secret =
                registration.confidential()
                        ? Optional.of(ClientSecret.random(random))
                        : Optional.<ClientSecret>empty();
        var isNew =
                clients.insert(
                        registration.app(),
                        registration.scopes(),
                        secret.map(it -> Sha256.of(it.value())).orElse(null));
        if (!isNew) {
            throw CLIENT_EXISTS.because("There is a front end " + registration.id() + ".");
        }
        return secret;
    }
}
