package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Callable;
import kvit.source.Clock;

/** Forgets what nobody needs any more: old sign-ins and codes, refresh tokens that have expired. */
@ApplicationScoped
class PurgeSignIns {

    private static final int PORTION = 1_000;

    private final SignIns signIns;
    private final RefreshTokens refreshTokens;
    private final ConfirmationStore confirmations;
    private final IdentityConfig config;
    private final Clock clock;

    PurgeSignIns(
            SignIns signIns,
            RefreshTokens refreshTokens,
            ConfirmationStore confirmations,
            IdentityConfig config,
            Clock clock) {
        this.signIns = signIns;
        this.refreshTokens = refreshTokens;
        this.confirmations = confirmations;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "1h",
            delayed = "2m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void purge() {
        var now = clock.instant();
        inPortions(() -> signIns.purge(now.minus(config.signInRetention()), PORTION));
        inPortions(() -> confirmations.purge(now.minus(config.signInRetention()), PORTION));
        inPortions(() -> refreshTokens.purge(now, PORTION));
    }

    /** A statement over all of them would one day take longer than a statement may. */
    private static void inPortions(Callable<Integer> purge) {
        var purged = PORTION;
        while (purged == PORTION) {
            purged = QuarkusTransaction.requiringNew().call(purge);
        }
    }
}
