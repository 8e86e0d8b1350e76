package kvit.webhook;

import static kvit.webhook.WebhookProblem.WEBHOOK_ENDPOINT_NOT_FOUND;
import static kvit.webhook.WebhookProblem.WEBHOOK_ENDPOINT_STATE;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Lets an endpoint be elsewhere, hear of something else, or hear again. */
@ApplicationScoped
class ChangeEndpoint implements FourEyes<ChangeEndpoint.Change> {

    /**
     * What is absent stays.
     *
     * @param enabled whether a disabled one goes on where it was
     */
    public record Change(
            UUID endpoint, @Nullable String url, @Nullable Set<String> types, boolean enabled) {
        public Change {
            types = types == null ? null : EndpointForm.types(types);
        }
    }

    private final EndpointStore endpoints;
    private final EndpointForm form;

    ChangeEndpoint(EndpointStore endpoints, EndpointForm form) {
        this.endpoints = endpoints;
        this.form = form;
    }

    @Override
    public String action() {
        return "webhooks.change";
    }

    @Override
    public Class<Change> payload() {
        return Change.class;
    }

    @Override
    public String resource(Change change) {
        return change.endpoint().toString();
    }

    /**
     * All that may be changed, as it is.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_TARGET_REFUSED, WEBHOOK_ENDPOINT_STATE
     */
    @Override
    public String basis(Change change) {
        var endpoint = endpoint(change);
        if (change.url() != null) {
            form.requireForm(change.url());
        }
        if (change.enabled() && endpoint.state() != EndpointState.DISABLED) {
            throw WEBHOOK_ENDPOINT_STATE.because("It is not disabled.");
        }
        return endpoint.url() + " " + new TreeSet<>(endpoint.types()) + " " + endpoint.state();
    }

    @Override
    public Object state(Change change) {
        return endpoint(change).view();
    }

    @Override
    @Transactional
    public void carryOut(Change change, Agreed agreed) {
        endpoints.lock(change.endpoint());
        var endpoint = endpoint(change);
        endpoints.change(
                endpoint.id(),
                change.url() == null ? endpoint.url() : change.url(),
                change.types() == null ? endpoint.types() : change.types());
        if (change.enabled()) {
            endpoints.enable(endpoint.id());
        }
    }

    private Endpoint endpoint(Change change) {
        return endpoints
                .find(change.endpoint())
                .orElseThrow(() -> WEBHOOK_ENDPOINT_NOT_FOUND.because("No " + change.endpoint()));
    }
}
