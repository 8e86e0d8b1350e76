package kvit.throttle;

import static jakarta.transaction.Transactional.TxType.NOT_SUPPORTED;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.sql.DataSource;
import kvit.database.Database;
import kvit.source.Clock;

/**
 * Counts what must not happen too often, by bucket4j in PostgreSQL, so that it holds across
 * replicas.
 */
@ApplicationScoped
public class RateLimits {

    /** So many in a period, counted from the first; then all of them are back. */
    public record Limit(long capacity, Duration period) {}

    private static final int PORTION = 1_000;

    private final Database database;
    private final Clock clock;
    private final ProxyManager<String> buckets;

    RateLimits(Database database, DataSource source, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.buckets =
                Bucket4jPostgreSQL.selectForUpdateBasedBuilder(source)
                        .primaryKeyMapper(PrimaryKeyMapper.STRING)
                        .table("rate_bucket")
                        .idColumn("id")
                        .stateColumn("state")
                        .expiresAtColumn("expires_at")
                        .expirationAfterWrite(
                                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(
                                        Duration.ofMinutes(1)))
                        .clientClock(new OurClock(clock))
                        .build();
    }

    /**
     * Takes from a bucket, or says how long to wait. In a transaction of bucket4j's own: what was
     * counted stays counted when the caller fails.
     */
    @Transactional(NOT_SUPPORTED)
    public Optional<Duration> take(String bucket, long amount, Limit limit) {
        if (amount > limit.capacity()) {
            return Optional.of(limit.period());
        }
        var probe =
                buckets.getProxy(named(bucket, limit), () -> configuration(limit))
                        .tryConsumeAndReturnRemaining(amount);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** What was taken in vain; never more than the bucket holds. */
    @Transactional(NOT_SUPPORTED)
    public void giveBack(String bucket, long amount, Limit limit) {
        buckets.getProxy(named(bucket, limit), () -> configuration(limit)).addTokens(amount);
    }

    /**
     * Whose address it is, as far as it tells people apart: one household has a whole IPv6 /64, so
     * addresses of the lower half are no different people.
     */
    public static String network(String address) {
        try {
            var bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes);
        } catch (UnknownHostException e) {
            return address;
        }
    }

    /** A bucket keeps the limit that it was made with; another limit is another bucket. */
    private static String named(String bucket, Limit limit) {
        return bucket + "@" + limit.capacity() + "/" + limit.period();
    }

    private static BucketConfiguration configuration(Limit limit) {
        return BucketConfiguration.builder()
                .addLimit(
                        it ->
                                it.capacity(limit.capacity())
                                        .refillIntervally(limit.capacity(), limit.period()))
                .build();
    }

    /** A bucket that is full again says nothing that a new one would not. */
    @Scheduled(
            every = "10m",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    public void purge() {
        var now = clock.instant().toEpochMilli();
        var purged = PORTION;
        while (purged == PORTION) {
            purged =
                    database.update(
                            """
                            delete from rate_bucket
                             where id in (select id from rate_bucket where expires_at < ? limit ?)
                               and expires_at < ?
                            """,
                            in -> in.number(now).number(PORTION).number(now));
        }
    }

    /** Limits follow our clock, as everything does: a sandbox set forward has empty counters. */
    private record OurClock(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return clock.instant().toEpochMilli() * 1_000_000;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
