package kvit.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private BundledPostgres postgres;

    @Override
    public Map<String, String> start() {
        forgetEarlierRuns();
        postgres = BundledPostgres.start(DIRECTORY.resolve("postgres"));
        var config = new HashMap<>(postgres.config());
        config.putAll(SandboxKeys.ensure(DIRECTORY));
        config.put("kvit.mode", "sandbox");
        config.put("quarkus.http.test-port", "0");
        return config;
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
        if (postgres != null) {
            postgres.close();
        }
    }
}
