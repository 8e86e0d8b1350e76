package kvit.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import kvit.boot.BundledPostgres;
import kvit.packaged.Postgres;
import kvit.source.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A new key wraps thousands of cards while they are read, and whoever does it is killed; {@code
 * -Dkvit.rotation.cards} many.
 */
@Tag("long")
class RotationIT {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

    private static final int CARDS = Integer.getInteger("kvit.rotation.cards", 1_500);

    /** Far from both ends, so that it dies in the middle however late the kill comes. */
    private static final int KILLED_AT = CARDS / 5;

    private static final int READERS = 2;
    private static final long BETWEEN_READS_NANOS = 1_000_000;

    private final String one = newKey();
    private final String two = newKey();
    private final String fingerprintKey = newKey();
    private final Vault before = vault(List.of("1:" + one), 1);
    private final Vault both = vault(List.of("1:" + one, "2:" + two), 1);
    private final Vault after = vault(List.of("2:" + two), 2);
    private final List<Vault.Owner> cards = new ArrayList<>();

    @TempDir Path folder;

    @Test
    void allCardsAreWrappedAnewAndReadableAllTheTimeHoweverOftenItIsKilled() throws Exception {
        Postgres.provideBinariesIn(folder.resolve("postgres"));
        try (var postgres = BundledPostgres.start(folder.resolve("postgres"))) {
            var database = postgres.config();
            // The first one finds no tables, so it makes them, and nothing to do.
            assertThat(rotate(database, "first").waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(log("first")).contains("0 cards wrapped anew");
            try (var connection = connect(database)) {
                insert(connection);
                var ended = new AtomicBoolean();
                var readers = Executors.newFixedThreadPool(READERS);
                var reading = new ArrayList<Future<Long>>();
                for (var i = 0; i < READERS; i++) {
                    reading.add(readers.submit(() -> read(database, ended)));
                }

                var killed = rotate(database, "killed");
                await().pollInterval(Duration.ofMillis(2))
                        .atMost(ENDS_WITHIN)
                        .until(() -> wrappedByTwo(connection) >= KILLED_AT);
                killed.destroyForcibly().onExit().join();
                // What it sent last may still be carried out: PostgreSQL outlives its client.
                await().atMost(ENDS_WITHIN).until(() -> sessions(connection) == 1 + READERS);
                var done = wrappedByTwo(connection);
                assertThat(done).isBetween(KILLED_AT, CARDS - 1);
                assertAllOpen(connection, both);

                var again = rotate(database, "again");
                assertThat(again.waitFor(2, TimeUnit.MINUTES)).isTrue();
                ended.set(true);

                assertThat(again.exitValue()).isZero();
                assertThat(log("again")).contains((CARDS - done) + " cards wrapped anew");
                assertThat(wrappedByTwo(connection)).isEqualTo(CARDS);
                assertAllOpen(connection, after);
                for (var reader : reading) {
                    assertThat(reader.get()).isGreaterThan(CARDS / 2);
                }
                readers.shutdownNow();
                System.out.printf("killed after %d of %d cards%n", done, CARDS);
            }
        }
    }

    private Process rotate(Map<String, String> database, String name) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        database.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dkvit.mode=sandbox");
        command.add("-Dkvit.card.keys=1:" + one + ",2:" + two);
        command.add("-Dkvit.card.key-version=2");
        command.add("-Dkvit.card.fingerprint-key=" + fingerprintKey);
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString(), "rotate-card-keys"));
        return new ProcessBuilder(command)
                .directory(Files.createDirectories(folder.resolve("command")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    private static Connection connect(Map<String, String> database) throws SQLException {
        return DriverManager.getConnection(
                database.get("quarkus.datasource.jdbc.url"),
                database.get("quarkus.datasource.username"),
                database.get("quarkus.datasource.password"));
    }

    private void insert(Connection connection) throws SQLException {
        var now = Instant.parse("2026-11-22T00:00:00Z");
        var ids = Ids.at(() -> now);
        var customer = ids.next();
        try (var insert =
                connection.prepareStatement(
                        """
                        insert into customer (id, phone, country, locale, visibility, state, tier, created_at)
                        values (?, '+12025550100', 'US', 'en', 'PRIVATE', 'ACTIVE', 'PHONE', ?)
                        """)) {
            insert.setObject(1, customer);
            insert.setTimestamp(2, Timestamp.from(now));
            insert.execute();
        }
        connection.setAutoCommit(false);
        try (var insert =
                connection.prepareStatement(
                        """
                        insert into card (id, customer, state, brand, last4, expiry, sealed, wrapped_key,
                                          key_version, fingerprint, exclusive, reference,
                                          funding, created_at, activated_at)
                        values (?, ?, 'ACTIVE', 'VISA', ?, date '2035-12-01', ?, ?, ?, ?, true, 'there',
                                'DEBIT', ?, ?)
                        """)) {
            for (var i = 0; i < CARDS; i++) {
                var owner = new Vault.Owner(ids.next(), customer);
                var number = CardNumber.parse(TestCards.next()).orElseThrow();
                var sealed = before.seal(owner, number, "Anna");
                insert.setObject(1, owner.card());
                insert.setObject(2, owner.customer());
                insert.setString(3, number.last4());
                insert.setBytes(4, sealed.content());
                insert.setBytes(5, sealed.wrappedKey());
                insert.setInt(6, sealed.keyVersion());
                insert.setBytes(7, before.fingerprint(number));
                insert.setTimestamp(8, Timestamp.from(now));
                insert.setTimestamp(9, Timestamp.from(now));
                insert.addBatch();
                cards.add(owner);
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** One after the other in no order; fails with the first card that does not open. */
    private long read(Map<String, String> database, AtomicBoolean ended) throws SQLException {
        var random = new Random();
        var read = 0L;
        try (var connection = connect(database)) {
            while (!ended.get()) {
                open(connection, both, cards.get(random.nextInt(CARDS)));
                read++;
                // Without it, two readers have both processors, and all else waits for them.
                LockSupport.parkNanos(BETWEEN_READS_NANOS);
            }
        }
        return read;
    }

    private static void open(Connection connection, Vault vault, Vault.Owner owner)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "select sealed, wrapped_key, key_version, last4 from card where id = ?")) {
            select.setObject(1, owner.card(), java.sql.Types.OTHER);
            try (var row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                var sealed = new Vault.Sealed(row.getBytes(1), row.getBytes(2), row.getInt(3));
                assertThat(vault.open(owner, sealed).number().last4()).isEqualTo(row.getString(4));
            }
        }
    }

    private void assertAllOpen(Connection connection, Vault vault) throws SQLException {
        for (var card : cards) {
            open(connection, vault, card);
        }
    }

    private static int sessions(Connection connection) throws SQLException {
        try (var select = connection.createStatement();
                var row =
                        select.executeQuery(
                                "select count(*) from pg_stat_activity"
                                        + " where datname = current_database()"
                                        + " and backend_type = 'client backend'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int wrappedByTwo(Connection connection) throws SQLException {
        try (var select = connection.createStatement();
                var row = select.executeQuery("select count(*) from card where key_version = 2")) {
            row.next();
            return row.getInt(1);
        }
    }

    private Vault vault(List<String> keys, int version) {
        return new Vault(new CardKeys(keys, version, fingerprintKey));
    }

    private static String newKey() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
