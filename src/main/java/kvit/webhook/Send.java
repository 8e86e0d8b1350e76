package kvit.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Sends one message to an endpoint, signed, to an address that was looked at. */
@ApplicationScoped
class Send {

    private final PostMessage postMessage;
    private final EndpointSecrets secrets;
    private final Addresses addresses;
    private final WebhookConfig config;
    private final Clock clock;

    Send(
            PostMessage postMessage,
            EndpointSecrets secrets,
            Addresses addresses,
            WebhookConfig config,
            Clock clock) {
        this.postMessage = postMessage;
        this.secrets = secrets;
        this.addresses = addresses;
        this.config = config;
        this.clock = clock;
    }

    /**
     * As it is today: what may be called is a setting.
     *
     * @throws Problem WEBHOOK_TARGET_REFUSED
     */
    Target target(Endpoint endpoint) {
        return Target.of(endpoint.url(), config.privateTargets());
    }

    List<InetAddress> addresses(Target target) throws Addresses.NoAddress {
        return addresses.of(target.host());
    }

    /**
     * Never fails.
     *
     * @param address one of those of the target
     */
    CompletableFuture<Answer> post(
            Endpoint endpoint, Target target, InetAddress address, UUID id, String body) {
        // Receivers compare it with their clocks, which nobody sets forward.
        var seconds = clock.worldTime().getEpochSecond();
        var signatures =
                secrets.sign(
                        endpoint.id(),
                        endpoint.salts(clock.instant()),
                        id.toString(),
                        seconds,
                        body);
        return postMessage.post(
                target,
                address,
                Map.of(
                        "Content-Type",
                        "application/json",
                        "User-Agent",
                        "Kvit-Webhooks/1",
                        "webhook-id",
                        id.toString(),
                        "webhook-timestamp",
                        Long.toString(seconds),
                        "webhook-signature",
                        signatures),
                body);
    }
}
