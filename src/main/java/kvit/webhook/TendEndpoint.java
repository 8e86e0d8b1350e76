package kvit.webhook;

import static kvit.webhook.WebhookProblem.WEBHOOK_DELIVERY_NOT_FOUND;
import static kvit.webhook.WebhookProblem.WEBHOOK_ENDPOINT_NOT_FOUND;
import static kvit.webhook.WebhookProblem.WEBHOOK_ENDPOINT_STATE;
import static kvit.webhook.WebhookProblem.WEBHOOK_SECRET_NOT_AGREED;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.notice.Notices;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** What one operator may do alone about an endpoint, each time with a row in the audit trail. */
@ApplicationScoped
class TendEndpoint {

    /** Of one request; what is left another one sends again. */
    private static final int REPLAYED_MAX = 1_000;

    private final EndpointStore endpoints;
    private final DeliveryStore deliveries;
    private final LaneStore lanes;
    private final EndpointSecrets secrets;
    private final Send send;
    private final Notices notices;
    private final AuditTrail audit;
    private final WebhookConfig config;
    private final Clock clock;
    private final Ids ids;

    TendEndpoint(
            EndpointStore endpoints,
            DeliveryStore deliveries,
            LaneStore lanes,
            EndpointSecrets secrets,
            Send send,
            Notices notices,
            AuditTrail audit,
            WebhookConfig config,
            Clock clock,
            Ids ids) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.lanes = lanes;
        this.secrets = secrets;
        this.send = send;
        this.notices = notices;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Makes the secret to which two have agreed, and tells it this once. The one that it has goes
     * on signing for a while, if nobody else knows it.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_SECRET_NOT_AGREED
     */
    String drawSecret(UUID id, String reason) {
        return recorded(
                "webhooks.draw-secret",
                id,
                reason,
                () -> {
                    var endpoint = locked(id);
                    var now = clock.instant();
                    if (endpoint.drawUntil() == null || !now.isBefore(endpoint.drawUntil())) {
                        throw WEBHOOK_SECRET_NOT_AGREED.because("Ask for it; somebody agrees.");
                    }
                    var salt = secrets.newSalt();
                    endpoints.replaceSecret(
                            id,
                            salt,
                            endpoint.drawLeaked() ? null : now.plus(config.secretOverlap()),
                            notices.last());
                    return secrets.secret(id, salt);
                });
    }

    /**
     * Sends nothing there until two have agreed to go on.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_ENDPOINT_STATE
     */
    EndpointView disable(UUID id, String reason) {
        return recorded(
                "webhooks.disable",
                id,
                reason,
                () -> {
                    if (locked(id).state() == EndpointState.DISABLED) {
                        throw WEBHOOK_ENDPOINT_STATE.because("It is disabled.");
                    }
                    endpoints.disable(id, DisabledBecause.OPERATOR);
                    return endpoints.find(id).orElseThrow().view();
                });
    }

    /**
     * Sends a dead one again.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_DELIVERY_NOT_FOUND
     */
    int replay(UUID id, UUID delivery, String reason) {
        return recorded(
                "webhooks.replay",
                id,
                reason,
                () -> {
                    locked(id);
                    var revived = deliveries.revive(id, delivery);
                    if (revived.isEmpty()) {
                        throw WEBHOOK_DELIVERY_NOT_FOUND.because("None that is dead.");
                    }
                    return waiting(revived);
                });
    }

    /**
     * Sends dead ones again, those that were stored since then, the oldest of them.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND
     */
    int replay(UUID id, Instant since, String reason) {
        return recorded(
                "webhooks.replay",
                id,
                reason,
                () -> {
                    locked(id);
                    return waiting(deliveries.revive(id, since, REPLAYED_MAX));
                });
    }

    private int waiting(List<LaneStore.Added> revived) {
        if (!revived.isEmpty()) {
            lanes.add(revived, clock.instant());
        }
        return revived.stream().mapToInt(it -> Math.toIntExact(it.count())).sum();
    }

    /**
     * Sends a message that says nothing, and waits for what comes back.
     *
     * @throws Problem WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_TARGET_REFUSED, WEBHOOK_ENDPOINT_STATE
     */
    Answer test(UUID id, String reason) {
        var endpoint =
                recorded(
                        "webhooks.test",
                        id,
                        reason,
                        () -> {
                            var found = locked(id);
                            if (found.salt() == null) {
                                throw WEBHOOK_ENDPOINT_STATE.because("It has no secret yet.");
                            }
                            return found;
                        });
        var target = send.target(endpoint);
        try {
            var address = send.addresses(target).get(0);
            var body =
                    "{\"type\":\"webhook.test\",\"timestamp\":\"%s\",\"data\":{}}"
                            .formatted(clock.instant());
            return send.post(endpoint, target, address, ids.next(), body).join();
        } catch (Addresses.NoAddress e) {
            throw Target.refused(e.getMessage() + ".");
        }
    }

    private Endpoint locked(UUID id) {
        return endpoints
                .lock(id)
                .orElseThrow(() -> WEBHOOK_ENDPOINT_NOT_FOUND.because("No " + id + "."));
    }

    private <T> T recorded(String action, UUID id, String reason, Callable<T> work) {
        return audit.recording(action, id.toString(), reason, () -> shown(id), work);
    }

    private @Nullable EndpointView shown(UUID id) {
        return endpoints.find(id).map(Endpoint::view).orElse(null);
    }
}
