package kvit.identity;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.spi.Converter;

/** Configurations that differ from the running service's. */
final class TestConfig {

    private TestConfig() {}

    /** The defaults of live mode, and what is named instead, such as {@code sends.per-phone}. */
    static IdentityConfig identity(Map<String, String> instead) {
        var values = new HashMap<String, String>();
        values.put("kvit.identity.signing-key", "unused.pem");
        values.put("kvit.identity.pin-pepper", "dW51c2Vk");
        instead.forEach((name, value) -> values.put("kvit.identity." + name, value));
        return new SmallRyeConfigBuilder()
                .withConverter(Path.class, 100, (Converter<Path>) Path::of)
                .withMapping(IdentityConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build()
                .getConfigMapping(IdentityConfig.class);
    }
}
