package kvit.boot;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Kvit provides for itself where the configuration names nothing: the bundled PostgreSQL and,
 * in sandbox mode, the keys. Quarkus gets them as system properties, which hide nothing because the
 * user configured none of them.
 */
final class Provisions implements AutoCloseable {
    /**
     * Set for as long as provisions exist in this JVM. Dev mode calls {@code main} again as soon as
     * the service has stopped, in a new class loader, and a system property is all that the new
     * {@code main} sees of the old one.
     */
    private static final String IN_USE = "kvit.provisions";

    private static final Duration PREDECESSOR_ENDS_WITHIN = Duration.ofSeconds(60);
    private static final int SERVICE_ENDS_WITHIN_SECONDS = 60;

    private final Set<String> given = new HashSet<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread shutdownHook = new Thread(this::closeAfterService, "kvit-shutdown");
    private @Nullable BundledPostgres postgres;
    private volatile boolean jvmEnds;

    /** Refuses a live configuration that is incomplete; completes one for the sandbox. */
    void provide() {
        awaitPredecessor();
        give(Map.of(IN_USE, "true"));

        SmallRyeConfig config = readConfig();
        Path directory = Path.of(value(config, SandboxKeys.DIRECTORY).orElse(".kvit"));
        if (Mode.of(value(config, Mode.PROPERTY).orElse("")) == Mode.LIVE) {
            List<String> faults =
                    LiveSettings.faults(
                            name -> value(config, name), SandboxKeys.existing(directory));
            if (!faults.isEmpty()) {
                throw new Refusal(Refusal.ofLiveMode(faults));
            }
            return;
        }
        if (value(config, BundledPostgres.URL).isEmpty()) {
            startPostgres(
                    value(config, BundledPostgres.DIRECTORY)
                            .map(Path::of)
                            .orElse(directory.resolve("postgres")));
        }
        Set<String> missing = new HashSet<>(SandboxKeys.PROPERTIES);
        missing.removeIf(name -> value(config, name).isPresent());
        if (!missing.isEmpty()) {
            Map<String, String> keys = SandboxKeys.ensure(directory);
            keys.keySet().retainAll(missing);
            give(keys);
        }
    }

    private void startPostgres(Path directory) {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        BundledPostgres started = BundledPostgres.start(directory);
        postgres = started;
        if (jvmEnds) {
            throw new Refusal("Kvit was stopped before it had started.");
        }
        give(started.config());
    }

    private void give(Map<String, String> properties) {
        properties.forEach(System::setProperty);
        given.addAll(properties.keySet());
    }

    /**
     * Reads what Quarkus will read, from a configuration of our own: asking {@code
     * ConfigProvider.getConfig()} would create the one that Quarkus keeps, before we had our say.
     */
    private static SmallRyeConfig readConfig() {
        return ConfigUtils.configBuilder().build();
    }

    private static Optional<String> value(SmallRyeConfig config, String name) {
        return config.getOptionalValue(name, String.class);
    }

    /** Called more than once on some ways out; the first call counts. */
    @Override
    public synchronized void close() {
        if (ended.getCount() == 0) {
            return;
        }
        if (postgres != null) {
            postgres.close();
        }
        boolean inUse = given.remove(IN_USE);
        given.forEach(System::clearProperty);
        if (inUse) {
            // Last, because a successor waits for it.
            System.clearProperty(IN_USE);
        }
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // Then the hook runs by itself and finds nothing left to do.
        }
    }

    /**
     * On SIGTERM the JVM runs its hooks, ours and Quarkus', side by side and exits after the last.
     * Requests that Quarkus is still finishing need the database, so this one waits until {@code
     * main} has closed everything; and the JVM waits for this one.
     */
    private void closeAfterService() {
        jvmEnds = true;
        try {
            if (ended.await(SERVICE_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private static void awaitPredecessor() {
        if (!Waiting.until(() -> System.getProperty(IN_USE) == null, PREDECESSOR_ENDS_WITHIN)) {
            throw new Refusal("The Kvit that ran before in this JVM does not end.");
        }
    }
}
