package kvit.webhook;

import static kvit.webhook.WebhookProblem.TOO_MANY_WEBHOOK_ENDPOINTS;
import static kvit.webhook.WebhookProblem.WEBHOOK_CLIENT_UNKNOWN;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Set;
import kvit.identity.ClientApps;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;

/** Tells the server of a front end of its customers: people's data begin to leave. */
@ApplicationScoped
class RegisterEndpoint implements FourEyes<RegisterEndpoint.Registration> {

    /**
     * An endpoint to be.
     *
     * @param client the front end
     * @param types of notices; none is all
     */
    public record Registration(String client, String url, Set<String> types) {
        public Registration {
            types = EndpointForm.types(types);
        }
    }

    private final EndpointStore endpoints;
    private final EndpointForm form;
    private final ClientApps clients;
    private final WebhookConfig config;
    private final Clock clock;
    private final Ids ids;

    RegisterEndpoint(
            EndpointStore endpoints,
            EndpointForm form,
            ClientApps clients,
            WebhookConfig config,
            Clock clock,
            Ids ids) {
        this.endpoints = endpoints;
        this.form = form;
        this.clients = clients;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public String action() {
        return "webhooks.register";
    }

    @Override
    public Class<Registration> payload() {
        return Registration.class;
    }

    /** One at a time for a front end, so that two cannot be the last that it may have. */
    @Override
    public String resource(Registration registration) {
        return registration.client();
    }

    /**
     * How many there are.
     *
     * @throws Problem WEBHOOK_CLIENT_UNKNOWN, WEBHOOK_TARGET_REFUSED, TOO_MANY_WEBHOOK_ENDPOINTS
     */
    @Override
    public String basis(Registration registration) {
        var client = registration.client();
        if (!clients.isRegistered(client)) {
            throw WEBHOOK_CLIENT_UNKNOWN.because("There is no front end of this name.");
        }
        form.requireForm(registration.url());
        var count = endpoints.countOf(client);
        if (count >= config.endpointsMax()) {
            throw TOO_MANY_WEBHOOK_ENDPOINTS.because(client + " has " + count + ".");
        }
        return count + " endpoints";
    }

    /** Without a secret: {@link DrawSecret} makes it, for whoever looks after the endpoint. */
    @Override
    @Transactional
    public void carryOut(Registration registration, Agreed agreed) {
        var now = clock.instant();
        endpoints.insert(
                ids.next(),
                registration.client(),
                registration.url(),
                registration.types(),
                now.plus(config.secretDrawnWithin()),
                now);
    }
}
