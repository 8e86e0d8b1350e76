package kvit.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import kvit.boot.BundledPostgres;
import kvit.boot.SandboxKeys;

/** The bundled PostgreSQL, fresh, in sandbox mode: one for all tests of a run. */
public class TestDatabase implements QuarkusTestResourceLifecycleManager {

    private static final Path DIRECTORY = Path.of("target", "kvit-test");

    private static final String URL = "quarkus.datasource.jdbc.url";

    private BundledPostgres postgres;
    private DatabaseProxy proxy;

    @Override
    public Map<String, String> start() {
        forgetEarlierRuns();
        postgres = BundledPostgres.start(DIRECTORY.resolve("postgres"));
        var config = new HashMap<>(postgres.config());
        hasten(config, "quarkus.datasource");
        hasten(config, "quarkus.flyway");
        config.computeIfPresent(URL, (name, url) -> throughProxy(url));
        config.putAll(SandboxKeys.ensure(DIRECTORY));
        config.put("kvit.mode", "sandbox");
        config.put("kvit.card.stripe.webhook-secrets", "whsec_of_tests,whsec_of_tests_before");
        config.put("kvit.webhook.look-every", "PT0.1S");
        config.put("quarkus.http.test-port", "0");
        return config;
    }

    /**
     * No COMMIT waits for the disk: nothing here outlives the machine. All else about a COMMIT is
     * as ever; those that kill PostgreSQL are in {@code kvit.packaged} and wait for the disk.
     */
    private static void hasten(Map<String, String> config, String role) {
        var name = config.get(role + ".username");
        try (var connection =
                        DriverManager.getConnection(
                                config.get(URL), name, config.get(role + ".password"));
                var statement = connection.createStatement()) {
            statement.execute("alter role " + name + " set synchronous_commit = off");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String throughProxy(String url) {
        var server = URI.create(url.substring("jdbc:".length()));
        proxy = DatabaseProxy.inFrontOf(server.getPort());
        return url.replace(":" + server.getPort() + "/", ":" + proxy.port() + "/");
    }

    /** The data, not the binaries: unpacking them takes longer than all the rest. */
    private static void forgetEarlierRuns() {
        var data = DIRECTORY.resolve("postgres").resolve("data");
        if (!Files.exists(data)) {
            return;
        }
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (proxy != null) {
            proxy.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }
}
