package kvit.webhook;

import static kvit.webhook.WebhookProblem.WEBHOOK_ENDPOINT_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Agrees to another secret of an endpoint, which somebody then draws. */
@ApplicationScoped
class RenewSecret implements FourEyes<RenewSecret.Renewal> {

    /**
     * What is asked for.
     *
     * @param leaked whether somebody else may know the old secret, which then signs nothing more as
     *     soon as there is a new one
     */
    public record Renewal(UUID endpoint, boolean leaked) {}

    private final EndpointStore endpoints;
    private final WebhookConfig config;
    private final Clock clock;

    RenewSecret(EndpointStore endpoints, WebhookConfig config, Clock clock) {
        this.endpoints = endpoints;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String action() {
        return "webhooks.renew-secret";
    }

    @Override
    public Class<Renewal> payload() {
        return Renewal.class;
    }

    @Override
    public String resource(Renewal renewal) {
        return renewal.endpoint().toString();
    }

    /**
     * Whether there is one to be drawn already.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND
     */
    @Override
    public String basis(Renewal renewal) {
        return String.valueOf(endpoint(renewal).drawUntil());
    }

    @Override
    public Object state(Renewal renewal) {
        return endpoint(renewal).view();
    }

    @Override
    @Transactional
    public void carryOut(Renewal renewal, Agreed agreed) {
        endpoints.letDraw(
                renewal.endpoint(),
                clock.instant().plus(config.secretDrawnWithin()),
                renewal.leaked());
    }

    private Endpoint endpoint(Renewal renewal) {
        return endpoints
                .find(renewal.endpoint())
                .orElseThrow(() -> WEBHOOK_ENDPOINT_NOT_FOUND.because("No " + renewal.endpoint()));
    }
}
