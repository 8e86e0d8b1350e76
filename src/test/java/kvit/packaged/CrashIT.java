package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import kvit.packaged.Load.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was acknowledged outlives whatever dies, the service or its PostgreSQL, under load. A few
 * deaths of each by default; {@code -Dkvit.crash.kills=20 -Dkvit.crash.postgres-kills=5} for many.
 *
 * <p>That this test is able to fail is what {@link CrashControlIT} shows.
 */
@Tag("long")
class CrashIT {

    private enum Victim {
        SERVICE,
        POSTGRES
    }

    private static final int SERVICE_KILLS = Integer.getInteger("kvit.crash.kills", 3);
    private static final int POSTGRES_KILLS = Integer.getInteger("kvit.crash.postgres-kills", 1);
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());

    /** Transfers between two deaths; how many exactly is random. */
    private static final int BETWEEN_KILLS = 200;

    @TempDir Path folder;

    @Test
    void whatWasAcknowledgedIsThereOnceWhoeverDies() throws Exception {
        // Tokens that last: in the long form people would have to sign in again.
        var life = "kvit.identity.access-token-life";
        try (var service = Service.in(folder).quick().with(life, "PT3H").start();
                var load = new Load(service, SEED)) {
            load.start();
            var random = new Random(SEED);
            for (var victim : victims(random)) {
                load.awaitAcknowledged(BETWEEN_KILLS + random.nextInt(BETWEEN_KILLS));
                if (victim == Victim.SERVICE) {
                    service.kill();
                    service.start();
                } else {
                    service.postgres().signalAll("KILL");
                }
            }
            load.awaitAcknowledged(BETWEEN_KILLS);
            load.stop();
            var verdict = load.verdict();

            System.out.printf(
                    "Killed the service %d and PostgreSQL %d times (-Dkvit.seed=%d): %s%n",
                    SERVICE_KILLS, POSTGRES_KILLS, SEED, verdict);
            assertThat(verdict)
                    .isEqualTo(new Verdict(verdict.acknowledged(), verdict.retried(), 0, 0, 0, 0));
            assertThat(verdict.acknowledged()).isGreaterThan(BETWEEN_KILLS);
            // Each death met requests that were under way, or the test has shown nothing.
            assertThat(verdict.retried()).isGreaterThan(SERVICE_KILLS + POSTGRES_KILLS);
        }
    }

    private static Iterable<Victim> victims(Random random) {
        var victims = new ArrayList<>(Collections.nCopies(SERVICE_KILLS, Victim.SERVICE));
        victims.addAll(Collections.nCopies(POSTGRES_KILLS, Victim.POSTGRES));
        Collections.shuffle(victims, random);
        return victims;
    }
}
