package kvit.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
        config.computeIfPresent(URL, (name, url) -> throughProxy(url));
        config.putAll(SandboxKeys.ensure(DIRECTORY));
        config.put("kvit.mode", "sandbox");
        config.put("kvit.card.stripe.webhook-secrets", "whsec_of_tests,whsec_of_tests_before");
        config.put("quarkus.http.test-port", "0");
        return config;
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
