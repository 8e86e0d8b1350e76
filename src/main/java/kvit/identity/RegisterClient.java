package kvit.identity;

import static kvit.identity.IdentityProblem.CLIENT_EXISTS;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.source.Sha256;

/** Lets people come in through one more front end. */
@ApplicationScoped
class RegisterClient implements FourEyes<RegisterClient.Registration> {

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

    @Override
    public String action() {
        return "clients.register";
    }

    @Override
    public Class<Registration> payload() {
        return Registration.class;
    }

    @Override
    public String resource(Registration registration) {
        return registration.id();
    }

    /**
     * Nothing, or it could not be registered.
     *
     * @throws Problem CLIENT_EXISTS
     */
    @Override
    public String basis(Registration registration) {
        if (clients.find(registration.id()).isPresent()) {
            throw exists(registration);
        }
        return "free";
    }

    private static Problem exists(Registration registration) {
        return CLIENT_EXISTS.because("There is a front end " + registration.id() + ".");
    }

    /**
     * The secret of a confidential one is for nobody who was asked for approval: whoever looks
     * after it gets one by {@link RotateClientSecret}.
     *
     * @throws Problem CLIENT_EXISTS
     */
    @Override
    @Transactional
    public void carryOut(Registration registration, Agreed agreed) {
        register(registration);
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
            throw exists(registration);
        }
        return secret;
    }
}
