package kvit.operate;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKey;
import kvit.database.Database;
import kvit.source.Clock;
import kvit.source.Secrets;
import org.jboss.logging.Logger;

/**
 * The table audit_seal: how far the chain of the audit trail had got now and then. Whoever has all
 * rights in the database can write the chain anew, and has no key to seal it with. Each seal is
 * logged, too, for who takes seals away: the log is kept by somebody else.
 */
@ApplicationScoped
class AuditSeals {

    private static final Logger LOG = Logger.getLogger(AuditSeals.class);

    private static final int KEY_NAME_BYTES = 8;

    /** One of them, its digest in hex, and whether it can be said whose it is. */
    record Seal(long number, String digest, boolean isOfThisKey, boolean isGenuine) {}

    private final Database database;
    private final SecretKey key;
    private final String keyName;
    private final Clock clock;

    AuditSeals(Database database, Secrets secrets, Clock clock) {
        this.database = database;
        this.key = secrets.keyFor("audit-seal");
        this.keyName =
                HexFormat.of()
                        .formatHex(
                                Arrays.copyOf(
                                        Secrets.hmac(key)
                                                .doFinal("name".getBytes(StandardCharsets.UTF_8)),
                                        KEY_NAME_BYTES));
        this.clock = clock;
    }

    private record Head(long number, String digest) {}

    /** Seals what has come since the last time, if anything has. */
    @Scheduled(
            every = "1h",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void seal() {
        database.find(
                        "select number, encode(digest, 'hex') from audit_head where number > 0",
                        in -> {},
                        row -> new Head(row.getLong(1), row.getString(2)))
                .ifPresent(this::seal);
    }

    private void seal(Head head) {
        var at = clock.instant();
        // Of many replicas the first one seals a place.
        var isNew =
                database.update(
                        """
                        insert into audit_seal (number, digest, at, mac, key) values (?, ?, ?, ?, ?)
                        on conflict do nothing
                        """,
                        in ->
                                in.number(head.number())
                                        .bytes(HexFormat.of().parseHex(head.digest()))
                                        .time(at)
                                        .bytes(mac(head.number(), head.digest(), at))
                                        .text(keyName));
        if (isNew == 1) {
            LOG.infof("audit trail sealed: number %d, digest %s", head.number(), head.digest());
        }
    }

    List<Seal> all() {
        return database.query(
                "select number, encode(digest, 'hex'), at, mac, key from audit_seal order by"
                        + " number",
                in -> {},
                row -> {
                    var number = row.getLong(1);
                    var digest = row.getString(2);
                    var at = row.getObject(3, OffsetDateTime.class).toInstant();
                    return new Seal(
                            number,
                            digest,
                            row.getString(5).equals(keyName),
                            MessageDigest.isEqual(row.getBytes(4), mac(number, digest, at)));
                });
    }

    private byte[] mac(long number, String digest, Instant at) {
        var mac = Secrets.hmac(key);
        mac.update(
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(number)
                        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                        .array());
        return mac.doFinal(HexFormat.of().parseHex(digest));
    }
}
