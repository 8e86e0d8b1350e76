package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import kvit.packaged.Postgres.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof that {@link CrashIT} is able to fail: with a PostgreSQL that promises more than it has
 * written, the same load finds that acknowledged transfers are lost.
 */
@Tag("long")
class CrashControlIT {

    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());
    private static final int ATTEMPTS = 5;
    private static final int BEFORE_THE_KILL = 300;

    @TempDir Path folder;

    @Test
    void acknowledgedTransfersAreLostWhereCommitsAreNotWrittenAtOnce() throws Exception {
        try (var service =
                        Service.in(folder)
                                .quick()
                                .with(
                                        "quarkus.datasource.jdbc.new-connection-sql",
                                        "set synchronous_commit = off")
                                .start();
                var load = new Load(service, SEED)) {
            writeLate(service);
            for (var attempt = 1; ; attempt++) {
                load.start();
                load.awaitAcknowledged(BEFORE_THE_KILL);
                service.postgres().signalAll("KILL");
                load.stop();
                var verdict = load.verdict();

                System.out.printf("Killed a PostgreSQL that writes late: %s%n", verdict);
                if (verdict.lost() > 0) {
                    // Only the end of the past is lost: what is left of it agrees with itself.
                    assertThat(verdict.duplicated()).isZero();
                    assertThat(verdict.eventless()).isZero();
                    // People miss what they were told that they have.
                    assertThat(verdict.unbalanced()).isPositive();
                    return;
                }
                assertThat(attempt).as("attempts without a loss").isLessThan(ATTEMPTS);
            }
        }
    }

    /** From now on when the buffers are full, and not by the clock. */
    private static void writeLate(Service service) throws SQLException {
        service.postgres()
                .run(
                        Role.SUPERUSER,
                        "alter system set wal_writer_delay = '10s'",
                        "alter system set wal_writer_flush_after = '1GB'",
                        "select pg_reload_conf()",
                        // The people themselves are not to be lost.
                        "checkpoint");
    }
}
