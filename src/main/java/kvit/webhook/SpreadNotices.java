package kvit.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.identity.ClientApps;
import kvit.identity.NoticeScopes;
import kvit.notice.Notice;
import kvit.notice.Notices;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts what concerns the customers of a front end into the lanes of its endpoints, and moves their
 * places in the same transaction: each notice once, and in the order of notices.
 */
@ApplicationScoped
class SpreadNotices {

    private static final Logger LOG = Logger.getLogger(SpreadNotices.class);

    /** Notices of one transaction: some ten milliseconds. */
    private static final int PORTION = 500;

    private final EndpointStore endpoints;
    private final DeliveryStore deliveries;
    private final LaneStore lanes;
    private final Notices notices;
    private final ClientApps clients;
    private final ObjectMapper json;
    private final Clock clock;

    SpreadNotices(
            EndpointStore endpoints,
            DeliveryStore deliveries,
            LaneStore lanes,
            Notices notices,
            ClientApps clients,
            ObjectMapper json,
            Clock clock) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.lanes = lanes;
        this.notices = notices;
        this.clients = clients;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A portion for each of these. Those that stand at the same place, which all do that are not
     * new or were away, share the work.
     *
     * @return whether there is more
     */
    boolean spread(List<Endpoint> active) {
        var last = notices.last();
        var byPlace =
                active.stream()
                        .filter(it -> it.place() < last)
                        .collect(
                                Collectors.groupingBy(
                                        Endpoint::place,
                                        TreeMap::new,
                                        Collectors.mapping(Endpoint::id, Collectors.toList())));
        var isMore = false;
        for (var group : byPlace.entrySet()) {
            try {
                isMore |=
                        QuarkusTransaction.requiringNew()
                                .call(() -> spread(group.getKey(), group.getValue()));
            } catch (RuntimeException e) {
                // The others must not wait for those that are furthest behind.
                LOG.warnf("webhooks: not spread from %d: %s", group.getKey(), e.getMessage());
            }
        }
        return isMore;
    }

    private boolean spread(long place, List<UUID> ids) {
        var there =
                endpoints.lock(ids).stream()
                        .filter(it -> it.isActive() && it.place() == place)
                        .toList();
        var portion = there.isEmpty() ? List.<Notice>of() : notices.after(place, PORTION);
        if (portion.isEmpty()) {
            return false;
        }
        var now = clock.instant();
        var made = made(there, portion, now);
        if (!made.isEmpty()) {
            deliveries.insert(made);
            lanes.add(added(made), now);
        }
        endpoints.moveTo(
                there.stream().map(Endpoint::id).toList(),
                portion.get(portion.size() - 1).number());
        return portion.size() == PORTION;
    }

    private List<Delivery> made(List<Endpoint> there, List<Notice> portion, Instant now) {
        var fronts = there.stream().map(Endpoint::client).distinct().toList();
        var scopes = clients.scopes(fronts);
        var known =
                clients.knownTo(fronts, portion.stream().map(Notice::customer).distinct().toList());
        var made = new ArrayList<Delivery>();
        for (var notice : portion) {
            var through = known.getOrDefault(notice.customer(), Set.of());
            @Nullable String body = null;
            for (var endpoint : there) {
                if (through.contains(endpoint.client())
                        && endpoint.wants(notice.type())
                        && mayHear(scopes.get(endpoint.client()), notice.type())) {
                    body = body == null ? body(notice) : body;
                    made.add(delivery(endpoint, notice, body, now));
                }
            }
        }
        return made;
    }

    /** What a front end could not look up it is not told either. */
    private static boolean mayHear(@Nullable Set<String> scopes, String type) {
        return scopes != null && NoticeScopes.of(type).filter(scopes::contains).isPresent();
    }

    private static Delivery delivery(Endpoint endpoint, Notice notice, String body, Instant now) {
        var fits = body.getBytes(StandardCharsets.UTF_8).length < Delivery.BODY_MAX;
        return new Delivery(
                notice.customer(),
                endpoint.id(),
                notice.number(),
                Ids.named(endpoint.id(), notice.id().toString()),
                notice.type(),
                body,
                fits ? DeliveryState.PENDING : DeliveryState.DEAD,
                0,
                null,
                null,
                fits ? null : "too large to be sent",
                now);
    }

    /** In the form that Standard Webhooks recommends. */
    private String body(Notice notice) {
        try {
            return json.writeValueAsString(
                    json.createObjectNode()
                            .put("type", notice.type())
                            .put("timestamp", notice.at().toString())
                            .put("customerId", notice.customer().toString())
                            .putRawValue("data", new RawValue(notice.data())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("notice " + notice.number(), e);
        }
    }

    private static List<LaneStore.Added> added(List<Delivery> made) {
        Map<List<UUID>, Long> counts = new HashMap<>();
        for (var delivery : made) {
            if (delivery.state() == DeliveryState.PENDING) {
                counts.merge(List.of(delivery.customer(), delivery.endpoint()), 1L, Long::sum);
            }
        }
        return counts.entrySet().stream()
                .map(
                        it ->
                                new LaneStore.Added(
                                        it.getKey().get(0), it.getKey().get(1), it.getValue()))
                .toList();
    }
}
