package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.source.Clock;

/** Whom a front end can reach. */
@ApplicationScoped
public class Presence {

    private final Database database;
    private final IdentityConfig config;
    private final Clock clock;

    Presence(Database database, IdentityConfig config, Clock clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Those of them who are signed in nowhere: their last session was ended or has run out, so that
     * no front end has heard of them lately and a message is all that reaches them.
     */
    public List<UUID> away(Collection<UUID> customers) {
        return database.query(
                """
                select p.customer
                  from unnest(?) as p (customer)
                 cross join lateral (select exists (select from session s
                                                     where s.customer = p.customer
                                                       and s.revoked_at is null
                                                       and s.last_used_at > ?) as here
                                     offset 0) s
                 where not s.here
                """,
                in -> in.uuids(customers).time(clock.instant().minus(config.refreshTokenLife())),
                row -> row.getObject(1, UUID.class));
    }
}
