package kvit.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** The table session. */
@ApplicationScoped
class Sessions implements PanacheRepositoryBase<DeviceSession, UUID> {

    /** A user agent can be of any length; nobody reads more than that. */
    private static final int DEVICE_MAX = 200;

    private final RefreshTokens refreshTokens;
    private final AccessTokens accessTokens;
    private final ClientApps clients;
    private final IdentityConfig config;
    private final Clock clock;
    private final Ids ids;

    Sessions(
            RefreshTokens refreshTokens,
            AccessTokens accessTokens,
            ClientApps clients,
            IdentityConfig config,
            Clock clock,
            Ids ids) {
        this.refreshTokens = refreshTokens;
        this.accessTokens = accessTokens;
        this.clients = clients;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    TokensView open(Customer customer, String client, @Nullable String device) {
        var now = clock.instant();
        var opened = new DeviceSession();
        opened.id = ids.next();
        opened.customer = customer.id;
        opened.client = client;
        opened.device =
                device == null ? null : device.substring(0, Math.min(device.length(), DEVICE_MAX));
        opened.createdAt = now;
        opened.lastUsedAt = now;
        persist(opened);
        living(customer.id).stream().skip(config.sessionsMax()).forEach(it -> it.revoke(now));
        return tokens(opened, refreshTokens.first(opened.id, now));
    }

    /** What its front end may do is asked each time, so a change of that holds from here on. */
    TokensView tokens(DeviceSession of, String refreshToken) {
        var scopes = clients.find(of.client).orElseThrow().scopes;
        return new TokensView(
                accessTokens.issue(of.customer, of.id, of.client, scopes),
                "Bearer",
                config.accessTokenLife().toSeconds(),
                refreshToken,
                null);
    }

    /** The newest first. */
    List<DeviceSession> living(UUID customer) {
        return list(
                "customer = ?1 and revokedAt is null and lastUsedAt > ?2",
                Sort.descending("createdAt").and("id", Sort.Direction.Descending),
                customer,
                clock.instant().minus(config.refreshTokenLife()));
    }
}
