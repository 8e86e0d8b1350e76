package kvit.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModeDefaultsTest {
    private static final Map<String, String> NOTHING = Map.of();

    @Test
    void whoeverNamesNoDatabaseGetsASandbox() {
        assertThat(value(NOTHING, "kvit.mode")).isEqualTo("sandbox");
        assertThat(value(NOTHING, "kvit.sms.gateway")).isEqualTo("inbox");
        assertThat(value(NOTHING, "quarkus.log.console.json.enabled")).isEqualTo("false");
    }

    @Test
    void whoeverNamesADatabaseMeansBusiness() {
        Map<String, String> configured = Map.of("quarkus.datasource.jdbc.url", "jdbc:somewhere");
        assertThat(value(configured, "kvit.mode")).isEqualTo("live");
        assertThat(value(configured, "kvit.sms.gateway")).isNull();
        assertThat(value(configured, "quarkus.log.console.json.enabled")).isEqualTo("true");
    }

    @Test
    void theBundledDatabaseMakesNobodyLive() {
        Map<String, String> configured =
                Map.of(
                        "quarkus.datasource.jdbc.url", "jdbc:bundled",
                        "kvit.postgres.bundled", "true");
        assertThat(value(configured, "kvit.mode")).isEqualTo("sandbox");
    }

    @Test
    void anEmptyUrlIsNoDatabase() {
        assertThat(value(Map.of("quarkus.datasource.jdbc.url", ""), "kvit.mode"))
                .isEqualTo("sandbox");
    }

    @Test
    void theModeCanBeNamed() {
        Map<String, String> configured =
                Map.of(
                        "quarkus.datasource.jdbc.url", "jdbc:somewhere",
                        "kvit.mode", "sandbox");
        assertThat(value(configured, "kvit.mode")).isEqualTo("sandbox");
        assertThat(value(configured, "kvit.sms.gateway")).isEqualTo("inbox");
        assertThat(value(Map.of("kvit.mode", "live"), "kvit.sms.gateway")).isNull();
    }

    @Test
    void whatTheUserConfiguresWins() {
        Map<String, String> configured = Map.of("kvit.sms.gateway", "twilio");
        assertThat(value(configured, "kvit.sms.gateway")).isEqualTo("twilio");
    }

    @Test
    void anUnknownModeIsRefused() {
        assertThatThrownBy(() -> config(Map.of("kvit.mode", "prod")))
                .isInstanceOf(Refusal.class)
                .hasMessage("kvit.mode is 'prod', but the modes are: sandbox, live");
    }

    @Test
    void theBuildDoesNotDecideTheMode() {
        SmallRyeConfig build =
                new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(NOTHING, "Build system", 100))
                        .withSources(new ModeDefaults())
                        .build();
        assertThat(build.getConfigValue("kvit.mode").getValue()).isNull();
    }

    private static String value(Map<String, String> configured, String name) {
        return config(configured).getConfigValue(name).getValue();
    }

    private static SmallRyeConfig config(Map<String, String> configured) {
        int lowestOfAnyUser = 100;
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(configured, "user", lowestOfAnyUser))
                .withSources(new ModeDefaults())
                .build();
    }
}
