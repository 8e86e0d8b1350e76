package kvit.boot;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Gives {@code kvit.mode} a value when the user gave it none, and the settings whose default
 * depends on the mode: {@code kvit-sandbox.properties} or {@code kvit-live.properties}.
 *
 * <p>They are defaults and rank below everything that can be configured. A setting that {@code
 * application.properties} mentions is therefore the same in both modes.
 */
public class ModeDefaults implements ConfigSourceFactory {
    /** Below every source of the user's, the lowest of which is at 100. */
    private static final int ORDINAL = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        if (isBuild(context)) {
            return List.of();
        }
        Mode mode = mode(context);
        Properties defaults = read("/kvit-" + mode + ".properties");
        defaults.setProperty(Mode.PROPERTY, mode.toString());
        return List.of(new PropertiesConfigSource(defaults, "defaults of " + mode, ORDINAL));
    }

    /**
     * The build reads the configuration, too, and notes what it finds as defaults of the jar; those
     * of the mode that it happened to be in would then hold in the other mode as well. Only the
     * build has a source for the properties of Maven.
     */
    private static boolean isBuild(ConfigSourceContext context) {
        return context.getConfigSources().stream()
                .anyMatch(source -> source.getName().contains("Build system"));
    }

    /**
     * A database of the user's own means business; the bundled one has a URL, too, once it runs.
     */
    private static Mode mode(ConfigSourceContext context) {
        String configured = value(context, Mode.PROPERTY);
        if (!configured.isEmpty()) {
            return Mode.of(configured);
        }
        boolean bundled = value(context, BundledPostgres.MARKER).equals("true");
        boolean ownDatabase = !bundled && !value(context, BundledPostgres.URL).isEmpty();
        return ownDatabase ? Mode.LIVE : Mode.SANDBOX;
    }

    private static String value(ConfigSourceContext context, String name) {
        ConfigValue found = context.getValue(name);
        return found == null || found.getValue() == null ? "" : found.getValue();
    }

    private static Properties read(String resource) {
        Properties properties = new Properties();
        try (InputStream in = ModeDefaults.class.getResourceAsStream(resource)) {
            properties.load(Objects.requireNonNull(in, resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
