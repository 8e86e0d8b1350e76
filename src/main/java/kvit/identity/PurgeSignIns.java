package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import kvit.source.Clock;

/** Forgets what nobody needs any more: old sign-ins, and refresh tokens that have expired. */
@ApplicationScoped
class PurgeSignIns {

    private static final int PORTION = 1_000;

    private final SignIns signIns;
    private final RefreshTokens refreshTokens;
    private final IdentityConfig config;
    private final Clock clock;

    PurgeSignIns(SignIns signIns, RefreshTokens refreshTokens, IdentityConfig config, Clock clock) {
        this.signIns = signIns;
        this.refreshTokens = refreshTokens;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "1h",
            delayed = "2m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void purge() {
        var before = clock.instant().minus(config.signInRetention());
        var purged = PORTION;
        while (purged == PORTION) {
            purged = QuarkusTransaction.requiringNew().call(() -> signIns.purge(before, PORTION));
        }
        QuarkusTransaction.requiringNew()
                .run(() -> refreshTokens.delete("expiresAt < ?1", clock.instant()));
    }
}
